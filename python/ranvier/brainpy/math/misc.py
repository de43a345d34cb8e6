"""Names of bm that belong to no other theme: time axes, functions with bound arguments, housekeeping of memory.

    shared = bm.shared_args_over_time(duration=100.); bm.clear_buffer_memory()
"""
import functools

import numpy as np

from .._array import Array
from .._graph import dtype_of
from .._share import DotDict
from .environment import get_dt

__all__ = ["shared_args_over_time", "Partial", "to_object", "clear_buffer_memory", "clear_name_cache", "set_host_device_count",
           "enable_gpu_memory_preallocation", "disable_gpu_memory_preallocation", "show_config", "is_brainpy_array"]


def shared_args_over_time(num_step=None, duration=None, dt=None, t0=0., include_dt=True):
    """i, t [ms] and dt of all steps, each an array; of num_step steps or of a duration [ms]."""
    dt = get_dt() if dt is None else dt
    if duration is not None:
        num_step = int(duration / dt)
    if num_step is None:
        raise ValueError("shared_args_over_time wants num_step or duration")
    steps = np.arange(int(num_step), dtype=dtype_of("i"))
    out = DotDict(i=Array(steps), t=Array(steps * dt + t0))
    if include_dt:
        out["dt"] = Array(np.full(int(num_step), dt))
    return out


class Partial(functools.partial):
    """functools.partial; child_objs and dyn_vars are not needed: a trace finds the Variables that a function reads."""

    def __new__(cls, fun, *args, child_objs=None, dyn_vars=None, **keywords):
        return super().__new__(cls, fun, *args, **keywords)


def to_object(f=None, child_objs=None, dyn_vars=None, name=None):
    """The function itself; also a decorator."""
    return f if f is not None else (lambda g: g)


def clear_buffer_memory(platform=None, **_):
    """Nothing to do: arrays are freed with the last name that holds them."""


def clear_name_cache(ignore_warn=True):
    """Forgets the names of systems that exist, so that they may be given again."""
    from .. import _object
    _object.clear_name_cache(ignore_warn)


def set_host_device_count(n):
    """Loops that begin from now on use so many threads; results are the same bits for each number."""
    from .._program import settings
    if not isinstance(n, (int, np.integer)) or n < 1:
        raise ValueError(f"the number of threads is 1 or more, not {n!r}")
    settings["threads"] = int(n)


def enable_gpu_memory_preallocation(*_):
    """Nothing to do: there is no GPU."""


disable_gpu_memory_preallocation = enable_gpu_memory_preallocation


def show_config():
    """NumPy's configuration."""
    np.show_config()


def is_brainpy_array(x):
    """Whether x is an Array of bm."""
    return isinstance(x, Array)
