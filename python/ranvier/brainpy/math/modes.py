"""Modes of computing (one network, a batch of them, training) and settings that hold within a `with` block.

    with bm.environment(dt=0.05, mode=bm.BatchingMode(8)): net = Net()
"""
import functools

import numpy as np

from .._graph import canonical_dtype, dtype_of, mode as _types
from .environment import enable_x64, get_dt, set_dt, set_float

_state = {}


class Mode:
    """How a model's arrays are laid out."""

    def __repr__(self):
        return type(self).__name__

    def __eq__(self, other):
        return type(other) is type(self)

    def __hash__(self):
        return hash(type(self))

    def is_a(self, mode):
        """Whether this is exactly of that class."""
        return type(self) is mode

    def is_one_of(self, *modes):
        """Whether this is exactly of one of the classes."""
        return type(self) in modes

    def is_parent_of(self, *modes):
        """Whether one of the classes derives from this one's."""
        return any(issubclass(m, type(self)) for m in modes)

    def is_child_of(self, *modes):
        """Whether this one's class derives from one of the classes."""
        return isinstance(self, modes)


class NonBatchingMode(Mode):
    """One network; the default."""


class BatchingMode(Mode):
    """A first axis of batch_size independent networks."""

    def __init__(self, batch_size=1):
        self.batch_size = batch_size

    def __repr__(self):
        return f"{type(self).__name__}(batch_size={self.batch_size})"


class TrainingMode(BatchingMode):
    """A batch whose parameters are trained: here it computes as BatchingMode does."""

    def to_batch_mode(self):
        return BatchingMode(self.batch_size)


nonbatching_mode, batching_mode, training_mode = NonBatchingMode(), BatchingMode(), TrainingMode()
_state["mode"] = nonbatching_mode


def get_mode():
    """The mode of systems that are made without one."""
    return _state["mode"]


def set_mode(mode):
    if not isinstance(mode, Mode):
        raise TypeError(f"a mode is bm.NonBatchingMode(), bm.BatchingMode(n) or bm.TrainingMode(n), not {mode!r}")
    _state["mode"] = mode


def set_environment(mode=None, dt=None, x64=None, complex_=None, float_=None, int_=None, bool_=None):
    """Changes what is given: the mode, the time step [ms], whether numbers have 64 bits, the types."""
    for value, change in ((mode, set_mode), (dt, set_dt), (x64, enable_x64), (complex_, set_complex),
                          (float_, set_float), (int_, set_int), (bool_, set_bool)):
        if value is not None:
            change(value)


def set_int(dtype):
    """The type of whole numbers: int32 or int64."""
    if np.dtype(dtype) not in (np.dtype(np.int32), np.dtype(np.int64)):
        raise TypeError(f"whole numbers are int32 or int64, not {np.dtype(dtype)}")
    _types.int_ = canonical_dtype(dtype)


def set_bool(dtype):
    """Truth values have one type, bool."""
    if np.dtype(dtype) != np.dtype(bool):
        raise TypeError(f"truth values are bool, not {np.dtype(dtype)}")


def set_complex(dtype):
    """Complex numbers have two parts of the reals' type: complex64, or complex128 with 64 bits."""
    if canonical_dtype(dtype) != dtype_of("c"):
        raise TypeError(f"complex numbers are {dtype_of('c')} now, not {np.dtype(dtype)}; bm.enable_x64() makes them complex128")


class environment:  # noqa: N801 (BrainPy's name)
    """set_environment() for a `with` block, or as a decorator; afterwards everything is as before."""

    def __init__(self, mode=None, dt=None, x64=None, complex_=None, float_=None, int_=None, bool_=None):
        if mode is not None and not isinstance(mode, Mode):
            raise TypeError(f"mode= wants a bm.Mode, not {mode!r}")
        self._wanted = dict(mode=mode, dt=dt, x64=x64, complex_=complex_, float_=float_, int_=int_, bool_=bool_)
        self._before = []

    def __enter__(self):
        self._before.append((get_mode(), get_dt(), _types.x64, _types.float_, _types.int_))
        set_environment(**self._wanted)
        return self

    def __exit__(self, *_):
        mode, dt, _types.x64, _types.float_, _types.int_ = self._before.pop()
        set_environment(mode=mode, dt=dt)
        return False

    def __call__(self, function):
        @functools.wraps(function)
        def inside(*args, **keywords):
            with self:
                return function(*args, **keywords)
        return inside


class batching_environment(environment):  # noqa: N801
    """environment() with BatchingMode(batch_size)."""

    def __init__(self, dt=None, x64=None, complex_=None, float_=None, int_=None, bool_=None, batch_size=1):
        super().__init__(BatchingMode(batch_size), dt, x64, complex_, float_, int_, bool_)


class training_environment(environment):  # noqa: N801
    """environment() with TrainingMode(batch_size)."""

    def __init__(self, dt=None, x64=None, complex_=None, float_=None, int_=None, bool_=None, batch_size=1):
        super().__init__(TrainingMode(batch_size), dt, x64, complex_, float_, int_, bool_)
