"""`ranvier.brainpy.math`: BrainPy's arrays, Variables, functions, random numbers and loops."""
from .._array import Array, Parameter, TrainVar, Variable, VariableView
from .._errors import UnsupportedError as _Unsupported
from .._graph import mode as _mode
from .environment import *  # noqa: F401,F403
from .functions import *  # noqa: F401,F403
from .control import (cond, for_loop, ifelse, jit, pre2post_csr_event_sum, pre2post_event_sum, scan, while_loop)  # noqa: F401
from . import random  # noqa: F401

ndarray = JaxArray = Array
_types = {"float_": lambda: _mode.float_, "int_": lambda: _mode.int_}
bool_ = bool


def __getattr__(name):
    if name in _types:
        return _types[name]()
    if name.startswith("__"):
        raise AttributeError(name)
    raise _Unsupported(f"bm.{name} is not there", "see dir(bm) for what is")
