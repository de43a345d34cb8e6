"""Groups that are sources, or hold noise and simple integrators."""
from ..._names import absent, public


__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.others")
