"""Exact derivatives: the product of a row vector with the Jacobian of a function, by going back over its graph.

    value, slope = derivative(lambda x: x * x, x)       # slope[i] = the sum over k of d f[k] / d x[i]
    values, slopes = pull_back(outputs, leaves, given, cotangents)

Outside of a trace the results are arrays, inside they are nodes. Comparisons, roundings and choices have the slope 0 in what they
compare, round and choose by.
"""
import math

import numpy as np

from ._array import Array
from ._context import current
from ._errors import NotTraceable
from ._graph import (ELEMENTWISE, Sym, apply, broadcast_to, cast, csr_product, dense, gather, is_sym, join, kind_of, lift, product, put,
                     put_row, reduce_all, reduce_axis, row, take, view)


def _zeros(value):
    return np.zeros(value.shape, value.dtype)


def _total(value):
    return reduce_all("sum", value) if is_sym(value) else np.asarray(value.sum())


# ---- forward: the value of a node from those of its arguments ---------------------------------------------------------

def _sums(kind, value, axis=None):
    if is_sym(value):
        return reduce_all(kind, value) if axis is None else reduce_axis(kind, value, axis)
    return np.asarray(getattr(np, kind)(value, axis=axis))


_FORWARD = {
    "view": lambda p, shape, a: view(a, shape, p["offset"]), "fill": lambda p, shape, a: broadcast_to(a, shape),
    "take": lambda p, shape, a: take(a, p["index"].reshape(shape)), "gather": lambda p, shape, a, index: gather(a, index),
    "row": lambda p, shape, a, index: row(a, index), "put_row": lambda p, shape, a, index, b: put_row(a, b, index),
    "put": lambda p, shape, a, b: put(a, b, (p["start"], p["start"] + b.size)),
    "scatter": lambda p, shape, a, index, b: put(a, b, index, p["add"]),
    "join": lambda p, shape, *a: join([view(part, (part.size,)) for part in a]),
    "reduce": lambda p, shape, a: _sums(p["kind"], a), "axis": lambda p, shape, a: _sums(p["kind"], a, p["axis"]),
    "dense": lambda p, shape, a: dense(a, p["matrix"]),
    "product": lambda p, shape, a, b: product(a, b, p["transposed"]),
    "csr": lambda p, shape, a, w=None: csr_product(a, p["weights"] if w is None else w, p["indices"], p["indptr"], shape[0]),
}


def _value(item, args):
    if item.op in ELEMENTWISE:
        return apply(item.op, *args)
    if item.op not in _FORWARD:
        raise NotTraceable(f"a derivative goes through '{item.op}', which has none", "write the equation without loops and random numbers, or "
                           "use a method without derivatives, such as 'rk4'")
    return _FORWARD[item.op](item.params, item.shape, *args)


def _ordered(roots, leaves):
    """The nodes that depend on a leaf, arguments first."""
    found, stack = {}, list(roots)
    stop = {id(leaf) for leaf in leaves}
    while stack:
        top = stack.pop()
        if id(top) not in found:
            found[id(top)] = top
            if id(top) not in stop:
                stack.extend(top.args)
    order, moving = sorted(found.values(), key=lambda s: s.serial), set(stop)
    out = []
    for item in order:
        if id(item) not in stop and any(id(a) in moving for a in item.args):
            moving.add(id(item))
            out.append(item)
    return out


class _Tape:
    """The values of nodes where the leaves are what is given."""

    def __init__(self, roots, leaves, given):
        self.moving = _ordered([r for r in roots if is_sym(r)], leaves)
        self.values = {id(leaf): lift(value) for leaf, value in zip(leaves, given)}
        self._keep = list(leaves)
        for item in self.moving:
            self.values[id(item)] = _value(item, [self.of(a) for a in item.args])

    def of(self, item):
        if not is_sym(item):
            return item
        if id(item) in self.values:
            return self.values[id(item)]
        if current() is not None:
            return item  # a node that no leaf reaches is what it is; literals keep their digits
        return lift(item.params["value"]) if item.op in ("lit", "const") else self._constant(item)

    def _constant(self, item):
        """A node that no leaf reaches, outside of a trace: it is made of literals."""
        value = _value(item, [self.of(a) for a in item.args])
        self.values[id(item)] = value
        self._keep.append(item)
        return value


# ---- backward: what the arguments get of a node's cotangent -----------------------------------------------------------

def _times(cotangent, factor):
    return factor if isinstance(cotangent, float) and cotangent == 1. else apply("mul", cotangent, factor)


def _chosen(condition, cotangent, first):
    return apply("select", condition, *((cotangent, 0.) if first else (0., cotangent)))


def _exprel_slope(z, y):
    """(exp(z) - exprel(z)) / z, near 0 by its series."""
    near = apply("lt", apply("abs", z), 0.05)
    series = np.asarray(0.)
    for n in range(8, 0, -1):
        series = apply("add", apply("mul", series, z), n / math.factorial(n + 1))
    away = apply("select", near, 1., z)
    return apply("select", near, series, apply("div", apply("sub", apply("exp", away), y), away))


def _power_slopes(v, y):
    return (lambda: apply("mul", v[1], apply("pow", v[0], apply("sub", v[1], 1))),
            lambda: apply("mul", y, apply("log", apply("select", apply("gt", v[0], 0), v[0], 1.))))


# name: of the operands' values and the result, for each operand a function that gives the partial derivative
_PARTIAL = {
    "div": lambda v, y: (lambda: apply("div", 1., v[1]), lambda: apply("neg", apply("div", y, v[1]))),
    "mul": lambda v, y: (lambda: v[1], lambda: v[0]), "pow": _power_slopes,
    "abs": lambda v, y: (lambda: apply("sign", v[0]),), "sqrt": lambda v, y: (lambda: apply("div", 0.5, y),),
    "exp": lambda v, y: (lambda: y,), "expm1": lambda v, y: (lambda: apply("add", y, 1),),
    "log": lambda v, y: (lambda: apply("div", 1., v[0]),), "log1p": lambda v, y: (lambda: apply("div", 1., apply("add", v[0], 1)),),
    "log2": lambda v, y: (lambda: apply("div", 1. / math.log(2.), v[0]),),
    "log10": lambda v, y: (lambda: apply("div", 1. / math.log(10.), v[0]),),
    "sin": lambda v, y: (lambda: apply("cos", v[0]),), "cos": lambda v, y: (lambda: apply("neg", apply("sin", v[0])),),
    "tan": lambda v, y: (lambda: apply("add", 1, apply("mul", y, y)),), "sinh": lambda v, y: (lambda: apply("cosh", v[0]),),
    "cosh": lambda v, y: (lambda: apply("sinh", v[0]),), "tanh": lambda v, y: (lambda: apply("sub", 1, apply("mul", y, y)),),
    "sigmoid": lambda v, y: (lambda: apply("mul", y, apply("sub", 1, y)),), "exprel": lambda v, y: (lambda: _exprel_slope(v[0], y),),
    "mod": lambda v, y: (lambda: np.asarray(1.), lambda: apply("neg", apply("floordiv", v[0], v[1]))),
}
_LINEAR = {"add": (1., 1.), "sub": (1., -1.), "neg": (-1.,), "to_f": (1.,)}


def _elementwise_back(item, values, result, cotangent, wanted):
    op = item.op
    if op in _LINEAR:
        return [cotangent if sign == 1. else _negative(cotangent) for sign in _LINEAR[op]]
    if op == "select":
        return [None, _chosen(values[0], cotangent, True), _chosen(values[0], cotangent, False)]
    if op in ("min", "max"):
        first = apply("lt" if op == "min" else "gt", values[0], values[1])
        equal, half = apply("eq", values[0], values[1]), _times(cotangent, np.asarray(0.5))
        return [apply("select", equal, half, _chosen(first, cotangent, True)), apply("select", equal, half, _chosen(first, cotangent, False))]
    if op == "div" and not (isinstance(cotangent, float) and cotangent == 1.):
        over = apply("div", cotangent, values[1])
        return [over, _negative(apply("mul", over, result)) if wanted[1] else None]
    if op not in _PARTIAL:
        return [None] * len(values)
    partials = _PARTIAL[op](values, result)
    return [_times(cotangent, partial()) if want else None for partial, want in zip(partials, wanted)]


def _negative(cotangent):
    return -1. if isinstance(cotangent, float) and cotangent == 1. else apply("neg", cotangent)


def _axis_back(item, values, result, cotangent):
    rows, columns = values[0].shape
    axis, kind = item.params["axis"], item.params["kind"]

    def spread(value):
        return broadcast_to(view(lift(value), (1, columns) if axis == 0 else (rows, 1)), (rows, columns))
    if kind == "sum":
        return [spread(cotangent)]
    hit = cast(apply("eq", values[0], spread(result)), "f")
    return [apply("mul", apply("div", hit, spread(_sums("sum", hit, axis))), spread(cotangent))]


def _reduce_back(item, values, result, cotangent):
    shape = values[0].shape
    if item.params["kind"] == "sum":
        return [broadcast_to(cotangent, shape)]
    hit = cast(apply("eq", values[0], result), "f")
    return [apply("mul", apply("div", hit, _total(hit)), cotangent)]


def _product_back(item, values, cotangent):
    left, right = values
    if item.params["transposed"]:
        return [product(cotangent, right), product(_flipped(cotangent), left)]
    return [product(cotangent, right, True), product(_flipped(left), cotangent)]


def _flipped(matrix):
    matrix = lift(matrix)
    return take(matrix, np.arange(matrix.size).reshape(matrix.shape).T)


def _csr_back(item, values, result, cotangent):
    p = item.params
    n_pre = values[0].size
    weights = p["weights"] if len(values) == 1 else values[1]
    rows = np.repeat(np.arange(n_pre, dtype=np.int32), np.diff(p["indptr"]))
    order = np.argsort(p["indices"], kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(p["indices"], minlength=item.size))]).astype(np.int32)
    ordered = weights if lift(weights).size == 1 else take(lift(weights), order)
    to_source = csr_product(cotangent, ordered, rows[order], start, n_pre)
    if len(values) == 1:
        return [to_source]
    return [to_source, apply("mul", take(lift(cotangent), p["indices"]), take(cast(values[0], "f"), rows))]


def _moving_back(item, values, cotangent):
    """Of the operators that move elements."""
    p, first = item.params, values[0]
    if item.op == "view":
        if first.size == item.size:
            return [view(cotangent, first.shape)]
        return [put(_zeros(first), view(cotangent, (item.size,)), (p["offset"], p["offset"] + item.size))]
    if item.op == "fill":
        return [view(_total(cotangent), first.shape)]
    if item.op == "take":
        return [put(_zeros(first), view(cotangent, (item.size,)), p["index"], True)]
    if item.op == "gather":
        return [put(_zeros(first), cotangent, values[1], True), None]
    if item.op == "row":
        return [put_row(_zeros(first), cotangent, values[1]), None]
    if item.op == "put_row":
        return [put_row(cotangent, _zeros(values[2]), values[1]), None, row(cotangent, values[1])]
    if item.op == "put":
        source = values[1]
        return [put(cotangent, np.zeros(source.size, source.dtype), (p["start"], p["start"] + source.size)), view(cotangent, source.shape, p["start"])]
    if item.op == "scatter":
        return [cotangent if p["add"] else put(cotangent, _zeros(values[2]), values[1]), None, gather(cotangent, values[1])]
    offset, parts = 0, []
    for value in values:  # join
        parts.append(view(cotangent, value.shape, offset))
        offset += value.size
    return parts


def _back(item, values, result, cotangent, wanted):
    """The cotangent's share of each argument; None: none."""
    if item.op in ELEMENTWISE:
        return _elementwise_back(item, values, result, cotangent, wanted)
    cotangent = broadcast_to(lift(np.asarray(cotangent, item.dtype) if isinstance(cotangent, float) else cotangent), item.shape)
    if item.op == "reduce":
        return _reduce_back(item, values, result, cotangent)
    if item.op == "axis":
        return _axis_back(item, values, result, cotangent)
    if item.op == "dense":
        return [dense(cotangent, np.ascontiguousarray(item.params["matrix"].T))]
    if item.op == "product":
        return _product_back(item, values, cotangent)
    if item.op == "csr":
        return _csr_back(item, values, result, cotangent)
    return _moving_back(item, values, cotangent)


def _fitted(share, value, shape):
    """An elementwise share in the shape of its argument: one number that was spread gets the sum of all."""
    if value.shape == shape:
        return share
    share = broadcast_to(np.asarray(share, value.dtype) if isinstance(share, float) else lift(share), shape)
    return view(_total(share), value.shape) if value.size == 1 else share


def _added(a, b):
    if a is None:
        return b
    return apply("add", a, b)


def pull_back(outputs, leaves, given, cotangents):
    """(the values of the outputs, for each leaf the sum of cotangent times derivative, one number where all elements have the same).

    A cotangent None: only the value of that output is wanted."""
    tape = _Tape(outputs, leaves, given)
    shares = {}
    for out, cotangent in zip(outputs, cotangents):
        if is_sym(out) and cotangent is not None:
            shares[id(out)] = _added(shares.get(id(out)), cotangent)
    moving = {id(item) for item in tape.moving} | {id(leaf) for leaf in leaves}
    for item in reversed(tape.moving):
        cotangent = shares.pop(id(item), None)
        if cotangent is None or kind_of(item.dtype) != "f":
            continue
        wanted = [id(a) in moving and kind_of(a.dtype) == "f" for a in item.args]
        values = [tape.of(a) for a in item.args]
        for arg, value, share, want in zip(item.args, values, _back(item, values, tape.of(item), cotangent, wanted), wanted):
            if want and share is not None:
                share = _fitted(share, value, item.shape) if item.op in ELEMENTWISE else share
                shares[id(arg)] = _added(shares.get(id(arg)), share)
    return [tape.of(out) for out in outputs], [_slope(shares.get(id(leaf)), lift(value)) for leaf, value in zip(leaves, given)]


def _slope(share, value):
    return np.asarray(0. if share is None else share, value.dtype) if share is None or isinstance(share, float) else share


def derivative(function, x):
    """(f(x), for each element of x the sum of the slopes of all elements of f): the slope of an elementwise function."""
    x = lift(x)
    leaf = Sym("argument", (), x.shape, x.dtype)
    out = lift(function(Array(leaf)))
    if not is_sym(out):
        return out, np.zeros((), x.dtype)
    (value,), (slope,) = pull_back([out], [leaf], [x], [1.])
    return value, slope
