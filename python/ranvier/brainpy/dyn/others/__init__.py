"""Sources, and elements simpler than neurons."""
from ..._names import absent, public
from .simple import Integrator, Leaky, OUProcess  # noqa: F401
from .sources import InputGroup, OutputGroup, PoissonGroup, SpikeTimeGroup  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.others")
