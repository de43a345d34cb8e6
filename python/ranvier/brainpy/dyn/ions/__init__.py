"""Ions and their concentrations."""
from ..._names import absent, public


__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.ions")
