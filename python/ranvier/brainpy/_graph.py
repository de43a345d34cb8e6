"""Values of `ranvier.brainpy`: NumPy arrays outside of a trace, nodes of a graph (`Sym`) inside.

    y = apply("mul", x, 2.)        # an ndarray if x is one, a new node of the graph if x is a node

Every operator is pure: an in-place change of a Variable is a new value that is bound to it. A node knows its operator, its
arguments, its shape and its dtype; arguments are always older than the node (`serial`), which is the order of evaluation.
There is one real type (float32; float64 after `enable_x64`), one integer type and bool, as in BrainPy's default mode.

Primitives, each for arrays (at once) and nodes (a statement of the step); values are flattened in C order:
  apply(op, *values)            elementwise with broadcasting; ELEMENTWISE lists the operators; numbers keep their digits as literals
  cast(value, kind)             'b', 'i', 'f'
  view(value, shape, offset)    consecutive elements in another shape      broadcast_to(value, shape)
  take(value, index)            elements at constant flat positions        gather(value, index): at traced ones
  row(value, index)             value[index] for a traced whole number     put_row(base, source, index): base with base[index] = source
  put(base, source, index, add) base with source at a slice (start, stop) or at flat positions, constant or traced
  join(values), stack(values)   one after another; along a new first axis
  reduce_all(kind, value)       "sum" "max" "min" "any" "all" of everything reduce_axis(kind, value, axis)
  dense(vector, matrix)         vector @ a constant matrix                 product(left, right, transposed): of two matrices
  csr_product(source, weights, indices, indptr, n_post)
  random_node(kind, shape, stream, trace, mean)
What is not here raises `NotTraceable`, so that the loop runs step by step.
"""
import itertools
import math

import numpy as np

from ._errors import NotTraceable, TracingError


class Mode:
    """The types of reals and integers; one object, `mode`, changed by bm.enable_x64, bm.set_float, bm.set_int."""

    def __init__(self):
        self.float_ = np.dtype(np.float32)
        self.int_ = np.dtype(np.int32)
        self.x64 = False

    def types(self):
        """All of it, to compare by."""
        return self.float_, self.int_, self.x64


mode = Mode()
_serial = itertools.count()


def kind_of(dtype):
    """'b', 'i' or 'f' (also 'c': eager only)."""
    kind = np.dtype(dtype).kind
    return "i" if kind == "u" else kind


def dtype_of(kind):
    """The dtype of a kind in the present mode."""
    if kind == "f":
        return mode.float_
    if kind == "i":
        return mode.int_
    return np.dtype(bool) if kind == "b" else np.dtype(np.complex128 if mode.x64 else np.complex64)


def canonical_dtype(dtype):
    """The dtype that an array of this one has here: 64 bits become 32 unless x64 is enabled."""
    if dtype is None:
        return mode.float_
    if dtype is float:
        return mode.float_
    if dtype is int:
        return mode.int_
    dtype = np.dtype(dtype)
    if not mode.x64 and dtype.itemsize == 8 and dtype.kind in "fiu":
        return np.dtype(f"{dtype.kind}4")
    if not mode.x64 and dtype.kind == "c":
        return np.dtype(np.complex64)
    return dtype


class Sym:
    """A node of the graph: a value that each step of the traced loop computes anew."""
    __slots__ = ("op", "args", "params", "shape", "dtype", "size", "serial", "__weakref__")

    def __init__(self, op, args, shape, dtype, **params):
        self.op, self.args, self.params = op, tuple(args), params
        self.shape, self.dtype = tuple(int(n) for n in shape), np.dtype(dtype)
        if self.dtype.kind == "c":
            raise NotTraceable("complex numbers are not compiled", "write real and imaginary parts as two arrays: bm.cos(x) and bm.sin(x) for bm.exp(1j*x)")
        self.size, self.serial = math.prod(self.shape), next(_serial)

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def kind(self):
        return kind_of(self.dtype)

    def __repr__(self):
        return f"<traced {self.dtype}{list(self.shape)} {self.op}>"

    def __array__(self, *_, **__):
        raise NotTraceable("a traced value has no numbers yet, it stands for the array of every step", "use functions of bm instead of np")

    def __bool__(self):
        raise TracingError("the truth of a traced value was asked for (if, while, and, or, not, assert)",
                           "use bm.where(condition, a, b), bm.cond or bm.ifelse; bm.logical_and/or/not for boolean arrays")


def serial_now():
    """Nodes made from now on have a greater serial."""
    return next(_serial)


def is_sym(value):
    return isinstance(value, Sym)


def lift(value):
    """A Python scalar, a sequence, an ndarray or a node as an ndarray of a canonical dtype or as a node."""
    if isinstance(value, Sym):
        return value
    inner = getattr(value, "_ranvier_value", None)
    if inner is not None:
        return lift(inner())
    if isinstance(value, np.ndarray):
        wanted, value = canonical_dtype(value.dtype), np.asarray(value)
        return value if wanted == value.dtype else value.astype(wanted)
    if isinstance(value, (list, tuple)) and _has_traced(value):
        return stack([lift(v) for v in value])
    if isinstance(value, (list, tuple)):
        value = _plain(value)
    array = np.asarray(value)
    if array.dtype == object:
        raise TypeError(f"{value!r} (of type {type(value).__name__}) is no array")
    if array.dtype.kind in "SU":
        raise TypeError(f"the text {value!r} is no array of numbers")
    return array.astype(canonical_dtype(array.dtype), copy=False)


def _has_traced(sequence):
    for v in sequence:
        if isinstance(v, (list, tuple)):
            if _has_traced(v):
                return True
        elif isinstance(v, Sym) or (hasattr(v, "_ranvier_value") and isinstance(v._ranvier_value(), Sym)):
            return True
    return False


def _plain(sequence):
    out = []
    for v in sequence:
        inner = getattr(v, "_ranvier_value", None)
        out.append(_plain(v) if isinstance(v, (list, tuple)) else inner() if inner is not None else v)
    return out


_NUMBERS = (float, int, bool, np.float64)


def literal(number):
    """A node for a Python number; its digits are kept, it is rounded where it is used."""
    kind = "b" if isinstance(number, bool) else "i" if isinstance(number, int) else "f"
    return Sym("lit", (), (), dtype_of(kind), value=number)


def node(value):
    """A value as a node: numbers become literals, arrays constants (those of one number throughout: filled)."""
    if isinstance(value, Sym):
        return value
    if type(value) in _NUMBERS:
        return literal(value)
    value = lift(value)
    if value.size and (value.ndim == 0 or value.strides == (0,) * value.ndim):
        number = Sym("lit", (), (), value.dtype, value=value.reshape(-1)[:1][0].item())
        return number if value.ndim == 0 else Sym("fill", (number,), value.shape, value.dtype)
    return Sym("const", (), value.shape, value.dtype, value=value)


def literal_of(value):
    """The number of a scalar literal, else None."""
    if isinstance(value, Sym):
        return value.params["value"] if value.op == "lit" else None
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else None


# ---- elementwise operators -------------------------------------------------------------------------------------------
# name: (NumPy's function, kind of the operands or None for "as they are promoted", kind of the result or None for the same)

def _quiet(function):
    def call(*args):
        with np.errstate(all="ignore"):
            return np.asarray(function(*args))
    return call


def _exprel(x):
    with np.errstate(all="ignore"):
        return np.where(x == 0, np.asarray(1, x.dtype), np.expm1(x) / x)


def _sigmoid(x):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-x))


def _trunc_int(x):
    with np.errstate(all="ignore"):
        return np.trunc(x).astype(mode.int_) if x.dtype.kind == "f" else x.astype(mode.int_)


ELEMENTWISE = {
    "add": (np.add, None, None), "sub": (np.subtract, None, None), "mul": (np.multiply, None, None),
    "div": (np.true_divide, "f", "f"), "neg": (np.negative, None, None), "abs": (np.abs, None, None),
    "sqrt": (np.sqrt, "f", "f"), "floor": (np.floor, "f", "f"),
    "lt": (np.less, None, "b"), "le": (np.less_equal, None, "b"), "gt": (np.greater, None, "b"),
    "ge": (np.greater_equal, None, "b"), "eq": (np.equal, None, "b"), "ne": (np.not_equal, None, "b"),
    "logic_and": (np.logical_and, "b", "b"), "logic_or": (np.logical_or, "b", "b"), "logic_not": (np.logical_not, "b", "b"),
    "select": (np.where, "select", None), "min": (np.minimum, None, None), "max": (np.maximum, None, None),
    "pow": (np.power, None, None), "exp": (np.exp, "f", "f"), "expm1": (np.expm1, "f", "f"), "exprel": (_exprel, "f", "f"),
    "log": (np.log, "f", "f"), "log1p": (np.log1p, "f", "f"), "sin": (np.sin, "f", "f"), "cos": (np.cos, "f", "f"),
    "tanh": (np.tanh, "f", "f"), "tan": (np.tan, "f", "f"), "sinh": (np.sinh, "f", "f"), "cosh": (np.cosh, "f", "f"),
    "log2": (np.log2, "f", "f"), "log10": (np.log10, "f", "f"), "sigmoid": (_sigmoid, "f", "f"), "ceil": (np.ceil, "f", "f"),
    "round": (np.rint, None, None), "sign": (np.sign, None, None), "mod": (np.mod, None, None), "floordiv": (np.floor_divide, None, None),
    "to_f": (lambda x: x.astype(mode.float_), None, "f"),
    "to_i": (_trunc_int, None, "i"), "to_b": (lambda x: x != 0, None, "b"), "stop_gradient": (lambda x: x, None, None),
}
_RANK = {"b": 0, "i": 1, "f": 2, "c": 3}


def cast(value, kind):
    """The value in another kind ('b', 'i', 'f')."""
    if kind_of(value.dtype) == kind and (is_sym(value) or value.dtype == dtype_of(kind)):
        return value
    if not is_sym(value):
        return _trunc_int(value) if kind == "i" else value.astype(dtype_of(kind))
    number = literal_of(value)
    if number is not None and (kind == "f" or np.isfinite(number)):
        return literal({"f": float, "i": int, "b": bool}[kind](number))
    return Sym("to_" + kind, (value,), value.shape, dtype_of(kind))


def _promote(name, rule, values):
    """The operands in the kind that the operator wants."""
    if rule == "select":
        top = max((kind_of(v.dtype) for v in values[1:]), key=_RANK.get)
        return [cast(values[0], "b")] + [cast(v, top) for v in values[1:]]
    top = max((kind_of(v.dtype) for v in values), key=_RANK.get)
    if rule == "b" or (rule == "f" and top in "bi"):
        return [cast(v, rule) for v in values]
    if top == "b" and name in ("add", "mul", "min", "max"):
        return values  # NumPy's meaning on booleans: or, and
    if top == "b" and name in ("sub", "neg", "abs", "pow", "mod", "floordiv", "sign", "round"):
        top = "i"
    return values if top == "c" else [cast(v, top) for v in values]


def apply(name, *values):
    """An elementwise operator with broadcasting."""
    function, rule, result = ELEMENTWISE[name]
    values = [v if type(v) in _NUMBERS else lift(v) for v in values]
    number = literal if any(is_sym(v) for v in values) else lift
    values = [number(v) if type(v) in _NUMBERS else v for v in values]
    if name in ("to_f", "to_i", "to_b"):
        return cast(values[0], name[-1])
    if not any(isinstance(v, Sym) for v in values):
        odd = [v.dtype for v in values if kind_of(v.dtype) in "ifc" and v.dtype != dtype_of(kind_of(v.dtype)) and v.ndim]
        if not (odd and all(d == odd[0] for d in odd)):
            values = _promote(name, rule, values)
        out = _quiet(function)(*values)
        return out if odd else out.astype(canonical_dtype(out.dtype), copy=False)
    values = _promote(name, rule, values)
    if rule is None and kind_of(values[0].dtype) == "b" and name in ("add", "mul", "min", "max"):
        name = {"add": "logic_or", "max": "logic_or"}.get(name, "logic_and")
        result = "b"
    simple = _simplify(name, values)
    if simple is not None:
        return simple
    values = [node(v) for v in values]
    shape = broadcast_shapes(*[v.shape for v in values])
    values = [v if v.size == 1 or v.shape == shape else broadcast_to(v, shape) for v in values]
    kind = result or kind_of(values[-1].dtype)
    return Sym(name, values, shape, dtype_of(kind))


def broadcast_shapes(*shapes):
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"operands of shapes {', '.join(map(str, shapes))} do not broadcast together") from None


def _simplify(name, values):
    """x*1, x/1 and small whole powers; None where there is nothing to do."""
    if len(values) == 1:
        return values[0] if name == "stop_gradient" and not is_sym(values[0]) else None
    if len(values) != 2:
        return None
    a, b = values
    numbers = [literal_of(v) for v in values]
    if name == "mul":
        if numbers[1] is not None and numbers[1] == 1 and is_sym(a):
            return a
        if numbers[0] is not None and numbers[0] == 1 and is_sym(b):
            return b
    if name == "div" and numbers[1] is not None and numbers[1] == 1:
        return a
    if name == "pow" and is_sym(a) and numbers[1] is not None:
        return _integer_power(a, float(numbers[1]))
    return None


def _integer_power(base, exponent):
    """x**n for small whole n as products, left to right."""
    if exponent not in (1, 2, 3, 4):
        return None
    if exponent == 4:
        square = apply("mul", base, base)
        return apply("mul", square, square)
    out = base
    for _ in range(int(exponent) - 1):
        out = apply("mul", out, base)
    return out


# ---- operators that move elements ------------------------------------------------------------------------------------

def view(value, shape, offset=0):
    """`size` consecutive elements from `offset`, in another shape."""
    shape = tuple(int(n) for n in shape)
    if not is_sym(value):
        return value.reshape(-1)[offset:offset + math.prod(shape)].reshape(shape)
    if shape == value.shape and offset == 0:
        return value
    if value.op in ("lit",):
        return node(np.asarray(value.params["value"]).reshape(shape)) if shape else value
    if value.op == "view":
        return view(value.args[0], shape, value.params["offset"] + offset)
    return Sym("view", (value,), shape, value.dtype, offset=int(offset))


def take(value, index):
    """Elements of the flattened value by a constant integer array; the result has its shape."""
    index = np.asarray(index, dtype=np.int64)
    if not is_sym(value):
        return np.ascontiguousarray(value).reshape(-1)[index]
    if value.size == 1 and index.ndim == 0:
        return view(value, ())
    flat = index.reshape(-1)
    if flat.size and flat[-1] - flat[0] + 1 == flat.size and np.array_equal(flat, np.arange(flat[0], flat[0] + flat.size)):
        return view(value, index.shape, flat[0])
    if value.op == "view":
        return take(value.args[0], index + value.params["offset"])
    return Sym("take", (value,), index.shape, value.dtype, index=flat)


def gather(value, index):
    """Elements of the flattened value by a traced integer array (kept within the bounds)."""
    value, index = lift(value), lift(index)
    if not is_sym(index):
        return take(value, np.clip(index, 0, max(value.size - 1, 0)))
    index = apply("min", apply("max", index, 0), max(value.size - 1, 0))
    return Sym("gather", (node(value), index), index.shape, value.dtype)


def row(value, index):
    """value[index] along the first axis; a traced index beyond the ends is moved to the nearest row."""
    value, index = lift(value), lift(index)
    if not is_sym(index):
        index = int(index)
        index = min(max(index + len(value) if index < 0 else index, 0), len(value) - 1)
        count = math.prod(value.shape[1:])
        return view(value, value.shape[1:], index * count)
    return Sym("row", (node(value), cast(index, "i")), value.shape[1:], value.dtype)


def put_row(base, source, index):
    """The base with base[index] = source for one traced whole number; an index outside changes nothing."""
    base = lift(base)
    source = broadcast_to(cast(lift(source), kind_of(base.dtype)), base.shape[1:])
    return Sym("put_row", (node(base), cast(lift(index), "i"), node(source)), base.shape, base.dtype)


def put(base, source, index, add=False):
    """The base with source at the flat positions `index` (a slice (start, stop), a constant or a traced integer array)."""
    base = lift(base)
    source = cast(lift(source), kind_of(base.dtype))
    if isinstance(index, tuple):
        start, stop = index
        if not is_sym(base) and not is_sym(source):
            out = np.array(base).reshape(-1)
            out[start:stop] = out[start:stop] + source.reshape(-1) if add else source.reshape(-1)
            return out.reshape(base.shape)
        if add:
            source = apply("add", view(base, source.shape, start), source)
        if stop - start == base.size:
            return view(source, base.shape)
        return Sym("put", (node(base), node(source)), base.shape, base.dtype, start=int(start))
    index = lift(index)
    if not is_sym(base) and not is_sym(source) and not is_sym(index):
        out = np.array(base).reshape(-1)
        keep = (index >= 0) & (index < out.size)
        if not np.all(keep):
            index, source = index[keep], np.broadcast_to(source, index.shape)[keep]
        if add:
            np.add.at(out, index.reshape(-1), source.reshape(-1))
        else:
            out[index.reshape(-1)] = source.reshape(-1)
        return out.reshape(base.shape)
    return Sym("scatter", (node(base), node(index), node(source)), base.shape, base.dtype, add=bool(add))


def broadcast_to(value, shape):
    value = lift(value)
    shape = tuple(shape)
    if not is_sym(value):
        return np.broadcast_to(value, shape)
    if value.shape == shape:
        return value
    if math.prod(shape) == value.size:
        return view(value, shape)
    index = np.arange(value.size).reshape(value.shape)
    if value.size == 1:
        return Sym("fill", (view(value, ()),), shape, value.dtype)
    return take(value, np.broadcast_to(index, shape))


def stack(values):
    """Values of one shape along a new first axis."""
    values = [lift(v) for v in values]
    top = max((kind_of(v.dtype) for v in values), key=_RANK.get)
    values = [cast(v, top) for v in values]
    if not any(is_sym(v) for v in values):
        return np.stack(values)
    shape = broadcast_shapes(*[v.shape for v in values])
    flat = join([view(broadcast_to(v, shape), (math.prod(shape),)) for v in values])
    return view(flat, (len(values),) + shape)


def join(values):
    """One-dimensional values one after another."""
    values = [lift(v) for v in values]
    if not any(is_sym(v) for v in values):
        return np.concatenate(values)
    top = max((kind_of(v.dtype) for v in values), key=_RANK.get)
    values = [node(cast(v, top)) for v in values]
    return Sym("join", values, (sum(v.size for v in values),), dtype_of(top))


def reduce_all(kind, value):
    """"sum", "max", "min", "any", "all" of all elements."""
    return Sym("reduce", (value,), (), bool if kind in ("any", "all") else value.dtype, kind=kind)


def reduce_axis(kind, value, axis):
    """The same along one axis (traced)."""
    axis = axis % value.ndim
    before, count = math.prod(value.shape[:axis]), value.shape[axis]
    after = math.prod(value.shape[axis + 1:])
    shape = value.shape[:axis] + value.shape[axis + 1:]
    dtype = np.dtype(bool) if kind in ("any", "all") else value.dtype
    if before == 1 or after == 1:
        matrix = view(value, (count, after) if before == 1 and after != 1 else (before, count))
        out = Sym("axis", (matrix,), (after if before == 1 and after != 1 else before,), dtype, kind=kind,
                  axis=0 if before == 1 and after != 1 else 1)
        return view(out, shape)
    moved = np.moveaxis(np.arange(value.size).reshape(value.shape), axis, -1).reshape(-1, count)
    return view(Sym("axis", (take(value, moved),), (before * after,), dtype, kind=kind, axis=1), shape)


def dense(vector, matrix):
    """sum_i vector[i] matrix[i, j]; the matrix is constant."""
    vector = cast(lift(vector), "f")
    if not is_sym(vector):
        return vector @ matrix
    return Sym("dense", (vector,), (matrix.shape[1],), mode.float_, matrix=np.ascontiguousarray(matrix, dtype=mode.float_))


def product(left, right, transposed=False):
    """The product of two matrices, in reals; transposed: with right's axes swapped."""
    left, right = cast(lift(left), "f"), cast(lift(right), "f")
    if not is_sym(left) and not is_sym(right):
        return left @ (right.T if transposed else right)
    left, right = node(left), node(right)
    columns = right.shape[0] if transposed else right.shape[1]
    return Sym("product", (left, right), (left.shape[0], columns), mode.float_, transposed=bool(transposed))


def random_node(kind, shape, stream, trace, mean=None):
    """Random numbers that each step draws anew: "uniform" in [0, 1), "normal", or "poisson" of a traced mean."""
    args = () if mean is None else (node(mean),)
    return Sym("random", args, shape, mode.float_, kind=kind, stream=stream, trace=trace)


def csr_product(source, weights, indices, indptr, n_post):
    """target[j] = sum over synapses i -> j of weight times source[i]; weights: a scalar or one a synapse."""
    source, weights = lift(source), cast(lift(weights), "f")
    if not is_sym(source) and not is_sym(weights):
        return csr_numpy(source, weights, indices, indptr, n_post)
    scale = None
    if weights.size == 1 and is_sym(weights):
        scale, weights = view(weights, ()), np.asarray(1, mode.float_)
    args = (node(source),) + ((weights,) if is_sym(weights) else ())
    params = {"weights": None if is_sym(weights) else weights, "indices": indices, "indptr": indptr}
    out = Sym("csr", args, (int(n_post),), mode.float_, **params)
    return out if scale is None else apply("mul", out, scale)


def csr_numpy(source, weights, indices, indptr, n_post):
    """The same on arrays: additions in ascending order of the source, in the type of the reals."""
    out = np.zeros(int(n_post), mode.float_)
    source = np.asarray(source).reshape(-1)
    rows = np.flatnonzero(source)
    counts = (indptr[1:] - indptr[:-1])[rows]
    if counts.sum() == 0:
        return out
    starts = np.repeat(indptr[rows] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    synapses = np.arange(counts.sum()) + starts
    weight = weights if weights.size == 1 else np.asarray(weights).reshape(-1)[synapses]
    if source.dtype.kind != "b":
        weight = weight * np.repeat(source[rows].astype(mode.float_), counts)
    np.add.at(out, indices[synapses], np.asarray(weight, mode.float_).reshape(-1) if np.size(weight) > 1 else weight)
    return out
