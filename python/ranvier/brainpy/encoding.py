"""`bp.encoding`: numbers as spike trains.

    spikes = bp.encoding.PoissonEncoder()(bm.asarray([0.1, 0.5]), num_step=100)       # (100, 2)
"""
import math

from ._array import Array
from ._graph import cast
from ._names import absent as _absent


def _bounds(low, high):
    low, high = float(low), float(high)
    if not low < high:
        raise ValueError(f"min_val must be below max_val, not {low} and {high}")
    return low, high


class Encoder:
    """encoder(x, ...) gives an array with a first axis of steps."""

    def __call__(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no __call__")

    def __repr__(self):
        return type(self).__name__


class PoissonEncoder(Encoder):
    """Each step a spike (1.) with the probability (x - min_val) / (max_val - min_val), or x itself without the bounds."""

    def __init__(self, min_val=None, max_val=None):
        self.min_val, self.max_val = (min_val, max_val) if min_val is None or max_val is None else _bounds(min_val, max_val)

    def __call__(self, x, num_step=None):
        from .math import random
        x = Array(x)
        if self.min_val is not None and self.max_val is not None:
            x = (x - self.min_val) / (self.max_val - self.min_val)
        shape = x.shape if num_step is None else (int(num_step),) + x.shape
        return Array(cast((random.rand(*shape) < x).value, "f"))


class WeightedPhaseEncoder(Encoder):
    """Kim et al. 2018: spikes weigh weight_fun(i), 2^-(i mod num_phase + 1) by default, at step i; together they give x within [min_val, max_val]."""

    def __init__(self, min_val, max_val, num_phase, weight_fun=None):
        self.min_val, self.max_val = _bounds(min_val, max_val)
        if int(num_phase) < 1:
            raise ValueError(f"num_phase is a whole number from 1 on, not {num_phase}")
        self.num_phase = int(num_phase)
        self.weight_fun = weight_fun or (lambda i: 2. ** (-(i % self.num_phase + 1)))
        self.scale = (1 - self.weight_fun(self.num_phase - 1)) / (self.max_val - self.min_val)

    def __call__(self, x, num_step):
        from .math import stack
        rest, out = (Array(x) - self.min_val) * self.scale, []
        for i in range(int(num_step)):
            weight = self.weight_fun(i)
            spike = rest >= weight
            rest = rest - spike * weight
            out.append(spike)
        return stack(out)


class LatencyEncoder(Encoder):
    """One spike a period of num_period steps, the earlier the larger x in [0, 1]: at round((T-1)(1-x)), or round(T-1 - log(a x + 1)) with
    a = exp(T-1) - 1 (method 'log')."""

    def __init__(self, min_val, max_val, num_period, method="linear"):
        self.min_val, self.max_val = _bounds(min_val, max_val)
        if method not in ("linear", "log"):
            raise ValueError(f"method is 'linear' or 'log', not {method!r}")
        if int(num_period) < 1:
            raise ValueError(f"num_period is a whole number of steps from 1 on, not {num_period}")
        self.num_period, self.method = int(num_period), method

    def __call__(self, x, i_step):
        """The spikes (1. or 0.) of a step, or of each of an array of steps along a first axis."""
        from .math import log, round
        x, last = Array(x), self.num_period - 1.
        at = round(last - log((math.exp(last) - 1.) * x + 1.)) if self.method == "log" else round(last * (1. - x))
        step = Array(i_step) % self.num_period
        step = step.reshape(step.shape + (1,) * x.ndim) if step.ndim else step
        return Array(cast((at == step).value, "f"))


__getattr__ = _absent(__name__, "bp.encoding")
