"""Synapses."""
from ..._names import absent, public
from .abstract import Alpha, Delta, DualExpon, DualExponV2, Expon, NMDA, STD, STP  # noqa: F401
from .biological import AMPA, BioNMDA, GABAa  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.synapses")
