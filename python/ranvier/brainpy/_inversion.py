"""Binomial numbers of a traced step, by inversion: a uniform number's place among the sums of the probabilities.

    k = binomial(source, n, p)        # source: of _draws; n, p: known now (n up to a few trials: p may be traced)

Sums are exact within the distance of two uniform numbers (2^-24 in float32, 2^-53 in float64); what is rarer does not come.
"""
import numpy as np

from ._errors import NotTraceable
from ._graph import apply, broadcast_to, cast, gather, is_sym, lift, mode

_TRIALS = 32  # one by one, where p is traced
_LINEAR = 32  # so many edges are compared one after the other; more by halves
_MOST = 2 ** 22  # numbers in a table for pairs of n and p


def binomial(source, n, p):
    n, p = lift(n), lift(p)
    if is_sym(n) or is_sym(p) and np.max(n) > _TRIALS:
        raise NotTraceable("bm.random.binomial of traced n, or of traced p and many trials, has no compiled form", "use known n and p, or bm.random.poisson")
    n = np.asarray(n, np.int64)
    if n.size and n.min() < 0:
        raise ValueError(f"bm.random.binomial: n is 0 or more, not {n.min()}")
    if is_sym(p):
        hits = [apply("logic_and", apply("lt", source.uniform(), p), n > k) for k in range(int(n.max()))]
        return _count(hits, source.shape)
    if p.size and not (p.min() >= 0 and p.max() <= 1):
        raise ValueError(f"bm.random.binomial: p is a number from 0 to 1, not {p.min() if not p.min() >= 0 else p.max()}")
    pairs, which = np.unique(np.stack([a.reshape(-1) for a in np.broadcast_arrays(n.astype(float), p.astype(float))], axis=1), axis=0, return_inverse=True)
    tables = [_edges(int(a), float(b)) for a, b in pairs]
    u = source.uniform()
    if len(tables) == 1 and len(tables[0][1]) <= _LINEAR:
        first, edges = tables[0]
        return apply("add", _count([apply("ge", u, float(edge)) for edge in edges], source.shape), first)
    return _searched(u, tables, np.broadcast_to(which.reshape(np.broadcast_shapes(n.shape, p.shape)), source.shape))


def _count(flags, shape):
    """How many are true, element by element."""
    total = broadcast_to(lift(0), shape)
    for flag in flags:
        total = apply("add", total, cast(flag, "i"))
    return total


def _edges(n, p):
    """(the least number that comes, sums of the probabilities of it and those above, up to 1): from the most frequent one outwards, by products."""
    if n == 0 or p in (0., 1.):
        return n if p == 1. else 0, np.empty(0)
    least = 2. ** (-55 if mode.x64 else -26)
    odds, top = p / (1 - p), min(int((n + 1) * p), n)
    above, below = [1.], [1.]
    for k in range(top + 1, n + 1):
        above.append(above[-1] * odds * (n - k + 1) / k)
        if above[-1] < least ** 2:
            break
    for k in range(top, 0, -1):
        below.append(below[-1] * k / ((n - k + 1) * odds))
        if below[-1] < least ** 2:
            break
    sums = np.cumsum(np.array(below[:0:-1] + above))
    sums /= sums[-1]
    first = int(np.searchsorted(sums, least))
    last = int(np.searchsorted(sums, 1 - least))
    return top - len(below) + 1 + first, sums[first:last]


def _searched(u, tables, which):
    """The place of u in the table of each element, by halves."""
    depth = max(len(edges) for _, edges in tables).bit_length()
    width = 2 ** depth
    if width * len(tables) > _MOST:
        raise NotTraceable(f"bm.random.binomial of {len(tables)} pairs of n and p has no compiled form", "draw by parts of a population that share n and p")
    table = np.full((len(tables), width), 2., mode.float_)
    for row, (_, edges) in zip(table, tables):
        row[:len(edges)] = edges
    table, base = table.reshape(-1), which.astype(mode.int_) * width
    place = broadcast_to(lift(0), u.shape)
    for half in (2 ** k for k in reversed(range(depth))):
        beyond = apply("ge", u, gather(table, apply("add", place, base + (half - 1))))
        place = apply("add", place, apply("select", beyond, half, 0))
    return apply("add", place, np.array([first for first, _ in tables], mode.int_)[which])
