"""Distances of spike trains: Victor-Purpura, van Rossum, ISI.

    victor_purpura([10, 20], [12], cost=0.1)
"""
import numpy as np

from ._spikes import in_ms, number


def _train(times, what):
    t = in_ms(times, what)
    if t.ndim != 1:
        raise ValueError(f"{what} must be one train, a one-dimensional array of times, not {t.shape}")
    return np.sort(t)


def victor_purpura(a, b, *, cost):
    """Smallest cost of turning train a (ms) into b: 1 for adding or deleting a spike, `cost` (1/ms) for moving it by 1 ms.

    cost 0: difference of the counts; large cost: number of spikes that do not coincide. Victor and Purpura 1996, J. Neurophysiol. 76;
    computed row by row: within a row, D(i, j) - j is a running minimum.
    """
    a, b, q = _train(a, "a"), _train(b, "b"), number(cost, "cost", positive=False)
    if q < 0:
        raise ValueError(f"cost must not be negative, it is {q:g}")
    j = np.arange(len(b) + 1.0)
    row = j.copy()
    for t in a:
        best = row + 1
        best[1:] = np.minimum(best[1:], row[:-1] + q * np.abs(t - b))
        row = np.minimum.accumulate(best - j) + j
    return float(row[-1])


def _exponential_sum(a, b, tau):
    """Sum over all pairs of exp(-|a - b| / tau), in linear time after sorting (Houghton and Kreuz 2012, Network 23)."""
    def before(x, y, inclusive):
        # Sum over pairs with y <= x (or y < x): what y has left behind, carried from one of y's spikes to the next.
        if not len(y):
            return 0.0
        left, trace, last = np.empty(len(y)), 0.0, y[0]
        for k, t in enumerate(y):
            trace = trace * np.exp(-(t - last) / tau) + 1.0
            left[k], last = trace, t
        at = np.searchsorted(y, x, side="right" if inclusive else "left") - 1
        ok = at >= 0
        return float((left[at[ok]] * np.exp(-(x[ok] - y[at[ok]]) / tau)).sum())
    return before(a, b, True) + before(b, a, False)


def van_rossum(a, b, *, tau):
    """Distance of trains a, b (ms) filtered by exp(-t/tau), t >= 0: square root of (1/tau) times the integral of the squared difference.

    One spike more: sqrt(1/2); two spikes d apart, one in each: sqrt(1 - exp(-d/tau)). van Rossum 2001, Neural Comput. 13.
    """
    a, b, tau = _train(a, "a"), _train(b, "b"), number(tau, "tau")
    square = _exponential_sum(a, a, tau) + _exponential_sum(b, b, tau) - 2 * _exponential_sum(a, b, tau)
    return float(np.sqrt(max(0.5 * square, 0.0)))


def isi_distance(a, b, *, start, stop):
    """Mean over time of |Ia - Ib| / max(Ia, Ib), where I is a train's interval at that time; 0 for equal trains, without a time scale.

    Kreuz, Haas, Morelli, Abarbanel and Politi 2007, J. Neurosci. Methods 165 (their ratio's size); before the first and after
    the last spike the interval to the window's end counts. a, b: ms, within start to stop (ms). An empty train is one interval.
    """
    start, stop = number(start, "start", positive=False), number(stop, "stop", positive=False)
    if not start < stop:
        raise ValueError(f"the window must not be empty: start is {start:g} ms, stop is {stop:g} ms")
    edges = []
    for t, name in ((_train(a, "a"), "a"), (_train(b, "b"), "b")):
        if len(t) and (t[0] < start or t[-1] > stop):
            raise ValueError(f"{name} has spikes outside of {start:g} to {stop:g} ms")
        edges.append(np.unique(np.concatenate([[start], t, [stop]])))
    cuts = np.unique(np.concatenate(edges))
    middle = 0.5 * (cuts[1:] + cuts[:-1])
    ia, ib = (np.diff(e)[np.searchsorted(e, middle) - 1] for e in edges)
    return float((np.abs(ia - ib) / np.maximum(ia, ib) * np.diff(cuts)).sum() / (stop - start))


def distance_matrix(trains, distance, **options):
    """Symmetric (n, n) matrix of distance(a, b, **options) over a list of trains (ms)."""
    trains = list(trains)
    result = np.zeros((len(trains), len(trains)))
    for i, a in enumerate(trains):
        for j in range(i):
            result[i, j] = result[j, i] = distance(a, trains[j], **options)
    return result
