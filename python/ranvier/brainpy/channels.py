"""`bp.channels`: the ion channels and ions of `bp.dyn`."""
from ._names import absent
from .dyn.channels import *  # noqa: F401,F403
from .dyn.ions import *  # noqa: F401,F403

__getattr__ = absent(__name__, "bp.channels")
