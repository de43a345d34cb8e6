"""bp.LoopOverTime: a system of one step as a function of all steps.

    potentials = bp.LoopOverTime(neuron, out_vars=neuron.V)(bm.ones(1000) * 5)[1]
"""
import numpy as np

from . import math as bm
from ._array import Variable
from ._share import share
from ._system import DynamicalSystem
from ._tree import flatten, tree_map
from .math import modes
from .math.environment import get_dt


class LoopOverTime(DynamicalSystem):
    """over_time(x): target(x[k]) for each step k, stacked; over_time(100.): for so many ms, without inputs. A further call goes on in time.

    x: an array (time, ...), or a list, tuple or dict of them. data_first_axis="B": of a target in BatchingMode, (batch, time, ...).
    out_vars: Variables (one, a list, a dict) whose values after each step are returned too: (outputs, values). shared_arg: more entries of
    bp.share. no_state=True: the target keeps nothing, and takes all steps at once. t0 or i0 None: without `t` or `i` in bp.share."""

    def __init__(self, target, out_vars=None, no_state=False, t0=0., i0=0, dt=None, shared_arg=None, data_first_axis="T", name=None, jit=True, remat=False):
        super().__init__(name=name)
        if not isinstance(target, DynamicalSystem):
            raise TypeError(f"LoopOverTime: the target must be a DynamicalSystem, not a {type(target).__name__}")
        if data_first_axis not in ("B", "T"):
            raise ValueError(f"LoopOverTime: data_first_axis is 'B' (batch) or 'T' (time), not {data_first_axis!r}")
        if not all(isinstance(v, Variable) for v in flatten(out_vars)[0]):
            raise TypeError("LoopOverTime: out_vars are Variables")
        self.target, self.out_vars, self.no_state, self.data_first_axis, self.jit = target, out_vars, no_state, data_first_axis, jit
        self.dt = get_dt() if dt is None else dt
        self.shared_arg, self._t0, self._i0, self._done = {**(shared_arg or {}), "dt": self.dt}, t0, i0, 0

    def reset_state(self, batch_size=None):
        self.target.reset_state(*(() if batch_size is None else (batch_size,)))
        self._done = 0

    def __call__(self, duration_or_xs):
        batches = isinstance(self.target.mode, modes.BatchingMode)
        if isinstance(duration_or_xs, (int, float, np.number)):
            if self.no_state:
                raise ValueError("LoopOverTime: with no_state=True there must be inputs, not a duration")
            count, leaves, build = len(np.arange(0, duration_or_xs, self.dt)), [], None
        else:
            leaves, build = flatten(duration_or_xs)
            leaves = [bm.asarray(v) for v in leaves]
            if not leaves or any(v.ndim < (2 if batches else 1) for v in leaves):
                raise ValueError(f"LoopOverTime: inputs have the axes {'(time, batch, ...)' if batches else '(time, ...)'}")
            if self.no_state:
                return self._at_once(leaves, build, 2 if batches else 1)
            leaves = [bm.moveaxis(v, 0, 1) for v in leaves] if batches and self.data_first_axis == "B" else leaves
            count = leaves[0].shape[0]
        first = self._done
        out = bm.for_loop(lambda k, *row: self._step(k, None if build is None else build(list(row))), (np.arange(first, first + count), *leaves), jit=self.jit)
        self._done += count
        return out

    update = __call__

    def _at_once(self, leaves, build, axes):
        share.save(**self.shared_arg)
        shape = leaves[0].shape[:axes]
        out = self.target(build([v.reshape((-1,) + v.shape[axes:]) for v in leaves]))
        self._done += shape[0 if self.data_first_axis == "T" or axes == 1 else 1]
        return tree_map(lambda v: v.reshape(shape + tuple(v.shape[1:])), out)

    def _step(self, k, x):
        share.save(**self.shared_arg)
        if self._t0 is not None:
            share.save(t=self._t0 + k * self.dt)
        if self._i0 is not None:
            share.save(i=self._i0 + k)
        out = self.target(x)
        values = None if self.out_vars is None else tree_map(lambda v: v.value, self.out_vars)
        self.target.clear_input()
        return out if self.out_vars is None else (out, values)
