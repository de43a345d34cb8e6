"""Random initialisers. seed=None: numbers of bm.random's generator, which bm.random.seed sets.

Scaled by the numbers of inputs and outputs: Glorot and Bengio 2010 (Xavier), He et al. 2015 (Kaiming), LeCun et al. 1998. Orthogonal:
Saxe et al. 2014; DeltaOrthogonal: Xiao et al. 2018.
"""
import math

import numpy as np

from .base import Initializer, generator, sizes


def _array(x, dtype):
    from ..math import asarray
    return asarray(x, dtype)


class Normal(Initializer):
    """N(mean, scale^2)."""

    def __init__(self, mean=0., scale=1., seed=None):
        self.mean, self.scale, self.rng = mean, scale, generator(seed)

    def __call__(self, shape, dtype=None):
        return _array(self.rng.normal(self.mean, self.scale, sizes(shape)), dtype)


class Uniform(Initializer):
    """U(min_val, max_val)."""

    def __init__(self, min_val=0., max_val=1., seed=None):
        self.min_val, self.max_val, self.rng = min_val, max_val, generator(seed)

    def __call__(self, shape, dtype=None):
        return _array(self.rng.uniform(self.min_val, self.max_val, sizes(shape)), dtype)


class Gamma(Initializer):
    """The gamma law of a shape and a scale (1 by default)."""

    def __init__(self, shape, scale=None, seed=None):
        self.shape, self.scale, self.rng = shape, scale, generator(seed)

    def __call__(self, shape, dtype=None):
        out = self.rng.gamma(self.shape, size=sizes(shape))
        return _array(out if self.scale is None else out * self.scale, dtype)


class Exponential(Initializer):
    """The exponential law of a mean `scale` (1 by default)."""

    def __init__(self, scale=None, seed=None):
        self.scale, self.rng = scale, generator(seed)

    def __call__(self, shape, dtype=None):
        out = self.rng.exponential(size=sizes(shape))
        return _array(out if self.scale is None else out * self.scale, dtype)


_MODES, _LAWS = ("fan_in", "fan_out", "fan_avg"), ("truncated_normal", "normal", "uniform")
_CUT = 0.87962566103423978  # the standard deviation of N(0, 1) cut at -2 and 2


class VarianceScaling(Initializer):
    """Mean 0 and variance scale / n, n being the number of inputs (fan_in), outputs (fan_out) or their mean (fan_avg).

    in_axis and out_axis of the shape count them, times the product of the other axes; distribution: truncated_normal, normal, uniform."""

    def __init__(self, scale, mode, distribution, in_axis=-2, out_axis=-1, seed=None):
        for value, allowed, name in ((mode, _MODES, "mode"), (distribution, _LAWS, "distribution")):
            if value not in allowed:
                raise ValueError(f"{name} is one of {', '.join(allowed)}, not {value!r}")
        self.scale, self.mode, self.in_axis, self.out_axis = scale, mode, in_axis, out_axis
        self.distribution, self.rng = distribution, generator(seed)

    def _count(self, shape):
        if len(shape) < 2:
            raise ValueError(f"{type(self).__name__} wants a shape (inputs, outputs), not {shape}")
        rest = math.prod(shape) / (shape[self.in_axis] * shape[self.out_axis])
        fan_in, fan_out = shape[self.in_axis] * rest, shape[self.out_axis] * rest
        return {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]

    def __call__(self, shape, dtype=None):
        shape = sizes(shape)
        deviation = math.sqrt(self.scale / self._count(shape))
        if self.distribution == "truncated_normal":
            out = self.rng.truncated_normal(-2., 2., shape) * (deviation / _CUT)
        elif self.distribution == "normal":
            out = self.rng.randn(*shape) * deviation
        else:
            out = self.rng.uniform(-1., 1., shape) * (math.sqrt(3.) * deviation)
        return _array(out, dtype)


def _scaled(name, scale, mode, distribution):
    def init(self, scale=scale, mode=mode, distribution=distribution, in_axis=-2, out_axis=-1, seed=None):
        VarianceScaling.__init__(self, scale, mode, distribution, in_axis, out_axis, seed)
    text = f"VarianceScaling({scale}, {mode!r}, {distribution!r})."
    return type(name, (VarianceScaling,), {"__init__": init, "__doc__": text, "__module__": __name__})


KaimingUniform = _scaled("KaimingUniform", 2., "fan_in", "uniform")
KaimingNormal = _scaled("KaimingNormal", 2., "fan_in", "truncated_normal")
XavierUniform = _scaled("XavierUniform", 1., "fan_avg", "uniform")
XavierNormal = _scaled("XavierNormal", 1., "fan_avg", "truncated_normal")
LecunUniform = _scaled("LecunUniform", 1., "fan_in", "uniform")
LecunNormal = _scaled("LecunNormal", 1., "fan_in", "truncated_normal")


class Orthogonal(Initializer):
    """scale times orthonormal rows or columns, uniformly (Haar's measure), as a matrix whose rows are one axis of the shape."""

    def __init__(self, scale=1., axis=-1, seed=None):
        self.scale, self.axis, self.rng = scale, axis, generator(seed)

    def __call__(self, shape, dtype=None):
        shape = sizes(shape)
        rows = shape[self.axis]
        columns = math.prod(shape) // rows
        normal = np.asarray(self.rng.normal(0., 1., (max(rows, columns), min(rows, columns))), np.float64)
        q, r = np.linalg.qr(normal)
        q = q * np.where(np.diag(r) < 0, -1., 1.)
        q = q if rows >= columns else q.T
        q = q.reshape((rows,) + tuple(np.delete(shape, self.axis)))
        return _array(self.scale * np.moveaxis(q, 0, self.axis), dtype)


class DeltaOrthogonal(Initializer):
    """An orthogonal matrix in the middle of the kernel of a convolution, zeros elsewhere: shapes of 3, 4 or 5 axes."""

    def __init__(self, scale=1., axis=-1, seed=None):
        self.scale, self.axis, self.rng = scale, axis, seed

    def __call__(self, shape, dtype=None):
        from ..math import zeros
        shape = sizes(shape)
        if len(shape) not in (3, 4, 5):
            raise ValueError(f"DeltaOrthogonal wants a shape of 3, 4 or 5 axes, not {shape}")
        if shape[-1] < shape[-2]:
            raise ValueError(f"DeltaOrthogonal wants at least as many outputs as inputs, not {shape[-1]} and {shape[-2]}")
        out = zeros(shape, dtype)
        middle = tuple((n - 1) // 2 for n in shape[:-2])
        out[middle] = Orthogonal(self.scale, self.axis, self.rng)(shape[-2:], dtype)
        return out
