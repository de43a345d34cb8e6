"""Elements in ascending order: NumPy's sort outside of a trace; inside each element is compared with each other of its row.

    bm.sort(x); bm.argsort(x, axis=0); bm.median(x)      # NaN comes last; equal elements keep their order
"""
import numpy as np

from .._array import Array
from .._errors import NotTraceable
from .._graph import lift, mode, put
from ._tracing import give, has_node, plain, wrapped
from .elementwise import isnan, logical_and, logical_not, logical_or, where
from .reductions import any as _any, sum as _sum
from .shapes import moveaxis

__all__ = ["sort", "argsort", "msort", "median"]
_PAIRS = 2 ** 22  # so many comparisons may a step have


def sort(a, axis=-1, kind="stable", order=None):
    """The elements in ascending order along an axis (None: of the flattened array); always by the stable method."""
    if not has_node(a):
        return wrapped(np.sort(plain(a, "sort"), axis, kind="stable"))
    return _rows(a, axis, lambda values: values)


def argsort(a, axis=-1, kind="stable", order=None):
    """The indices that sort along an axis (None: of the flattened array)."""
    if not has_node(a):
        return Array(np.argsort(plain(a, "argsort"), axis, kind="stable").astype(mode.int_))
    return _rows(a, axis, lambda values: np.broadcast_to(np.arange(values.shape[-1], dtype=mode.int_), values.shape))


def msort(a):
    """sort() along the first axis."""
    return sort(a, axis=0)


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """The middle element, or the mean of the middle two; NaN where there is one."""
    return give(_median(a, axis, keepdims), out)


def _median(a, axis, keepdims):
    if not has_node(a):
        return wrapped(np.median(plain(a, "median"), axis=axis, keepdims=keepdims))
    if isinstance(axis, (list, tuple)):
        raise NotTraceable("bm.median over several axes of a traced value is not supported", "reshape these axes to one")
    a = Array(a)
    row = a.flatten() if axis is None else moveaxis(a, axis, -1)
    ordered, n = sort(row).astype(mode.float_), row.shape[-1]
    middle = ordered[..., n // 2] if n % 2 else (ordered[..., n // 2 - 1] + ordered[..., n // 2]) * 0.5
    out = where(_any(row != row, axis=-1), np.nan, middle)
    return out if not keepdims else out.reshape((1,) * a.ndim) if axis is None else moveaxis(out.reshape(out.shape + (1,)), -1, axis)


def _rows(a, axis, what):
    """what(a with the axis last), each row of it in the order of a's elements, with the axis back in its place."""
    a = Array(a).flatten() if axis is None else Array(a)
    axis = -1 if axis is None else axis
    if not a.ndim:
        raise ValueError("a number without an axis cannot be sorted")
    values = moveaxis(a, axis, -1)
    n = values.shape[-1]
    if values.size * n > _PAIRS:
        raise NotTraceable(f"sorting {values.size // n} rows of {n} traced elements is not compiled: it compares each with each",
                           "sort before or after the loop")
    one, other = values.reshape(values.shape + (1,)), values.reshape(values.shape[:-1] + (1, n))
    earlier = np.arange(n) < np.arange(n)[:, None]
    before = logical_or(other < one, logical_and(other == one, earlier))
    if values.dtype.kind == "f":
        before = logical_or(before, logical_and(isnan(one), logical_or(logical_not(isnan(other)), earlier)))
    first = np.arange(0, values.size, n, dtype=mode.int_).reshape(values.shape[:-1] + (1,))
    place = _sum(before, axis=-1) + first  # how many come before: each place once
    source = lift(what(values))
    return moveaxis(Array(put(np.zeros(values.shape, source.dtype), source, place.value)), -1, axis)
