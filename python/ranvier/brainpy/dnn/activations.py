"""Layers that are functions of bm: bp.dnn.ReLU()(x) is bm.relu(x).

A layer is a row: its name, bm's function, and the parameters with their defaults, in the function's order. `inplace=True` (where there is
such a parameter) gives the result to the Array that came in.
"""
from typing import Any

from .. import math as bm
from .._array import TrainVar
from .base import Layer

_ROWS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "CELU": ("celu", {"alpha": 1.}, True), "ELU": ("elu", {"alpha": 1.}, True), "GELU": ("gelu", {"approximate": False}, False),
    "GLU": ("glu", {"dim": -1}, False), "Hardshrink": ("hard_shrink", {"lambd": 0.5}, False), "Hardsigmoid": ("hard_sigmoid", {}, True),
    "Hardswish": ("hard_swish", {}, True), "Hardtanh": ("hard_tanh", {"min_val": -1., "max_val": 1.}, True),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01}, True), "LogSigmoid": ("log_sigmoid", {}, False),
    "LogSoftmax": ("log_softmax", {"dim": None}, False), "Mish": ("mish", {}, True),
    "RReLU": ("rrelu", {"lower": 0.125, "upper": 1 / 3}, True), "ReLU": ("relu", {}, True), "ReLU6": ("relu6", {}, True),
    "SELU": ("selu", {}, True), "SiLU": ("silu", {}, True), "Sigmoid": ("sigmoid", {}, False), "Softmax": ("softmax", {"dim": None}, False),
    "Softmin": ("softmin", {"dim": None}, False), "Softplus": ("softplus", {"beta": 1, "threshold": 20}, False),
    "Softshrink": ("soft_shrink", {"lambd": 0.5}, False), "Softsign": ("soft_sign", {}, False), "Tanh": ("tanh", {}, False),
    "Tanhshrink": ("tanh_shrink", {}, False),
}
__all__ = [*_ROWS, "PReLU", "Softmax2d", "Threshold"]


class _Function(Layer):
    def __init__(self, *args, name=None, mode=None, **keywords):
        super().__init__(name=name, mode=mode)
        function, defaults, in_place = _ROWS[type(self).__name__]
        known = {**defaults, **({"inplace": False} if in_place else {})}
        unknown = [key for key in keywords if key not in known]
        if unknown or len(args) > len(known):
            raise TypeError(f"{type(self).__name__} has the parameters {', '.join(known) or 'none'}, not {unknown or args}")
        given = {**known, **dict(zip(known, args)), **keywords}
        self._names = list(defaults)
        for key, value in given.items():
            setattr(self, key, value)

    def update(self, x):
        out = getattr(bm, _ROWS[type(self).__name__][0])(x, *[getattr(self, key) for key in self._names])
        if getattr(self, "inplace", False):
            x.value = out
            return x
        return out


for _name, (_function, _defaults, _) in _ROWS.items():
    globals()[_name] = type(_name, (_Function,), {
        "__module__": __name__, "__doc__": f"bm.{_function}({', '.join(['x', *_defaults])}) as a layer."})


class PReLU(Layer):
    """x where it is above 0, else weight x; the weights are num_parameters numbers that start at init."""

    def __init__(self, num_parameters=1, init=0.25, dtype=None, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        self.num_parameters = num_parameters
        self.weight = TrainVar(bm.ones(num_parameters, dtype=dtype) * init)

    def update(self, x):
        return bm.prelu(x, self.weight)


class Softmax2d(Layer):
    """bm.softmax over the third axis from the end."""

    def update(self, x):
        if bm.asarray(x).ndim not in (3, 4):
            raise ValueError(f"Softmax2d wants 3 or 4 axes, not {bm.asarray(x).ndim}")
        return bm.softmax(x, -3)


class Threshold(Layer):
    """x where it is above the threshold, else value."""

    def __init__(self, threshold, value, inplace=False, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def update(self, x):
        out = bm.where(bm.asarray(x) > self.threshold, x, self.value)
        if self.inplace:
            x.value = out
            return x
        return out
