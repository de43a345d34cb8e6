"""Neurons."""
from ..._names import absent, public
from .conductance import CondNeuGroupLTC  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.neurons")
