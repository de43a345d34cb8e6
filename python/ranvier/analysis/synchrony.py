"""Synchrony and phase locking: chi of traces or spikes, vector strength.

    chi(traces)                                          # (T, n): 1 in full synchrony, 1/sqrt(n) for independent neurons
    vector_strength(times, frequency=40)
"""
from typing import NamedTuple

import numpy as np

from ._spikes import in_ms, number
from .rates import counts
from .spectra import _signal


def chi(traces):
    """Golomb's synchrony of traces (T, n): square root of the variance of the mean trace over the mean variance of the traces.

    1 where all are the same, 1/sqrt(n) + O(1/T) where they are independent, NaN where nothing varies.
    Golomb and Rinzel 1994, Physica D 72; Golomb 2007, Scholarpedia 2(1):1347.
    """
    x = _signal(traces, "traces")
    if x.ndim != 2 or x.shape[0] < 2 or x.shape[1] < 1:
        raise ValueError(f"traces must have the shape (times, neurons), two times at least, not {x.shape}")
    mean = x.var(0).mean()
    return float(np.sqrt(x.mean(1).var() / mean)) if mean > 0 else float("nan")


def spike_chi(source, *, bin=5.0, n=None, start=None, stop=None):
    """`chi()` of spike counts in bins of `bin` ms (a float)."""
    return chi(counts(source, bin=bin, n=n, start=start, stop=stop))


class VectorStrength(NamedTuple):
    """strength: 0 to 1; phase: radians in -pi to pi; p: probability of so much or more in uniform phases; spikes: their number."""

    strength: float
    phase: float
    p: float
    spikes: int


def vector_strength(times, *, frequency=None, phases=None):
    """Length and angle of the mean of exp(i phase): how spikes lock to a rhythm of `frequency` Hz (phase 0 at t = 0), or to given phases.

    times: (S,) in ms, or None where `phases` (S,) in radians are given. No spikes: NaN. Goldberg and Brown 1969, J. Neurophysiol. 32;
    p by Rayleigh's test, exp(sqrt(1 + 4 n + 4 (n^2 - R^2)) - (1 + 2 n)), R = n strength (Zar 2010, Biostatistical Analysis, chapter 27).
    """
    if (frequency is None) == (phases is None):
        raise ValueError("give either frequency= (Hz) with times, or phases= (radians)")
    if phases is not None:
        angle = _signal(phases, "phases")
    else:
        t = in_ms(times)
        angle = 2 * np.pi * number(frequency, "frequency") * t / 1000.0
    if angle.ndim != 1:
        raise ValueError(f"times or phases must be one-dimensional, not {angle.shape}")
    size = len(angle)
    if size == 0:
        return VectorStrength(float("nan"), float("nan"), float("nan"), 0)
    mean = np.exp(1j * angle).mean()
    strength = min(float(abs(mean)), 1.0)
    p = np.exp(np.sqrt(1 + 4 * size + 4 * (size ** 2) * (1 - strength ** 2)) - (1 + 2 * size))
    return VectorStrength(strength, float(np.angle(mean)), float(min(p, 1.0)), size)
