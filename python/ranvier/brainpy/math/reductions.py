"""Sums, extremes, moments and running sums, along all axes, one or several.

    bm.sum(x); bm.mean(x, axis=0, keepdims=True); bm.cumsum(x)       # on arrays and on traced values

A traced product and traced running sums are made of log2(n) elementwise operations. What needs an order of the elements
(percentile, histogram, ...) is refused in a trace; sort, argsort, median: see ordering.py.
"""
import math as _math
from inspect import signature

import numpy as np

from .._array import Array, unwrap
from .._graph import cast, dtype_of, kind_of, lift, reduce_all as _all_of, reduce_axis as _axis_of, take, view
from ._tracing import eager, has_node, plain, wrapped
from .elementwise import abs as _abs, exp, isnan, log, logical_and, sqrt, where

__all__ = []


def _public(function):
    __all__.append(function.__name__)
    return function


def _axes(axis, ndim):
    """The axes as non-negative numbers, descending; None is all of them."""
    if axis is None:
        return list(range(ndim - 1, -1, -1))
    out = []
    for a in axis if isinstance(axis, (tuple, list)) else (axis,):
        if not -ndim <= int(a) < ndim:
            raise ValueError(f"axis {a} is outside of an array of {ndim} dimensions")
        out.append(int(a) % ndim)
    if len(set(out)) != len(out):
        raise ValueError(f"an axis is named twice: {axis}")
    return sorted(out, reverse=True)


def _kept(shape, axes):
    return tuple(1 if k in axes else n for k, n in enumerate(shape))


def _along(kind, value, axis, keepdims):
    """A reduction of the core ("sum", "max", "min", "any", "all") of a node."""
    axes = _axes(axis, value.ndim)
    shape = _kept(value.shape, axes)
    if axis is None and value.ndim:
        out = _all_of(kind, value)
    else:
        out = value
        for a in axes:
            out = _axis_of(kind, out, a)
    return Array(view(out, shape) if keepdims else out)


def _delivered(result, out=None, dtype=None):
    """The result in a dtype; written into the Array `out`, if there is one, which is then given back."""
    if dtype is not None:
        result = result.astype(dtype)
    if out is None:
        return result
    out.value = unwrap(result)
    return out


def _numpys(call, name, function, doc):
    """Gives a function the name and the signature of NumPy's."""
    call.__name__ = call.__qualname__ = name
    call.__doc__, call.__signature__ = doc, signature(function)
    return call


def _reduction(name, function, traced):
    order = list(signature(function).parameters)

    def call(*args, **keywords):
        given = dict(zip(order, args), **keywords)
        return reduce(given.pop("a"), **given)

    def reduce(x, axis=None, dtype=None, out=None, keepdims=False, **keywords):
        if has_node(x) or has_node(keywords):
            if "where" in keywords or "initial" in keywords:
                plain(unwrap(x), f"{name} with where= or initial=")
            result = traced(lift(unwrap(x)), axis, bool(keepdims), **keywords)
        else:
            value = lift(unwrap(x))
            extra = {} if dtype is None else {"dtype": dtype_of(kind_of(dtype))}
            with np.errstate(all="ignore"):
                result = wrapped(function(value, axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=keepdims, **extra, **keywords))
        return _delivered(result, out, dtype)
    return _public(_numpys(call, name, function, f"numpy.{name} along all axes, one or a tuple of them; also of traced values."))


def _count(shape, axis):
    return _math.prod(shape[a] for a in _axes(axis, len(shape)))


def _sum(x, axis, keepdims):
    return _along("sum", cast(x, "i") if kind_of(x.dtype) == "b" else x, axis, keepdims)


def _mean(x, axis, keepdims):
    return _sum(cast(x, "f"), axis, keepdims) / float(_count(x.shape, axis))


def _var(x, axis, keepdims, ddof=0):
    gap = Array(cast(x, "f")) - _mean(x, axis, True)
    return _sum((gap * gap).value, axis, keepdims) / float(_count(x.shape, axis) - ddof)


def _paired(x, axis, keepdims):
    """The product: the second half times the first, until one is left."""
    axes = _axes(axis, x.ndim)
    out = Array(cast(x, "i") if kind_of(x.dtype) == "b" else x)
    for a in axes:
        while out.shape[a] > 1:
            half = out.shape[a] // 2
            index = (slice(None),) * a
            rest = out[index + (slice(2 * half, None),)]
            out = out[index + (slice(0, half),)] * out[index + (slice(half, 2 * half),)]
            if rest.shape[a]:
                out = Array(_joined(out, rest, a))
    return out if keepdims else Array(view(out.value, tuple(n for k, n in enumerate(x.shape) if k not in axes)))


def _joined(a, b, axis):
    from .shapes import concatenate
    return concatenate((a, b), axis=axis).value


def _without_nan(reduce, fill):
    def traced(x, axis, keepdims, **keywords):
        return reduce(where(isnan(Array(x)), fill, Array(x)).value, axis, keepdims, **keywords)
    return traced


def _nanmean(x, axis, keepdims):
    here = Array(cast((~isnan(Array(x))).value, "f"))
    return _without_nan(_sum, 0.)(x, axis, keepdims) / _sum(here.value, axis, keepdims)


def _nanvar(x, axis, keepdims, ddof=0):
    here = ~isnan(Array(x))
    gap = where(here, Array(x) - _nanmean(x, axis, True), 0.)
    return _sum((gap * gap).value, axis, keepdims) / (_sum(cast(here.value, "f"), axis, keepdims) - float(ddof))


def _root(of):
    return lambda *args, **keywords: sqrt(of(*args, **keywords))


def _extreme(kind):
    return lambda x, axis, keepdims: _along(kind, cast(x, "i") if kind_of(x.dtype) == "b" else x, axis, keepdims)


sum = _sum_of = _reduction("sum", np.sum, _sum)
prod = product = _reduction("prod", np.prod, _paired)
mean = _reduction("mean", np.mean, _mean)
var = _reduction("var", np.var, _var)
std = _reduction("std", np.std, _root(_var))
max = _max_of = _reduction("max", np.max, _extreme("max"))
min = _min_of = _reduction("min", np.min, _extreme("min"))
any = sometrue = _reduction("any", np.any, lambda x, axis, keepdims: _along("any", cast(x, "b"), axis, keepdims))
all = alltrue = _reduction("all", np.all, lambda x, axis, keepdims: _along("all", cast(x, "b"), axis, keepdims))
nansum = _reduction("nansum", np.nansum, _without_nan(_sum, 0.))
nanprod = _reduction("nanprod", np.nanprod, _without_nan(_paired, 1.))
nanmax = _reduction("nanmax", np.nanmax, _without_nan(_extreme("max"), -_math.inf))
nanmin = _reduction("nanmin", np.nanmin, _without_nan(_extreme("min"), _math.inf))
nanmean = _reduction("nanmean", np.nanmean, _nanmean)
nanvar = _reduction("nanvar", np.nanvar, _nanvar)
nanstd = _reduction("nanstd", np.nanstd, _root(_nanvar))
amax, amin, reduce_min = _max_of, _min_of, _min_of
reduce_sum, reduce_mean, reduce_prod, reduce_std, reduce_variance = _sum_of, mean, product, std, var
reduce_all, reduce_any = alltrue, sometrue
__all__ += ["amax", "amin", "product", "alltrue", "sometrue", "reduce_sum", "reduce_min", "reduce_mean", "reduce_prod",
            "reduce_all", "reduce_any", "reduce_std", "reduce_variance"]


@_public
def count_nonzero(a, axis=None, *, keepdims=False):
    """How many elements are not 0."""
    return _sum_of(Array(a) != 0, axis=axis, keepdims=keepdims)


@_public
def reduce_max(input_tensor, axis=None, keepdims=False):
    """The largest element along all axes, one or a tuple of them."""
    return _max_of(input_tensor, axis=axis, keepdims=keepdims)


@_public
def ptp(a, axis=None, out=None, keepdims=False):
    """The largest less the smallest element."""
    return _delivered(_max_of(a, axis=axis, keepdims=keepdims) - _min_of(a, axis=axis, keepdims=keepdims), out)


@_public
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """The mean, weighted."""
    if not has_node((a, weights)):
        return wrapped(np.average(plain(a), axis, plain(weights), returned, keepdims=keepdims))
    a = Array(a)
    weights = Array(np.ones((), a.dtype)) if weights is None else Array(weights)
    if weights.ndim == 1 and a.ndim > 1 and isinstance(axis, int):
        weights = weights.reshape(tuple(-1 if k == axis % a.ndim else 1 for k in range(a.ndim)))
    total = _sum_of(weights + a * 0., axis=axis, keepdims=keepdims)
    out = _sum_of(a * weights, axis=axis, keepdims=keepdims) / total
    return (out, total) if returned else out


@_public
def reduce_logsumexp(input_tensor, axis=None, keepdims=False):
    """log(sum(exp(input_tensor))), with the largest element taken out first."""
    input_tensor = Array(input_tensor)
    top = _max_of(input_tensor, axis=axis, keepdims=True)
    top = where(_abs(top) < _math.inf, top, 0.)
    out = log(_sum_of(exp(input_tensor - top), axis=axis, keepdims=True)) + top
    return out if keepdims else out.reshape(tuple(n for k, n in enumerate(input_tensor.shape) if k not in _axes(axis, input_tensor.ndim)))


@_public
def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False):
    """sqrt(sum(input_tensor^2))."""
    return sqrt(_sum_of(Array(input_tensor) * input_tensor, axis=axis, keepdims=keepdims))


# ---- which element ---------------------------------------------------------------------------------------------------

def _arg(name, function, best):
    def call(a, axis=None, out=None, *, keepdims=False):
        if not has_node(a):
            result = wrapped(function(plain(a), axis=axis, keepdims=keepdims))
        else:
            value = Array(a) if axis is not None else Array(a).flatten()
            along = 0 if axis is None else axis % value.ndim
            number = np.arange(value.shape[along], dtype=np.int32).reshape(tuple(-1 if k == along else 1 for k in range(value.ndim)))
            place = where(value == best(value, axis=along, keepdims=True), number, value.shape[along])
            result = _min_of(place, axis=along, keepdims=keepdims and axis is not None)
            if keepdims and axis is None:
                result = result.reshape((1,) * Array(a).ndim)
        return _delivered(result, out)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}: the first of equal elements; also of traced values."
    return call


argmax, argmin = _arg("argmax", np.argmax, _max_of), _arg("argmin", np.argmin, _min_of)
__all__ += ["argmax", "argmin"]


# ---- running sums ----------------------------------------------------------------------------------------------------

def _running(name, function, combine, neutral, prepare=lambda x: x):
    def call(a, axis=None, dtype=None, out=None):
        if not has_node(a):
            result = wrapped(function(plain(Array(a)), axis=axis))
        else:
            value = prepare(Array(a) if axis is not None else Array(a).flatten())
            if kind_of(value.dtype) == "b":
                value = Array(cast(value.value, "i"))
            result = _prefix(value, 0 if axis is None else axis % value.ndim, combine, neutral)
        return _delivered(result, out, dtype)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}; also of traced values, in log2(n) operations."
    return call


def _prefix(x, axis, combine, neutral):
    place = np.arange(x.size).reshape(x.shape)
    number = np.arange(x.shape[axis]).reshape(tuple(-1 if k == axis else 1 for k in range(x.ndim)))
    step, stride = 1, int(_math.prod(x.shape[axis + 1:]))
    while step < x.shape[axis]:
        earlier = Array(take(x.value, np.where(number >= step, place - step * stride, place)))
        x = combine(x, where(number >= step, earlier, neutral))
        step *= 2
    return x


def _filled(number):
    return lambda x: where(isnan(x), number, x)


cumsum = _running("cumsum", np.cumsum, lambda a, b: a + b, 0)
cumprod = _running("cumprod", np.cumprod, lambda a, b: a * b, 1)
nancumsum = _running("nancumsum", np.nancumsum, lambda a, b: a + b, 0, _filled(0.))
nancumprod = _running("nancumprod", np.nancumprod, lambda a, b: a * b, 1, _filled(1.))
cumproduct = cumprod
__all__ += ["cumsum", "cumprod", "nancumsum", "nancumprod", "cumproduct"]


@_public
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Differences of neighbours, n times."""
    from .shapes import concatenate
    x = Array(a)
    along = axis % x.ndim
    ends = [None if end is None else Array(end) for end in (prepend, append)]
    ends = [end if end is None or end.ndim else Array(lift(np.ones(_kept(x.shape, [along])))) * end for end in ends]
    if ends != [None, None]:
        x = concatenate([part for part in (ends[0], x, ends[1]) if part is not None], axis=along)
    before = (slice(None),) * along
    for _ in range(n):
        low, high = x[before + (slice(None, -1),)], x[before + (slice(1, None),)]
        x = high != low if x.dtype == bool else high - low
    return x


@_public
def ediff1d(ary, to_end=None, to_begin=None):
    """Differences of neighbours of the flattened array, with numbers before and after."""
    from .shapes import concatenate
    parts = [Array(p).flatten() for p in (to_begin, diff(Array(ary).flatten()), to_end) if p is not None]
    return concatenate(parts) if len(parts) > 1 else parts[0]


@_public
def trapz(y, x=None, dx=1., axis=-1):
    """The integral by the trapezoidal rule."""
    y = Array(y)
    a = axis % y.ndim
    if x is not None:
        gaps = diff(Array(x), axis=-1 if Array(x).ndim == 1 else a)
        dx = gaps.reshape(tuple(-1 if k == a else 1 for k in range(y.ndim))) if gaps.ndim == 1 else gaps
    before = (slice(None),) * a
    return _sum_of((y[before + (slice(1, None),)] + y[before + (slice(None, -1),)]) * dx * 0.5, axis=a)


@_public
def allclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    """Whether all elements agree within atol + rtol |b|."""
    from .elementwise import isclose
    return alltrue(isclose(a, b, rtol=rtol, atol=atol, equal_nan=equal_nan))


@_public
def array_equal(a1, a2, equal_nan=False):
    """Whether shapes and elements are equal."""
    a, b = Array(a1), Array(a2)
    if a.shape != b.shape:
        return Array(np.asarray(False))
    same = a == b
    return alltrue(same | logical_and(isnan(a), isnan(b)) if equal_nan else same)


@_public
def array_equiv(a1, a2):
    """Whether the arrays are equal after broadcasting."""
    try:
        return alltrue(Array(a1) == a2)
    except ValueError:
        return Array(np.asarray(False))


for _name in ("lexsort percentile quantile nanmedian nanpercentile nanquantile nanargmax nanargmin cov corrcoef "
              "histogram histogram2d histogramdd histogram_bin_edges bincount gradient sort_complex").split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)
