"""`bm.event`: products of sparse matrices with vectors of events.

    bm.event.csrmv(w, indices, indptr, spikes, shape=(n_pre, n_post), transpose=True)
"""
from .._array import Array
from .sparse import csrmv as _csrmv

__all__ = ["csrmv", "info"]


def csrmv(data, indices, indptr, events, *, shape, transpose=False):
    """The matrix (or its transpose) times a vector of events: true ones, or numbers above 0, count as 1."""
    events = Array(events)
    return _csrmv(data, indices, indptr, events if events.dtype == bool else events > 0, shape=shape, transpose=transpose)


def info(events):
    """(the numbers of the events that happened, in order, filled up with -1; how many there are), of one vector (not traced)."""
    import numpy as np

    from ._tracing import plain
    hits = np.flatnonzero(plain(Array(events), "event.info"))
    out = np.full(Array(events).shape[0], -1, np.int32)
    out[:hits.size] = hits
    return Array(out), Array(np.asarray([hits.size], np.int32))
