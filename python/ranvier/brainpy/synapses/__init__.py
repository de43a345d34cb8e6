"""`bp.synapses`: synapses between two groups (BrainPy's old interface)."""
from .._names import absent
from .abstract import Exponential  # noqa: F401
from .base import TwoEndConn  # noqa: F401

__getattr__ = absent(__name__, "bp.synapses")
