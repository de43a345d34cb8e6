"""Helpers of indices and of tables: triangles, diagonals, searches, interpolation.

    rows, columns = bm.triu_indices(4, k=1); bm.searchsorted(edges, x); bm.interp(x, xs, ys)
"""
import numpy as np

from .._array import Array
from .._graph import cast
from ._tracing import eager, has_node, plain, wrapped
from .elementwise import clip, where
from .reductions import sum as _sum
from .shapes import take

__all__ = []
for _name in ("tri tril_indices tril_indices_from triu_indices triu_indices_from diag_indices diag_indices_from indices mask_indices ix_ "
              "ravel_multi_index unravel_index packbits unpackbits vander").split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)


def _whole(x):
    return Array(cast(x.value, "i"))


def searchsorted(a, v, side="left", sorter=None):
    """Places at which v would keep the ascending array a in order; a traced v is compared with every element of a."""
    if not has_node((a, v)):
        return wrapped(np.searchsorted(plain(a), plain(v), side, plain(sorter)))
    if sorter is not None:
        a = take(a, sorter)
    a, v = Array(a), Array(v)
    left = v.reshape(v.shape + (1,))
    return _whole(_sum(a < left if side == "left" else a <= left, axis=-1))


def digitize(x, bins, right=False):
    """The number of the bin of each element, as numpy.digitize; x may be traced."""
    edges = np.asarray(plain(bins, "digitize"))
    if not has_node(x):
        return wrapped(np.digitize(plain(Array(x)), edges, right))
    if edges.size > 1 and edges[0] > edges[-1]:
        return len(edges) - searchsorted(edges[::-1].copy(), x, side="right" if right else "left")
    return searchsorted(edges, x, side="left" if right else "right")


def interp(x, xp, fp, left=None, right=None, period=None):
    """Linear interpolation of the points (xp, fp), xp ascending; x may be traced."""
    if not has_node((x, xp, fp)):
        return wrapped(np.interp(plain(x), plain(xp), plain(fp), plain(left), plain(right), period))
    if period is not None:
        plain(x, "interp with period=")
    x, xp, fp = Array(x), Array(xp), Array(fp)
    high = clip(searchsorted(xp, x, side="right"), 1, xp.size - 1)
    x0, x1, y0, y1 = xp[high - 1], xp[high], fp[high - 1], fp[high]
    width = x1 - x0
    out = y0 + (y1 - y0) * ((x - x0) / where(width == 0, 1., width))
    out = where(x < xp[0], fp[0] if left is None else left, out)
    return where(x > xp[-1], fp[-1] if right is None else right, out)


def isin(element, test_elements, assume_unique=False, invert=False, *, kind=None):
    """Whether each element is among test_elements; element may be traced."""
    found = Array(element)
    found = _sum(found.reshape(found.shape + (1,)) == Array(test_elements).flatten(), axis=-1) > 0
    return ~found if invert else found


def in1d(ar1, ar2, assume_unique=False, invert=False, *, kind=None):
    """isin() of the flattened ar1."""
    return isin(Array(ar1).flatten(), ar2, assume_unique, invert)


__all__ += ["searchsorted", "digitize", "interp", "isin", "in1d"]
