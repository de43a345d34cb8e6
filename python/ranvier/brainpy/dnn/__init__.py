"""`bp.dnn`: layers that carry values and events."""
from .._names import absent
from .activations import *  # noqa: F401,F403
from .base import Layer  # noqa: F401
from .connections import (AllToAll, CSRLinear, EventCSRLinear, EventJitFPHomoLinear, EventJitFPNormalLinear,  # noqa: F401
                          EventJitFPUniformLinear, JitFPHomoLinear, JitFPNormalLinear, JitFPUniformLinear, MaskedLinear, OneToOne)
from .linear import Activation, Dense, Dropout, Flatten, FunAsLayer, Identity, Linear  # noqa: F401
from .recurrent import GRUCell, LSTMCell, RNNCell  # noqa: F401
from .reservoir import Reservoir  # noqa: F401

__getattr__ = absent(__name__, "bp.dnn")
