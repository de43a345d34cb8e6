"""Synapses."""
from ..._names import absent, public
from .abstract import Expon  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.synapses")
