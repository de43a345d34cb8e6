"""Settings of bm: the time step and the types of numbers.

    bm.set_dt(0.05); bm.get_dt(); bm.enable_x64()
"""
import numpy as np

from .._errors import UnsupportedError
from .._graph import mode

__all__ = ["get_dt", "set_dt", "enable_x64", "disable_x64", "set_float", "get_float", "set_platform", "get_platform"]
_settings = {"dt": 0.1}


def get_dt():
    """The time step [ms]."""
    return _settings["dt"]


def set_dt(dt):
    if isinstance(dt, str):
        raise TypeError(f"the time step is a number of ms, not {dt!r}")
    dt = float(dt)
    if not (dt > 0 and np.isfinite(dt)):
        raise ValueError(f"the time step must be a positive number of ms, not {dt}")
    _settings["dt"] = dt


def enable_x64(x64=True):
    """float64 and int64 from now on; arrays that exist keep their type."""
    mode.x64 = bool(x64)
    mode.float_, mode.int_ = np.dtype(np.float64 if x64 else np.float32), np.dtype(np.int64 if x64 else np.int32)


def disable_x64():
    enable_x64(False)


def set_float(dtype):
    """The type of reals: float32 or float64."""
    if np.dtype(dtype) not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"reals are float32 or float64, not {np.dtype(dtype)}")
    mode.float_ = np.dtype(dtype)


def get_float():
    return mode.float_


def set_platform(platform):
    """'cpu' is what there is."""
    if platform != "cpu":
        raise UnsupportedError(f"the platform {platform!r}", "use 'cpu'")


def get_platform():
    return "cpu"
