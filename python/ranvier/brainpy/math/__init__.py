"""`ranvier.brainpy.math`: BrainPy's arrays, Variables, functions, random numbers and loops."""
import importlib as _importlib

import numpy as _numpy

from .._array import Array, Parameter, TrainVar, Variable, VariableView
from .._graph import dtype_of as _dtype_of, mode as _mode
from .._names import absent as _absent
from ._instead import INSTEAD as _INSTEAD
from .environment import *  # noqa: F401,F403
from .modes import (BatchingMode, Mode, NonBatchingMode, TrainingMode, batching_environment, batching_mode, environment, get_mode,  # noqa: F401
                    nonbatching_mode, set_bool, set_complex, set_environment, set_int, set_mode, training_environment, training_mode)
from .elementwise import *  # noqa: F401,F403
from .reductions import *  # noqa: F401,F403
from .shapes import *  # noqa: F401,F403
from .ordering import *  # noqa: F401,F403
from .indexing import *  # noqa: F401,F403
from .creation import *  # noqa: F401,F403
from .products import *  # noqa: F401,F403
from .activations import *  # noqa: F401,F403
from .segments import *  # noqa: F401,F403
from .delays import *  # noqa: F401,F403
from .gradients import *  # noqa: F401,F403
from .misc import *  # noqa: F401,F403
from .control import cls_jit, cond, for_loop, ifelse, jit, scan, while_loop  # noqa: F401
from . import activations, event, fft, jitconn, linalg, random, sharding, sparse, surrogate  # noqa: F401
from .random import seed  # noqa: F401

ndarray = JaxArray = Tensor = Array
set = set_environment
ROTATE_UPDATE, CONCAT_UPDATE = "rotation", "concat"

_NOW = {  # settings that may change at any time
    "float_": lambda: _mode.float_.type, "float": lambda: _mode.float_.type, "int_": lambda: _mode.int_.type, "int": lambda: _mode.int_.type,
    "long": lambda: _dtype_of("i").type, "bool": lambda: _numpy.bool_, "complex_": lambda: _dtype_of("c").type,  # noqa: F405
    "dt": lambda: get_dt(), "mode": lambda: get_mode(), "get_int": lambda: lambda: _mode.int_.type,  # noqa: F405
    "get_bool": lambda: lambda: _numpy.bool_, "get_complex": lambda: lambda: _dtype_of("c").type,  # noqa: F405
}
_LATER = {  # names whose files need this package first: (module, name there)
    **{name: ("..delay", name) for name in ("LengthDelay", "NeuLenDelay")},
    **{name: (".._object", name) for name in ("BrainPyObject", "NodeList", "NodeDict", "VarList", "VarDict")},
    "node_list": (".._object", "NodeList"), "node_dict": (".._object", "NodeDict"), "var_list": (".._object", "VarList"),
    "var_dict": (".._object", "VarDict"),
}
_missing = _absent(__name__, "bm", _INSTEAD)


def __getattr__(name):
    if name in _NOW:
        return _NOW[name]()
    if name in _LATER:
        module, there = _LATER[name]
        return getattr(_importlib.import_module(module, __name__), there)
    return _missing(name)
