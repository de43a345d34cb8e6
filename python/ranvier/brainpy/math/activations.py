"""Activation functions and what networks of rates use beside them; all of arrays and of traced values.

    bm.relu(x); bm.softplus(x); bm.softmax(x, axis=-1)
"""
import math as _math

import numpy as np

from .._array import Array, unwrap
from .._graph import apply, cast
from ._tracing import plain
from .elementwise import abs as _abs, exp, expm1, log, log1p, maximum, minimum, sqrt, tanh, where
from .reductions import max as _max, mean as _mean, sum as _sum

__all__ = []


def _public(function):
    __all__.append(function.__name__)
    return function


@_public
def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return Array(apply("sigmoid", unwrap(x)))


@_public
def relu(x):
    """max(x, 0)."""
    return maximum(x, 0)


@_public
def relu6(x):
    """min(max(x, 0), 6)."""
    return minimum(maximum(x, 0), 6.)


@_public
def leaky_relu(x, negative_slope=1e-2):
    """x where it is not negative, else slope x."""
    x = Array(x)
    return where(x >= 0, x, negative_slope * x)


@_public
def rrelu(x, lower=0.125, upper=1 / 3):
    """leaky_relu whose slopes are drawn from U(lower, upper)."""
    from . import random
    x = Array(x)
    return where(x >= 0, x, random.uniform(lower, upper, size=x.shape) * x)


@_public
def prelu(x, a=0.25):
    """max(0, x) + a min(0, x)."""
    return maximum(x, 0) + a * minimum(x, 0)


@_public
def elu(x, alpha=1.):
    """x above 0, alpha (exp(x) - 1) below."""
    x = Array(x)
    return where(x > 0, x, alpha * expm1(where(x > 0, 0., x)))


@_public
def celu(x, alpha=1.):
    """x above 0, alpha (exp(x / alpha) - 1) below."""
    x = Array(x)
    return where(x > 0, x, alpha * expm1(where(x > 0, 0., x) / alpha))


@_public
def selu(x):
    """Scaled elu (Klambauer et al. 2017)."""
    return 1.0507009873554804934193349852946 * elu(x, 1.6732632423543772848170429916717)


@_public
def gelu(x, approximate=True):
    """x times the normal distribution function, by tanh or (not traced) exactly."""
    if not approximate:
        value = plain(Array(x), "gelu(approximate=False)")
        return Array(value * 0.5 * (1. + np.vectorize(_math.erf, otypes=[value.dtype])(value / _math.sqrt(2.)))).astype(value.dtype)
    x = Array(x)
    return x * (0.5 * (1. + tanh(_math.sqrt(2. / _math.pi) * (x + 0.044715 * (x * x * x)))))


@_public
def glu(x, axis=-1):
    """The first half times the sigmoid of the second, along an axis."""
    from .shapes import split
    x = Array(x)
    if x.shape[axis] % 2:
        raise ValueError(f"glu halves an axis: its length must be even, not {x.shape[axis]}")
    first, second = split(x, 2, axis)
    return first * sigmoid(second)


@_public
def softplus(x, beta=1, threshold=20):
    """log(1 + exp(beta x)) / beta; beta x itself above the threshold."""
    x = Array(x)
    scaled = beta * x
    return where(x > threshold, scaled, (maximum(scaled, 0.) + log1p(exp(-_abs(scaled)))) / beta)


@_public
def log_sigmoid(x):
    """log(sigmoid(x))."""
    return -softplus(-Array(x))


@_public
def softmax(x, axis=-1):
    """exp(x) over its sum along an axis."""
    x = Array(x)
    out = exp(x - _max(x, axis=axis, keepdims=True))
    return out / _sum(out, axis=axis, keepdims=True)


@_public
def log_softmax(x, axis=-1):
    """The logarithm of softmax."""
    x = Array(x)
    shifted = x - _max(x, axis=axis, keepdims=True)
    return shifted - log(_sum(exp(shifted), axis=axis, keepdims=True))


@_public
def softmin(x, axis=-1):
    """softmax(-x)."""
    return softmax(-Array(x), axis)


@_public
def hard_tanh(x, min_val=-1., max_val=1.):
    """x within [min_val, max_val]."""
    x = Array(x)
    return where(x > max_val, max_val, where(x < min_val, min_val, x))


@_public
def hard_sigmoid(x):
    """relu6(x + 3) / 6."""
    return relu6(Array(x) + 3.) / 6.


@_public
def hard_silu(x):
    """x hard_sigmoid(x)."""
    return x * hard_sigmoid(x)


@_public
def hard_shrink(x, lambd=0.5):
    """0 within [-lambd, lambd], else x."""
    x = Array(x)
    return where(_abs(x) > lambd, x, 0.)


@_public
def soft_shrink(x, lambd=0.5):
    """x moved towards 0 by lambd."""
    x = Array(x)
    return where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0.))


@_public
def tanh_shrink(x):
    """x - tanh(x)."""
    return Array(x) - tanh(x)


@_public
def soft_sign(x):
    """x / (1 + |x|)."""
    return Array(x) / (_abs(x) + 1)


@_public
def silu(x):
    """x sigmoid(x)."""
    return x * sigmoid(x)


@_public
def mish(x):
    """x tanh(softplus(x))."""
    return x * tanh(softplus(x))


hard_swish, swish = hard_silu, silu
__all__ += ["hard_swish", "swish"]


@_public
def one_hot(x, num_classes, *, dtype=None, axis=-1):
    """Whole numbers as vectors with a 1 at their place."""
    x = Array(x)
    if not -x.ndim - 1 <= axis <= x.ndim:
        raise ValueError(f"axis {axis} is outside of a result of {x.ndim + 1} dimensions")
    a = axis % (x.ndim + 1)
    number = np.arange(int(num_classes), dtype=np.int32).reshape(tuple(-1 if k == a else 1 for k in range(x.ndim + 1)))
    hit = x.reshape(x.shape[:a] + (1,) + x.shape[a:]) == number
    return Array(cast(hit.value, "f")) if dtype is None else hit.astype(dtype)


@_public
def normalize(x, axis=-1, mean=None, variance=None, epsilon=1e-5):
    """(x - mean) / sqrt(variance + epsilon), the moments along an axis."""
    x = Array(x)
    mean = _mean(x, axis=axis, keepdims=True) if mean is None else mean
    variance = _mean(x * x, axis=axis, keepdims=True) - mean * mean if variance is None else variance
    return (x - mean) / sqrt(variance + epsilon)


@_public
def clip_by_norm(t, clip_norm, axis=None):
    """x scaled so that its norm along the axes is at most clip_norm; also of lists, tuples and dicts."""
    if isinstance(t, (list, tuple)):
        return type(t)(clip_by_norm(v, clip_norm, axis) for v in t)
    if isinstance(t, dict):
        return {k: clip_by_norm(v, clip_norm, axis) for k, v in t.items()}
    t = Array(t)
    return t * clip_norm / maximum(sqrt(_sum(t * t, axis=axis, keepdims=True)), clip_norm)


def get(activation):
    """An activation function by its name; None and functions as they are."""
    if activation is None or callable(activation):
        return activation
    if activation not in __all__:
        raise ValueError(f"no activation function {activation!r}; there are {', '.join(sorted(__all__))}")
    return globals()[activation]
