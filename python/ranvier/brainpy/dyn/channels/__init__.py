"""Ion channels."""
from ..._names import absent, public
from .leaky import IL  # noqa: F401
from .potassium import IK_TM1991  # noqa: F401
from .sodium import INa_TM1991  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.channels")
