"""Firing rates: of each neuron, of the population in bins, and smoothed.

    r = rates((times, ids), n=100, stop=1000)          # Hz, one for each neuron
    t, hz = population_rate((times, ids), n=100, stop=1000, bin=5)
"""
import numpy as np

from ._spikes import bin_count, binned, number, spikes


def rates(source, *, n=None, start=None, stop=None):
    """Mean rate of each neuron, (n,) in Hz: spikes in the window divided by its length; silent neurons are 0."""
    s = spikes(source, n=n, start=start, stop=stop).need("n", "window")
    return np.diff(s.offsets) * (1000.0 / s.duration)


def mean_rate(source, *, n=None, start=None, stop=None):
    """Mean rate over neurons and time in Hz (a float)."""
    s = spikes(source, n=n, start=start, stop=stop).need("n", "window")
    if s.n == 0:
        raise ValueError("a population of no neurons has no rate")
    return len(s) * 1000.0 / (s.duration * s.n)


def counts(source, *, bin, n=None, start=None, stop=None):
    """Spikes of each neuron in each bin, (bins, n) int64. `bin`: width in ms; what is left of the window after whole bins is not used."""
    s = spikes(source, n=n, start=start, stop=stop).need("n", "window")
    index, inside, bins = binned(s, number(bin, "bin"))
    if not s.n:
        return np.zeros((bins, 0), np.int64)
    return np.bincount(index[inside] * s.n + s.ids[inside], minlength=bins * s.n).reshape(bins, s.n)


def population_rate(source, *, bin=1.0, n=None, start=None, stop=None):
    """Rate of the population over time: (centres of the bins in ms (B,), rate per neuron in Hz (B,))."""
    s = spikes(source, n=n, start=start, stop=stop).need("n", "window")
    width = number(bin, "bin")
    index, inside, bins = binned(s, width)
    if s.n == 0:
        raise ValueError("a population of no neurons has no rate")
    rate = np.bincount(index[inside], minlength=bins) * (1000.0 / (width * s.n))
    return s.start + width * (np.arange(bins) + 0.5), rate


def smoothed_rate(source, *, width=5.0, kernel="gaussian", step=1.0, n=None, start=None, stop=None):
    """Rate of the population smoothed by a kernel of unit area: (times in ms (B,), rate per neuron in Hz (B,)).

    kernel "gaussian": standard deviation `width` ms; "box": total width `width` ms, centred; "exponential": causal, time constant `width`.
    Evaluated at spike times themselves (not at binned ones), every `step` ms from start to stop. The mass that a kernel loses beyond the
    window is restored by division (kernel estimates: Nawrot, Aertsen and Rotter 1999, J. Neurosci. Methods 94).
    """
    s = spikes(source, n=n, start=start, stop=stop).need("n", "window")
    width, step = number(width, "width"), number(step, "step")
    if kernel not in _CUMULATIVE:
        raise ValueError(f"kernel {kernel!r} is not known: one of {', '.join(_CUMULATIVE)}")
    if s.n == 0:
        raise ValueError("a population of no neurons has no rate")
    density, cumulative, reach = _DENSITY[kernel], _CUMULATIVE[kernel], _REACH[kernel] * width
    at = s.start + step * np.arange(bin_count(s, step) + 1)
    ordered = np.sort(s.times)
    low, high = np.searchsorted(ordered, at - reach), np.searchsorted(ordered, at + reach, side="right")
    total = np.array([density((t - ordered[a:b]) / width).sum() for t, a, b in zip(at, low, high)]) / width
    mass = cumulative((at - s.start) / width) - cumulative((at - s.stop) / width)
    return at, np.divide(total, mass, out=np.zeros_like(total), where=mass > 1e-12) * (1000.0 / s.n)


def _normal_cumulative(x):
    from math import erf
    return np.array([0.5 * (1 + erf(v / np.sqrt(2))) for v in x])


_DENSITY = {
    "gaussian": lambda x: np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi),
    "box": lambda x: (np.abs(x) <= 0.5).astype(float),
    "exponential": lambda x: np.where(x >= 0, np.exp(-np.maximum(x, 0)), 0.0),
}
_CUMULATIVE = {
    "gaussian": _normal_cumulative,
    "box": lambda x: np.clip(x + 0.5, 0, 1),
    "exponential": lambda x: np.where(x >= 0, -np.expm1(-np.maximum(x, 0)), 0.0),
}
_REACH = {"gaussian": 8.0, "box": 0.5, "exponential": 40.0}
