"""Parameters and Variables of a size from what the user gave: a number, an array or a function of the size.

    tau = parameter(bp.init.Uniform(5., 10.), (100,)); V = variable_(bm.zeros, (100,))
"""
import numpy as np

from ._array import Array, Variable
from ._graph import Sym

_NUMBERS = (bool, int, float, complex)


def to_size(x):
    """A size as a tuple."""
    if x is None:
        return None
    if isinstance(x, (int, np.integer)):
        return (int(x),)
    return tuple(int(n) for n in x)


def parameter(param, sizes=None, allow_none=True, allow_scalar=True, sharding=None):
    """A number stays what it is; an array must have the size; a function is called with it."""
    if param is None:
        if allow_none:
            return None
        raise ValueError("a parameter is missing: give a number, an array or a function of the size")
    if allow_scalar and isinstance(param, _NUMBERS):
        return param
    sizes = to_size(sizes)
    if callable(param) and not isinstance(param, Array):
        param = param(sizes)
    elif isinstance(param, (np.ndarray, np.generic, Sym)) or isinstance(param, _NUMBERS):
        param = Array(param)
    elif not isinstance(param, Array):
        raise ValueError(f"a parameter is a number, an array or a function of the size, not a {type(param).__name__}")
    if allow_scalar and param.shape in ((), (1,)):
        return param
    if sizes is not None and tuple(param.shape) != sizes:
        raise ValueError(f"a parameter of the shape {tuple(param.shape)} where {sizes} is wanted")
    return param


def batch_size_of(batch_or_mode):
    """The number of a batch that a number or a mode names; None: no batch."""
    if batch_or_mode is None or batch_or_mode is False:
        return None
    if isinstance(batch_or_mode, (int, np.integer)):
        return int(batch_or_mode)
    return getattr(batch_or_mode, "batch_size", None)


def variable_(init, sizes=None, batch_or_mode=None, batch_axis=0, axis_names=None, batch_axis_name=None):
    """A Variable of the size from a function of it or from an array of it; with a batch axis where a batch is named."""
    sizes, batch = to_size(sizes), batch_size_of(batch_or_mode)
    full = sizes if batch is None else sizes[:batch_axis] + (batch,) + sizes[batch_axis:]
    if callable(init) and not isinstance(init, Array):
        if sizes is None:
            raise ValueError("a function of the size needs the size")
        data = init(full)
    else:
        data = Array(init)
        if sizes is not None and tuple(data.shape) != sizes:
            raise ValueError(f"initial values of the shape {tuple(data.shape)} where {sizes} is wanted")
        if batch is not None:
            data = np.broadcast_to(np.expand_dims(np.asarray(data), batch_axis), full)
    return Variable(data, batch_axis=None if batch is None else batch_axis)


def variable(init, batch_or_mode=None, sizes=None, batch_axis=0, axis_names=None, batch_axis_name=None):
    return variable_(init, sizes, batch_or_mode, batch_axis)


def noise(noises, size, num_vars=1, noise_idx=0):
    """The noise function of sdeint from a number, an array or a function; None stays None."""
    if noises is None or (callable(noises) and not isinstance(noises, Array)):
        return noises
    level = parameter(noises, size, allow_none=False)
    levels = tuple(level if k == noise_idx else None for k in range(num_vars)) if num_vars > 1 else level
    return lambda *_, **__: levels
