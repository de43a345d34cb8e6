"""`bp.rates` (BrainPy's old interface)."""
from .._names import absent

__getattr__ = absent(__name__, "bp.rates")
