"""Interspike intervals and their variability: distribution, CV, CV2, LV, LvR.

    cv((times, ids), n=100)           # one for each neuron, NaN where there are too few spikes
    edges, density = isi_histogram((times, ids))
"""
import numpy as np

from ._spikes import integer, number, spikes


def isi(source, *, n=None, start=None, stop=None):
    """Interspike intervals of each neuron: list of arrays in ms (empty for fewer than two spikes)."""
    return [np.diff(t) for t in spikes(source, n=n, start=start, stop=stop).trains()]


def pooled_isi(source, *, n=None, start=None, stop=None):
    """All neurons' intervals in one array, ms, by neuron, then time."""
    s = spikes(source, n=n, start=start, stop=stop)
    return np.diff(s.times)[np.diff(s.ids) == 0] if len(s) else np.zeros(0)


def isi_histogram(source, *, bins=50, longest=None, density=True, n=None, start=None, stop=None):
    """Distribution of all intervals: (edges in ms (B + 1,), density in 1/ms (B,), or counts where density=False).

    bins: number of bins, or edges in ms. longest: upper end in ms; the longest interval by default. The density is of all intervals, so
    that its integral is less than 1 where some are longer than `longest`. A finite window favours short intervals.
    """
    values = pooled_isi(source, n=n, start=start, stop=stop)
    if np.ndim(bins) == 0:
        top = number(longest, "longest") if longest is not None else (values.max() if values.size and values.max() > 0 else 1.0)
        edges = np.linspace(0.0, top, integer(bins, "bins", least=1) + 1)
    else:
        edges = np.asarray(bins, float)
        if edges.ndim != 1 or len(edges) < 2 or not np.all(np.diff(edges) > 0):
            raise ValueError("edges of bins must ascend, and be two at least")
    found = np.histogram(values, edges)[0]
    if not density:
        return edges, found
    return edges, found / (np.diff(edges) * max(len(values), 1))


def _each(source, least, function, n, start, stop):
    """function(intervals) of each neuron with at least `least` intervals, NaN for the others."""
    found = isi(source, n=n, start=start, stop=stop)
    return np.array([function(i) if len(i) >= least else np.nan for i in found])


def cv(source, *, least=2, n=None, start=None, stop=None):
    """Coefficient of variation of each neuron's intervals, (n,): standard deviation (divided by the count) over mean.

    NaN for neurons with fewer than `least` intervals (two at least). Poisson: 1; gamma of shape k: 1/sqrt(k); regular: 0.
    """
    return _each(source, integer(least, "least", 2), lambda i: i.std() / i.mean() if i.mean() > 0 else np.nan, n, start, stop)


def _pairs(i):
    """Sums and differences of successive intervals; a pair of zeros (two spikes at one time, thrice) says nothing and is left out."""
    total = i[1:] + i[:-1]
    keep = total > 0
    return total[keep], (i[1:] - i[:-1])[keep]


def cv2(source, *, least=2, n=None, start=None, stop=None):
    """CV2 of each neuron, (n,): mean of 2|I(k+1) - I(k)| / (I(k+1) + I(k)); insensitive to slow changes of the rate.

    Holt, Softky, Koch and Douglas 1996, J. Neurophysiol. 75. Poisson: 1; regular: 0. NaN below `least` intervals.
    """
    def value(i):
        total, apart = _pairs(i)
        return np.mean(2 * np.abs(apart) / total) if len(total) else np.nan
    return _each(source, integer(least, "least", 2), value, n, start, stop)


def lv(source, *, least=2, n=None, start=None, stop=None):
    """Local variation of each neuron, (n,): mean of 3 ((I(k) - I(k+1)) / (I(k) + I(k+1)))^2.

    Shinomoto, Shima and Tanji 2003, Neural Comput. 15. Poisson: 1; gamma of shape k: 3/(2k + 1); regular: 0.
    """
    def value(i):
        total, apart = _pairs(i)
        return np.mean(3 * (apart / total) ** 2) if len(total) else np.nan
    return _each(source, integer(least, "least", 2), value, n, start, stop)


def lvr(source, *, refractoriness=5.0, least=2, n=None, start=None, stop=None):
    """Revised local variation of each neuron, (n,): 3 times the mean of (1 - 4 I I' / (I + I')^2) (1 + 4 R / (I + I')), R in ms.

    Shinomoto et al. 2009, PLoS Comput. Biol. 5, e1000433 (R = 5 ms).
    """
    r = number(refractoriness, "refractoriness", positive=False)
    if r < 0:
        raise ValueError(f"refractoriness must not be negative, it is {r:g} ms")

    def value(i):
        total, apart = _pairs(i)
        return np.mean(3 * (apart / total) ** 2 * (1 + 4 * r / total)) if len(total) else np.nan
    return _each(source, integer(least, "least", 2), value, n, start, stop)
