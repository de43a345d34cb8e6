"""Groups that are sources of spikes or values, and places for them."""
from functools import partial

import numpy as np

from ... import math as bm
from ..._share import share
from ...mixin import ReturnInfo
from ..base import NeuDyn


class InputGroup(NeuDyn):
    """Gives what it is given: update(x) is x."""

    def __init__(self, size, sharding=None, keep_size=False, mode=None, name=None):
        super().__init__(size, keep_size=keep_size, sharding=sharding, name=name, mode=mode)

    def update(self, x):
        return x

    def return_info(self):
        return ReturnInfo(self.varshape, self.sharding, self.mode, bm.zeros)

    def reset_state(self, batch_size=None):
        pass


class OutputGroup(InputGroup):
    """Gives what it is given; a name for where things end."""


class _SpikeSource(NeuDyn):
    """`spike`: a Variable of truth values, or of the type spk_type."""

    def __init__(self, size, spk_type=None, **keywords):
        super().__init__(size, **keywords)
        self.spk_type = spk_type or (bm.float_ if isinstance(self.mode, bm.TrainingMode) else bool)

    def reset_state(self, batch_size=None):
        self.spike = self.init_variable(partial(bm.zeros, dtype=self.spk_type), batch_size)

    def return_info(self):
        return self.spike


class SpikeTimeGroup(_SpikeSource):
    """Element indices[k] spikes in the first step with t >= times[k] [ms]. `i`: how many events have passed."""

    def __init__(self, size, indices, times, spk_type=None, name=None, sharding=None, keep_size=False, mode=None, need_sort=True):
        if keep_size:
            raise NotImplementedError("SpikeTimeGroup has no keep_size")
        super().__init__(size, spk_type, name=name, sharding=sharding, mode=mode)
        indices, times = np.asarray(indices), np.asarray(times, dtype=float)
        if indices.shape != times.shape or times.ndim != 1:
            raise ValueError(f"indices and times are lists of one length, not of the shapes {indices.shape} and {times.shape}")
        if indices.size and not (np.all(indices == np.floor(indices)) and 0 <= indices.min() and indices.max() < self.num):
            raise ValueError(f"indices are whole numbers from 0 to {self.num - 1} (the order is: size, indices, times)")
        if not np.all(np.isfinite(times)):
            raise ValueError("a time is not finite")
        order = np.argsort(times, kind="stable") if need_sort else np.arange(len(times))
        self.num_times = len(times)
        self.indices, self.times = bm.asarray(indices[order].astype(np.int32)), bm.asarray(times[order])
        # without sorting, an event waits for those listed before it
        self._due = bm.asarray(np.maximum.accumulate(times[order]) if len(times) else times)
        self.reset_state(self.mode)

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        self.i = bm.Variable(bm.zeros((), dtype=bm.int_))

    def update(self):
        if not self.num_times:
            return self.spike.value
        past = self._due <= share.load("t")
        fresh = bm.logical_and(past, bm.arange(self.num_times) >= self.i)
        counts = bm.zeros(self.num, dtype=bm.int_).at[self.indices].add(fresh.astype(bm.int_))
        spike = counts > 0
        self.spike.value = (spike if self.spike.dtype == bool else spike.astype(self.spike.dtype)) + bm.zeros_like(self.spike)
        self.i.value = bm.maximum(self.i, bm.sum(past.astype(bm.int_)))
        return self.spike.value


class PoissonGroup(_SpikeSource):
    """Each element spikes with the probability freqs dt/1000 in a step; freqs [Hz]: a number or one an element."""

    def __init__(self, size, freqs, keep_size=False, sharding=None, spk_type=None, name=None, mode=None, seed=None):
        super().__init__(size, spk_type, keep_size=keep_size, sharding=sharding, name=name, mode=mode)
        self.freqs = self.init_param(freqs)
        self.reset_state(self.mode)

    def update(self):
        spike = bm.random.random(self.spike.shape) <= self.freqs * share.load("dt") / 1000.
        self.spike.value = spike if self.spike.dtype == bool else spike.astype(self.spike.dtype)
        return self.spike.value
