"""`bm.surrogate`: the step function under BrainPy's names, and the smooth functions whose slopes stand in for its own in training.

    spike = bm.surrogate.ReluGrad()(V - V_th)            # 1. where V >= V_th, else 0.
    smooth = bm.surrogate.sigmoid(x, alpha=4., origin=True)

Simulation needs the values alone. Their derivative here is that of the values (0 for the step): surrogate slopes are of use in
training only, for which BrainPy itself is the tool.
"""
import math

import numpy as np

from .._array import Array
from .._graph import cast, kind_of
from ._tracing import plain
from .activations import sigmoid as _logistic
from .elementwise import abs as _abs, arctan as _arctan, exp, log, logical_and, power, sin, where

_SQRT_PI = math.sqrt(math.pi)


def _step(x):
    return Array(cast((Array(x) >= 0).value, "f"))


def _erf(x):
    value = plain(x, "surrogate.erf(origin=True)")
    return Array(np.vectorize(math.erf, otypes=[np.float64])(value))


def _square_wave(x, n, t_period):
    w, total = math.pi * 2. / t_period, sin(x * (math.pi * 2. / t_period))
    for k in range(2, n):
        total = total + sin((2. * k - 1.) * w * x) / (2. * k - 1.)
    return 0.5 + 2. / math.pi * total


# name: (class, parameters and their defaults, the smooth function of (x, parameters...) or None)
_FUNCTIONS = {
    "sigmoid": ("Sigmoid", dict(alpha=4.), lambda x, alpha: _logistic(x)),
    "piecewise_quadratic": ("PiecewiseQuadratic", dict(alpha=1.), lambda x, alpha: where(
        x < -1. / alpha, 0., where(x > 1. / alpha, 1., (-alpha * _abs(x) / 2. + 1.) * alpha * x + 0.5))),
    "piecewise_exp": ("PiecewiseExp", dict(alpha=1.), lambda x, alpha: where(
        x < 0, exp(-alpha * _abs(x)) / 2., 1. - exp(-alpha * _abs(x)) / 2.)),
    "soft_sign": ("SoftSign", dict(alpha=1.), lambda x, alpha: x / (2. / alpha + 2. * _abs(x)) + 0.5),
    "arctan": ("Arctan", dict(alpha=1.), lambda x, alpha: _arctan(math.pi / 2. * alpha * x) / math.pi + 0.5),
    "nonzero_sign_log": ("NonzeroSignLog", dict(alpha=1.), lambda x, alpha: where(x < 0, -1., 1.) * log(_abs(alpha * x) + 1.)),
    "erf": ("ERF", dict(alpha=1.), lambda x, alpha: _erf(-alpha * x) * 0.5),
    "piecewise_leaky_relu": ("PiecewiseLeakyRelu", dict(c=0.01, w=1.), lambda x, c, w: where(
        x < -w, c * x + c * w, where(x > w, c * x - c * w + 1., 0.5 * x / w + 0.5))),
    "squarewave_fourier_series": ("SquarewaveFourierSeries", dict(n=2, t_period=8.), _square_wave),
    "s2nn": ("S2NN", dict(alpha=4., beta=1., epsilon=1e-8), lambda x, alpha, beta, epsilon: where(
        x < 0., _logistic(x * alpha), beta * log(_abs(x + 1.) + epsilon) + 0.5)),
    "q_pseudo_spike": ("QPseudoSpike", dict(alpha=2.), lambda x, alpha: where(
        x < 0., 0.5 * power(1. - 2. / (alpha - 1.) * _abs(x), 1. - alpha), 1. - 0.5 * power(1. + 2. / (alpha - 1.) * _abs(x), 1. - alpha))),
    "leaky_relu": ("LeakyRelu", dict(alpha=0.1, beta=1.), lambda x, alpha, beta: where(x < 0., alpha * x, beta * x)),
    "log_tailed_relu": ("LogTailedRelu", dict(alpha=0.), lambda x, alpha: where(
        x > 1, log(where(x > 1, x, 1.)), where(x > 0, x, alpha * x))),
    "relu_grad": ("ReluGrad", dict(alpha=0.3, width=1.), None),
    "gaussian_grad": ("GaussianGrad", dict(sigma=0.5, alpha=0.5), None),
    "multi_gaussian_grad": ("MultiGaussianGrad", dict(h=0.15, s=6., sigma=0.5, scale=0.5), None),
    "inv_square_grad": ("InvSquareGrad", dict(alpha=100.), None),
    "slayer_grad": ("SlayerGrad", dict(alpha=1.), None),
}


class Surrogate:
    """A step function with parameters: Surrogate(...)(x)."""

    def __init__(self, *args, **keywords):
        names = list(self._defaults)
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
        unknown = [k for k in keywords if k not in names]
        if unknown:
            raise TypeError(f"{type(self).__name__} has no parameter {unknown[0]!r}; there are {', '.join(names)}")
        self.__dict__.update({**self._defaults, **dict(zip(names, args)), **keywords})

    def __call__(self, x):
        return globals()[self._function](x, **{k: getattr(self, k) for k in self._defaults})

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={getattr(self, k)}' for k in self._defaults if k != 'origin')})"


def _make(name, defaults, smooth):
    if smooth is not None:
        defaults = {**defaults, "origin": False}
    names = list(defaults)

    def call(x, *args, **keywords):
        unknown = [k for k in keywords if k not in names]
        if unknown or len(args) > len(names):
            raise TypeError(f"surrogate.{name} takes x, {', '.join(names)}")
        settings = {**defaults, **dict(zip(names, args)), **keywords}
        x = Array(x)
        if kind_of(x.dtype) in "bi":
            x = Array(cast(x.value, "f"))
        if not settings.pop("origin", False):
            return _step(x)
        return smooth(x, **settings)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = "1 where x >= 0, else 0" + (f"; origin=True: the smooth function of {', '.join(names[:-1])}." if smooth else ".")
    return call, defaults


for _name, (_class, _defaults, _smooth) in _FUNCTIONS.items():
    globals()[_name], _defaults = _make(_name, _defaults, _smooth)
    globals()[_class] = type(_class, (Surrogate,), {"_defaults": _defaults, "_function": _name, "__doc__": f"{_name} with kept parameters."})


def _crossing(x_new, x_old):
    return Array(cast(logical_and(Array(x_new) >= 0, Array(x_old) < 0).value, "f"))


def inv_square_grad2(x_new, x_old, alpha=100.):
    """1 where x_old < 0 <= x_new, else 0."""
    return _crossing(x_new, x_old)


def relu_grad2(x_new, x_old, alpha=0.3, width=1.):
    """1 where x_old < 0 <= x_new, else 0."""
    return _crossing(x_new, x_old)
