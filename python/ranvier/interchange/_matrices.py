"""Connectivity as matrices and lists."""
from ..records import Connectivity
from ..units import Quantity
from ._needs import need, recorded


def _plain(x):
    return x.magnitude if isinstance(x, Quantity) else x


def to_scipy(connectivity, values="weight"):
    """A scipy.sparse.csr_array (sources, targets) of the weights (or "delay", in ms; or "count"), in the unit of connectivity.weight. Several
    synapses of one pair are summed (of delays: an error).
    """
    sparse = need("scipy.sparse", "to_scipy()", "scipy")
    recorded(connectivity, Connectivity, "to_scipy()")
    import numpy as np
    pre, post = connectivity.pre.astype(np.int64), connectivity.post.astype(np.int64)
    if values not in ("weight", "delay", "count"):
        raise ValueError(f"there is no {values!r}: give \"weight\", \"delay\" or \"count\"")
    if values == "delay" and len(np.unique(pre * connectivity.shape[1] + post)) < len(pre):
        raise ValueError("some pairs have several synapses, whose delays cannot be summed: take to_pairs()")
    data = np.ones(len(pre)) if values == "count" else np.broadcast_to(_plain(getattr(connectivity, values)), pre.shape)
    return sparse.csr_array(sparse.coo_array((np.array(data, float), (pre, post)), shape=connectivity.shape))


def to_pairs(connectivity):
    """A dict of arrays, one entry a synapse: pre, post, weight, delay (with their units)."""
    recorded(connectivity, Connectivity, "to_pairs()")
    import numpy as np
    full = lambda x: Quantity(np.broadcast_to(x.magnitude, connectivity.pre.shape), x.unit) if isinstance(x, Quantity) else \
        np.broadcast_to(x, connectivity.pre.shape)
    return {"pre": connectivity.pre, "post": connectivity.post, "weight": full(connectivity.weight), "delay": full(connectivity.delay)}


def from_scipy(weights, unit=None, delays=None):
    """A rule of a sparse matrix (sources, targets): each stored entry is a synapse of that weight in `unit`. delays: a sparse matrix of the same
    entries, in ms. UserError as for a list.
    """
    import numpy as np
    from .. import rules
    if delays is None:
        return rules.matrix(weights if unit is None else (weights, unit))
    one, two = weights.tocsr(copy=True), delays.tocsr(copy=True)
    for each in (one, two):
        each.sum_duplicates()
    if one.shape != two.shape or not (np.array_equal(one.indptr, two.indptr) and np.array_equal(one.indices, two.indices)):
        raise ValueError("weights and delays must have the same entries")
    pre = np.repeat(np.arange(one.shape[0]), np.diff(one.indptr))
    return rules.explicit_list(pre, one.indices, one.data if unit is None else Quantity(np.asarray(one.data, float), unit),
                               Quantity(np.asarray(two.data, float), "ms"))


def from_dense(weights, unit=None):
    """A rule of a matrix (sources, targets); entries other than 0 are synapses. A boolean matrix leaves the weight to the projection."""
    import numpy as np
    from .. import rules
    weights = np.asarray(weights) if unit is not None else weights
    return rules.matrix(weights if unit is None else Quantity(weights, unit))


def from_pairs(pre, post, weight=None, delay=None, multiple=True):
    """A rule of a list of synapses, as to_pairs() gives it."""
    from .. import rules
    return rules.explicit_list(pre, post, weight, delay, multiple=multiple)
