"""Variability and correlation of spike counts: Fano factors, pairwise correlations, correlograms.

    fano_factor((times, ids), window=100, n=100, stop=10_000)
    c = correlations((times, ids), bin=10, n=100, stop=10_000)
"""
import numpy as np

from ._spikes import integer, number, spikes
from .rates import counts


def fano_factor(source, *, window, n=None, start=None, stop=None):
    """Variance (divided by count - 1) over mean of each neuron's spike counts in successive windows of `window` ms, (n,).

    NaN for silent neurons. Poisson: 1; renewal processes: CV^2 as the window grows (Cox and Lewis 1966, chapter 4). Two windows at least.
    """
    c = counts(source, bin=window, n=n, start=start, stop=stop)
    if len(c) < 2:
        raise ValueError(f"one window of {window} ms has no variance: use shorter windows or a longer recording")
    mean = c.mean(0)
    return np.divide(c.var(0, ddof=1), mean, out=np.full(c.shape[1], np.nan), where=mean > 0)


def correlations(source, *, bin, n=None, start=None, stop=None):
    """Pearson's correlation of the spike counts of each pair, (n, n), in bins of `bin` ms. NaN where a neuron's count is constant."""
    c = counts(source, bin=bin, n=n, start=start, stop=stop).astype(float)
    if len(c) < 2:
        raise ValueError(f"one bin of {bin} ms has no correlation: use smaller bins or a longer recording")
    c -= c.mean(0)
    size = np.sqrt((c * c).sum(0))
    size[size == 0] = np.nan
    return np.clip((c.T @ c) / np.outer(size, size), -1, 1)


def mean_correlation(source, *, bin, n=None, start=None, stop=None):
    """Mean of `correlations()` over all pairs that have one (a float; NaN where there is none)."""
    c = correlations(source, bin=bin, n=n, start=start, stop=stop)
    pairs = c[np.triu_indices(len(c), 1)]
    pairs = pairs[np.isfinite(pairs)]
    return float(pairs.mean()) if len(pairs) else float("nan")


def _lags(a, b, reach):
    """All differences b - a within +-reach; a and b ascending."""
    first, last = np.searchsorted(b, a - reach), np.searchsorted(b, a + reach, side="right")
    number_of = last - first
    within = np.arange(number_of.sum()) - np.repeat(np.cumsum(number_of) - number_of, number_of)
    return b[np.repeat(first, number_of) + within] - np.repeat(a, number_of)


def _lag_counts(first, second, width, half):
    """Pairs in each of the 2 half + 1 bins of lags; a thousand spikes at a time, so that memory stays small."""
    found = np.zeros(2 * half + 1, np.int64)
    for begin in range(0, len(first), 1000):
        # Spikes on a grid have lags on a grid: an edge between two bins must not be decided by rounding.
        lags = _lags(first[begin:begin + 1000], second, (half + 0.5) * width * (1 + 1e-9))
        index = np.floor(lags / width + 0.5 + 1e-9).astype(np.int64) + half
        found += np.bincount(index[(index >= 0) & (index <= 2 * half)], minlength=2 * half + 1)
    return found


def cross_correlogram(source, i, j, *, bin=1.0, longest=50.0, scale="rate", n=None, start=None, stop=None):
    """Lags of neuron j's spikes behind neuron i's: (centres in ms (2 K + 1,), values (2 K + 1,)); a positive lag: j after i.

    i, j: ids, or arrays of ids, whose spikes are pooled. Bins of `bin` ms are centred on multiples of `bin` up to `longest`.
    scale "counts": pairs; "rate": rate of j (Hz, all its neurons together) given a spike of i, corrected for the part of the window that
    a lag leaves; "excess": that rate less j's mean rate, divided by it (0 for independent trains).
    Where i and j are the same, pairs of a spike with itself are left out (autocorrelogram). Perkel, Gerstein and Moore 1967, Biophys. J. 7.
    """
    if scale not in ("counts", "rate", "excess"):
        raise ValueError(f"scale {scale!r} is not known: one of counts, rate, excess")
    s = spikes(source, n=n, start=start, stop=stop)
    width, longest = number(bin, "bin"), number(longest, "longest")
    half = integer(int(np.floor(longest / width + 1e-9)), "longest / bin")
    first, second = _pool(s, i), _pool(s, j)
    found = _lag_counts(first, second, width, half)
    same = np.intersect1d(np.atleast_1d(i), np.atleast_1d(j))
    found[half] -= sum(len(s.train(int(k))) for k in same)
    centres = width * np.arange(-half, half + 1)
    if scale == "counts":
        return centres, found
    duration = s.duration
    left = duration - np.abs(centres)
    if left.min() <= 0:
        raise ValueError(f"lags up to {longest:g} ms need a longer window than {duration:g} ms")
    rate = found * (1000.0 * duration / (max(len(first), 1) * width)) / left
    if scale == "rate":
        return centres, rate
    mean = len(second) * 1000.0 / duration
    return centres, rate / mean - 1 if mean else np.full(len(rate), np.nan)


def _pool(s, which):
    names = np.atleast_1d(np.asarray(which))
    if names.ndim != 1 or names.dtype.kind not in "iu" or len(np.unique(names)) != len(names):
        raise ValueError(f"neurons of a correlogram are an id or an array of different ids, not {which!r}")
    return np.sort(np.concatenate([s.train(int(k)) for k in names]))
