"""Sums, products, extremes of groups of elements, and the way of values from sources over synapses to targets.

    bm.segment_sum(x, ids, 10); bm.pre2post_sum(r, 10, post_ids, pre_ids); bm.syn2post_mean(g, post_ids, 10)

A traced sum goes through the core's scatter with addition; other traced groups go through a table of the members of each group,
which wants the groups to be known (not traced).
"""
import math

import numpy as np

from .._array import Array, unwrap
from .._errors import MathError
from .._graph import cast, csr_product, dtype_of, is_sym, kind_of, lift, put, take as _take
from ._tracing import has_node, plain
from .elementwise import exp, maximum, minimum, nan_to_num, sqrt, where
from .reductions import max as _max, min as _min, prod as _prod

__all__ = []
_START = {"sum": 0, "prod": 1}


def _public(function):
    __all__.append(function.__name__)
    return function


def _neutral(kind, dtype):
    if kind in _START:
        return _START[kind]
    if kind_of(dtype) == "f":
        return -math.inf if kind == "max" else math.inf
    return np.iinfo(dtype).min if kind == "max" else np.iinfo(dtype).max


def _grouped(kind, x, ids, count):
    """(count,) + x.shape[1:]: elements of the first axis with one id together; ids outside of [0, count) are left out."""
    x, ids = Array(x), lift(unwrap(ids))
    if kind_of(x.dtype) == "b":
        x = Array(cast(x.value, "i"))
    if ids.ndim != 1 or x.shape[:1] != ids.shape:
        raise ValueError(f"{x.shape} values want as many whole numbers as groups' ids, not {ids.shape}")
    if count is None:
        count = int(plain(Array(ids), "segment_sum without num_segments").max()) + 1 if ids.shape[0] else 0
    count = int(count)
    if not has_node(x) and not is_sym(ids):
        return _grouped_numbers(kind, x.value, ids, count)
    if kind == "sum" and (is_sym(ids) or x.ndim == 1):
        return _scattered(x, ids, count)
    return _table(kind, x, plain(Array(ids), f"a group's {kind}"), count)


def _grouped_numbers(kind, x, ids, count):
    out = np.full((count,) + x.shape[1:], _neutral(kind, x.dtype), x.dtype)
    here = (ids >= 0) & (ids < count)
    {"sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum}[kind].at(out, ids[here], x[here])
    return Array(out)


def _scattered(x, ids, count):
    if x.ndim != 1:
        plain(Array(ids), "a traced group's sum of rows")
    here = where(Array(ids) < count, Array(ids), -1)
    start = np.zeros(count + 1, x.dtype)
    return Array(put(start, x.value, where(here < 0, count, here).value, True))[:count]


def _table(kind, x, ids, count):
    """Groups as rows of a table that is filled up with the neutral element."""
    here = np.flatnonzero((ids >= 0) & (ids < count))
    if not here.size:
        return Array(np.full((count,) + x.shape[1:], _neutral(kind, x.dtype), x.dtype))
    order = here[np.argsort(ids[here], kind="stable")]
    sizes = np.bincount(ids[here], minlength=count)
    width = max(int(sizes.max()) if count else 0, 1)
    table = np.full((count, width), -1, np.int64)
    table[ids[order], np.arange(order.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)] = order
    rest = int(math.prod(x.shape[1:]))
    index = np.maximum(table, 0)[..., None] * rest + np.arange(rest)
    member = np.broadcast_to((table >= 0)[..., None], index.shape)
    from .reductions import sum as _sum
    reduce = {"sum": _sum, "prod": _prod, "max": _max, "min": _min}[kind]
    padded = where(member, Array(_take(x.value, index)), np.asarray(_neutral(kind, x.dtype), x.dtype))
    return reduce(padded, axis=1).reshape((count,) + x.shape[1:])


def _segment(kind):
    def call(data, segment_ids, num_segments=None, *_, **__):
        return _grouped(kind, data, segment_ids, num_segments)
    call.__name__ = call.__qualname__ = f"segment_{kind}"
    call.__doc__ = f"The {kind} of the rows of data with one id each; ids outside of [0, num_segments) are left out."
    return call


segment_sum, segment_prod, segment_max, segment_min = (_segment(kind) for kind in ("sum", "prod", "max", "min"))
unsorted_segment_sum, unsorted_segment_prod, unsorted_segment_max, unsorted_segment_min = segment_sum, segment_prod, segment_max, segment_min


def _counts(data, ids, count):
    return _grouped("sum", np.ones(Array(data).shape, dtype_of("f")), ids, count)


@_public
def segment_mean(data, segment_ids, num_segments=None):
    """The mean of the rows of each id; 0 where there is none."""
    return nan_to_num(segment_sum(data, segment_ids, num_segments) / _counts(data, segment_ids, num_segments))


@_public
def unsorted_segment_mean(data, segment_ids, num_segments):
    """segment_mean."""
    return segment_mean(data, segment_ids, num_segments)


@_public
def unsorted_segment_sqrt_n(data, segment_ids, num_segments):
    """The sum over the square root of the number of members; 0 where there is none."""
    return nan_to_num(segment_sum(data, segment_ids, num_segments) / sqrt(_counts(data, segment_ids, num_segments)))


__all__ += [f"{p}segment_{kind}" for p in ("", "unsorted_") for kind in ("sum", "prod", "max", "min")]


# ---- sources -> synapses -> targets ------------------------------------------------------------------------------------

def _of_synapses(values, pre_ids, name):
    """The values of each synapse's source; one number stays one."""
    values = Array(values)
    if not values.ndim:
        return values
    if pre_ids is None:
        raise MathError(f"bm.{name} of one value a source needs pre_ids, the source of each synapse")
    return values[Array(pre_ids)]


def _spread(values, ids):
    """One number, or one a synapse, as one a synapse, real."""
    return Array(cast(unwrap(Array(values)), "f")) + np.zeros(np.shape(ids), dtype_of("f"))


@_public
def pre2syn(pre_values, pre_ids):
    """The value of each synapse's source."""
    values = Array(pre_values)
    return values[Array(pre_ids)] if values.ndim else values + np.zeros(len(pre_ids), values.dtype)


@_public
def pre2post_sum(pre_values, post_num, post_ids, pre_ids=None):
    """The sum over a target's synapses of the values of their sources."""
    return _grouped("sum", _spread(_of_synapses(pre_values, pre_ids, "pre2post_sum"), post_ids), post_ids, post_num)


@_public
def pre2post_prod(pre_values, post_num, post_ids, pre_ids=None):
    """Zeros: BrainPy multiplies a target's values into 0. Use bm.syn2post_prod(bm.pre2syn(...), ...) for their product."""
    _of_synapses(pre_values, pre_ids, "pre2post_prod")
    return Array(np.zeros(int(post_num), dtype_of("f")))


@_public
def pre2post_max(pre_values, post_num, post_ids, pre_ids=None):
    """The largest of 0 and the values of a target's sources."""
    return maximum(_grouped("max", _spread(_of_synapses(pre_values, pre_ids, "pre2post_max"), post_ids), post_ids, post_num), 0.)


@_public
def pre2post_min(pre_values, post_num, post_ids, pre_ids=None):
    """The smallest of 0 and the values of a target's sources."""
    return minimum(_grouped("min", _spread(_of_synapses(pre_values, pre_ids, "pre2post_min"), post_ids), post_ids, post_num), 0.)


@_public
def pre2post_mean(pre_values, post_num, post_ids, pre_ids=None):
    """The mean of the values of a target's sources; 0 without a source."""
    values = _of_synapses(pre_values, pre_ids, "pre2post_mean")
    return syn2post_mean(_spread(values, post_ids), post_ids, post_num)


def _to_post(kind):
    def call(syn_values, post_ids, post_num, indices_are_sorted=False):
        return _grouped(kind, syn_values, post_ids, post_num)
    call.__name__ = call.__qualname__ = f"syn2post_{kind}"
    call.__doc__ = f"The {kind} of the values of a target's synapses."
    return call


syn2post_sum, syn2post_prod, syn2post_max, syn2post_min = (_to_post(kind) for kind in ("sum", "prod", "max", "min"))
syn2post = syn2post_sum
__all__ += ["syn2post", *(f"syn2post_{kind}" for kind in ("sum", "prod", "max", "min"))]


@_public
def syn2post_mean(syn_values, post_ids, post_num, indices_are_sorted=False):
    """The mean of the values of a target's synapses; 0 without one."""
    return segment_mean(syn_values, post_ids, post_num)


@_public
def syn2post_softmax(syn_values, post_ids, post_num, indices_are_sorted=False):
    """exp(value) over the sum of it over the synapses of the same target."""
    values = Array(cast(unwrap(Array(syn_values)), "f"))
    top = _grouped("max", values, post_ids, post_num)
    weight = exp(values - top[Array(post_ids)])
    return nan_to_num(weight / _grouped("sum", weight, post_ids, post_num)[Array(post_ids)])


@_public
def pre2post_event_sum(events, pre2post, post_num, values=1.):
    """target[j] = the sum of the values of the synapses i -> j whose events[i] is true; pre2post: (indices, indptr), values: one or one a synapse."""
    indices, indptr = (plain(Array(part), "pre2post_event_sum") for part in pre2post)
    return Array(csr_product(unwrap(events), unwrap(values), indices, indptr, post_num))


@_public
def pre2post_coo_event_sum(events, pre_ids, post_ids, post_num, values=1.):
    """The same with the source and the target of each synapse."""
    from .sparse import coo_to_csr
    pre, post = plain(Array(pre_ids)), plain(Array(post_ids))
    order = np.argsort(pre, kind="stable")
    indices, indptr = coo_to_csr(pre, post, num_row=Array(events).shape[0])
    values = Array(values)
    values = values[order] if values.size > 1 else values
    return pre2post_event_sum(events, (indices, indptr), post_num, values)


pre2post_csr_event_sum = pre2post_event_sum
__all__.append("pre2post_csr_event_sum")
