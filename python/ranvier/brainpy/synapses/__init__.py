"""`bp.synapses`: synapses between two groups (BrainPy's old interface)."""
from .._names import absent
from ..dyn.projections import AdditiveCoupling, DiffusiveCoupling  # noqa: F401
from .base import SynOut, SynSTP, TwoEndConn  # noqa: F401
from .abstract import (Alpha, AlphaCOBA, AlphaCUBA, Delta, DeltaSynapse, DualExpCOBA, DualExpCUBA, DualExponential,  # noqa: F401
                       ExpCOBA, ExpCUBA, Exponential, NMDA)
from .biological import AMPA, BioNMDA, GABAa, GapJunction, STP  # noqa: F401

__getattr__ = absent(__name__, "bp.synapses")
