"""Functions that move elements without computing: shapes, joins, cuts, triangles, diagonals.

    bm.concatenate((x, y)); bm.transpose(x); bm.triu(m); bm.take(x, [0, 2])      # on arrays and on traced values

One rule serves all of them: NumPy's function of the elements' numbers says where each element goes, and the core takes them there.
"""
from inspect import signature

import numpy as np

from .._array import Array, unwrap
from .._graph import cast, gather, is_sym, join, kind_of, lift, take as _take, view
from ._tracing import eager, has_node, plain, wrapped
from .elementwise import where

__all__ = []


def _public(function):
    __all__.append(function.__name__)
    return function


def _numbers(value, first=0):
    return np.arange(first, first + value.size).reshape(value.shape)


def _taken(value, index):
    """An index array, or a list or tuple of them, as Arrays of elements."""
    if isinstance(index, (list, tuple)):
        return type(index)(_taken(value, part) for part in index)
    return Array(_take(value, index))


def _with_signature(call, name, function, doc):
    """Gives `call` the name of NumPy's function, its signature, and its first parameter by name too."""
    try:
        known = signature(function)
    except ValueError:  # one written in C
        known = signature(call)
    first = next(iter(known.parameters))

    def named(*args, **keywords):
        return call(*args, **keywords) if args or first not in keywords else call(keywords.pop(first), **keywords)
    named.__name__ = named.__qualname__ = name
    named.__doc__, named.__signature__ = doc, known
    return named


def _of_one(name, function, traced):
    """A function of one array and plain numbers; traced(value, function) where the array is a node."""
    def call(x, *args, **keywords):
        args, keywords, x = [plain(a, name) for a in args], {k: plain(v, name) for k, v in keywords.items()}, unwrap(x)
        if not has_node(x):
            return wrapped(function(lift(x), *args, **keywords))
        return traced(lift(x), lambda numbers: function(numbers, *args, **keywords))
    return _with_signature(call, name, function, f"numpy.{name}; also of traced values.")


def _moves(name, function):
    """Elements go where their numbers go."""
    return _public(_of_one(name, function, lambda value, place: _taken(value, place(_numbers(value)))))


def _fills(name, function):
    """The same; where NumPy puts 0 the result has 0."""
    def traced(value, place):
        index = place(_numbers(value, 1))
        moved = Array(_take(value, np.maximum(index - 1, 0)))
        return moved if np.all(index > 0) else where(index > 0, moved, np.zeros((), moved.dtype))
    return _public(_of_one(name, function, traced))


def _together(values):
    """Values of one kind, one after another, and the numbers of the elements of each."""
    top = max((kind_of(v.dtype) for v in values), key="bifc".index)
    numbers, first = [], 0
    for v in values:
        numbers.append(_numbers(v, first))
        first += v.size
    return join([view(cast(v, top), (v.size,)) for v in values]), numbers


def _joins(name, function):
    """Of a sequence of arrays."""
    def call(arrays, *args, **keywords):
        args = [plain(a, name) for a in args]
        dtype = keywords.pop("dtype", None)
        arrays = list(arrays) if isinstance(arrays, (list, tuple)) else [a for a in Array(arrays)]
        if not has_node(arrays):
            out = wrapped(function([lift(unwrap(a)) for a in arrays], *args, **keywords))
        else:
            flat, numbers = _together([lift(unwrap(a)) for a in arrays])
            out = Array(_take(flat, function(numbers, *args, **keywords)))
        return out if dtype is None else out.astype(dtype)
    return _public(_with_signature(call, name, function, f"numpy.{name} of a sequence of arrays; also of traced values."))


transpose = _moves("transpose", np.transpose)
swapaxes = _moves("swapaxes", np.swapaxes)
moveaxis = _moves("moveaxis", np.moveaxis)
rollaxis = _moves("rollaxis", np.rollaxis)
expand_dims = _moves("expand_dims", np.expand_dims)
squeeze = _moves("squeeze", np.squeeze)
flip = _moves("flip", np.flip)
fliplr = _moves("fliplr", np.fliplr)
flipud = _moves("flipud", np.flipud)
rot90 = _moves("rot90", np.rot90)
roll = _moves("roll", np.roll)
repeat = _moves("repeat", np.repeat)
tile = _moves("tile", np.tile)
diagonal = _moves("diagonal", np.diagonal)
ravel = _moves("ravel", np.ravel)
split = _moves("split", np.split)
array_split = _moves("array_split", np.array_split)
hsplit = _moves("hsplit", np.hsplit)
vsplit = _moves("vsplit", np.vsplit)
dsplit = _moves("dsplit", np.dsplit)
delete = _moves("delete", np.delete)
resize = _moves("resize", np.resize)
broadcast_to = _moves("broadcast_to", np.broadcast_to)
diag = _fills("diag", np.diag)
diagflat = _fills("diagflat", np.diagflat)
triu = _fills("triu", np.triu)
tril = _fills("tril", np.tril)
concatenate = concat = cat = _joins("concatenate", np.concatenate)
stack = _joins("stack", np.stack)
hstack = _joins("hstack", np.hstack)
vstack = _joins("vstack", np.vstack)
dstack = _joins("dstack", np.dstack)
column_stack = _joins("column_stack", np.column_stack)
row_stack = _joins("row_stack", np.vstack)
__all__ += ["concat", "cat"]


def _several(name, function):
    """Of one array or several."""
    one = _of_one(name, function, lambda value, place: _taken(value, place(_numbers(value))))

    def call(*arrays):
        out = [one(a) for a in arrays]
        return out[0] if len(out) == 1 else out
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}; also of traced values."
    return _public(call)


atleast_1d = _several("atleast_1d", np.atleast_1d)
atleast_2d = _several("atleast_2d", np.atleast_2d)
atleast_3d = _several("atleast_3d", np.atleast_3d)


@_public
def reshape(a, newshape=None, order="C", shape=None):
    """The elements in another shape; one length may be -1."""
    shape = plain(newshape if newshape is not None else shape, "reshape")
    shape = tuple(int(n) for n in shape) if np.ndim(shape) else (int(shape),)
    value = lift(unwrap(a))
    if not is_sym(value):
        return Array(np.reshape(value, shape, order=order))
    index = np.reshape(_numbers(value), shape, order=order)
    return Array(view(value, index.shape)) if order == "C" else Array(_take(value, index))


@_public
def flatten(input, start_dim=None, end_dim=None):
    """The axes from start_dim to end_dim (inclusive) as one."""
    input = Array(input)
    ndim = max(input.ndim, 1)
    start, end = (0 if start_dim is None else start_dim), (ndim - 1 if end_dim is None else end_dim)
    for name, k in (("start_dim", start), ("end_dim", end)):
        if not -ndim <= k < ndim:
            raise ValueError(f"{name}={k} is outside of an array of {input.ndim} dimensions")
    start, end = start % ndim, end % ndim
    return reshape(input, input.shape[:start] + (int(np.prod(input.shape[start:end + 1], dtype=np.int64)),) + input.shape[end + 1:])


@_public
def unsqueeze(input, dim):
    """A new axis of length 1."""
    return expand_dims(input, dim)


@_public
def append(arr, values, axis=None):
    """values after arr, along an axis or flattened."""
    if axis is None:
        return concatenate((Array(arr).flatten(), Array(values).flatten()))
    return concatenate((arr, values), axis=axis)


@_public
def block(arrays):
    """Arrays put together by nested lists: rows of columns."""
    if not has_node(arrays):
        return wrapped(np.block(plain(arrays)))
    leaves = []

    def number(part):
        if isinstance(part, (list, tuple)):
            return [number(p) for p in part]
        leaves.append(lift(unwrap(part)))
        return len(leaves) - 1
    tree = number(arrays)
    flat, numbers = _together(leaves)

    def filled(part):
        return [filled(p) for p in part] if isinstance(part, list) else numbers[part]
    return Array(_take(flat, np.block(filled(tree))))


@_public
def insert(arr, obj, values, axis=None):
    """values before the positions obj."""
    if not has_node((arr, values)):
        return wrapped(np.insert(plain(Array(arr)), plain(obj), plain(values), axis))
    flat, (old, new) = _together([lift(unwrap(arr)), lift(unwrap(values))])
    return Array(_take(flat, np.insert(old, plain(obj), new, axis)))


@_public
def pad(array, pad_width, mode="constant", constant_values=0, **keywords):
    """numpy.pad; traced: the modes that repeat elements, and constant with one value."""
    if not has_node(array):
        extra = {"constant_values": plain(constant_values)} if mode == "constant" else {}
        return wrapped(np.pad(lift(unwrap(array)), plain(pad_width), mode=mode, **extra, **plain(keywords)))
    value = lift(array)
    if mode == "constant":
        index = np.pad(_numbers(value, 1), plain(pad_width))
        return where(index > 0, Array(_take(value, np.maximum(index - 1, 0))), constant_values)
    if mode not in ("edge", "reflect", "symmetric", "wrap"):
        plain(array, f"pad with mode={mode!r}")
    return Array(_take(value, np.pad(_numbers(value), plain(pad_width), mode=mode, **keywords)))


@_public
def meshgrid(*arrays, copy=True, sparse=False, indexing="xy"):
    """Coordinate matrices of coordinate vectors."""
    values = [lift(unwrap(a)) for a in arrays]
    numbers = np.meshgrid(*[_numbers(v) for v in values], sparse=sparse, indexing=indexing)
    return [Array(_take(v, index)) for v, index in zip(values, numbers)]


@_public
def broadcast_arrays(*arrays):
    """The arrays in their common shape."""
    shape = np.broadcast_shapes(*[Array(a).shape for a in arrays])
    return [broadcast_to(a, shape) for a in arrays]


# ---- single elements -------------------------------------------------------------------------------------------------

@_public
def take(a, indices, axis=None, out=None, mode=None, **_):
    """Elements by whole numbers, which may be traced, along an axis or of the flattened array."""
    x = Array(a)
    if axis is None:
        return x.flatten()[Array(indices)]
    along = axis % x.ndim
    index = Array(indices)
    if not has_node(indices):
        return x[(slice(None),) * along + (np.asarray(index),)]
    moved = moveaxis(x, along, 0)[index]
    order = list(range(index.ndim, index.ndim + along)) + list(range(index.ndim)) + list(range(index.ndim + along, moved.ndim))
    return transpose(moved, order)


@_public
def take_along_axis(arr, indices, axis):
    """arr[..., indices[..., j, ...], ...] along one axis; the indices may be traced."""
    arr = Array(arr) if axis is not None else Array(arr).flatten()
    a = 0 if axis is None else axis % arr.ndim
    index = Array(indices) if axis is not None else Array(indices).flatten()
    stride, length = int(np.prod(arr.shape[a + 1:], dtype=np.int64)), arr.shape[a]
    shape = tuple(n if k == a else max(n, arr.shape[k]) for k, n in enumerate(index.shape))
    first = np.broadcast_to(np.take(_numbers(arr), [0], axis=a), shape).astype(np.int32)
    index = where(index < 0, index + length, index)
    return Array(gather(arr.value, (index * stride + first).value))


@_public
def fill_diagonal(a, val, inplace=True):
    """Puts val on the diagonal of a, in place (or of a copy)."""
    if not isinstance(a, Array):
        raise TypeError("bm.fill_diagonal changes an Array in place; give it bm.asarray(x)")
    mask = np.zeros(a.shape, bool)
    np.fill_diagonal(mask, True)
    changed = where(mask, val, a).astype(a.dtype)
    if not inplace:
        return changed
    a.value = changed.value
    return None


@_public
def remove_diag(arr):
    """An (n, m) matrix without its diagonal: (n, m - 1)."""
    arr = Array(arr)
    if arr.ndim != 2:
        raise ValueError(f"remove_diag wants a matrix, not an array of {arr.ndim} dimensions")
    keep = ~np.eye(*arr.shape, dtype=bool)
    return Array(_take(arr.value, np.flatnonzero(keep).reshape(arr.shape[0], arr.shape[1] - 1)))


@_public
def put(a, ind, v, mode=None):
    """Writes v at places of the flattened Array a, in place."""
    flat = Array(a.value).flatten()
    flat[ind] = v
    a.value = flat.reshape(a.shape).value


@_public
def place(arr, mask, vals):
    """Writes vals, by turns, where the mask holds, in place (no traced mask)."""
    out = np.array(plain(arr, "place"))
    np.place(out, plain(mask, "place"), plain(vals, "place"))
    arr.value = out


@_public
def putmask(a, mask, values):
    """a = values where the mask holds, in place."""
    a.value = where(mask, values, a).astype(a.dtype).value


@_public
def copyto(dst, src):
    """Writes src, broadcast and in dst's type, into dst."""
    dst.value = broadcast_to(Array(src).astype(dst.dtype), dst.shape).value


@_public
def extract(condition, arr):
    """Elements where the condition holds (not traced)."""
    return wrapped(np.extract(plain(condition, "extract"), plain(arr, "extract")))


@_public
def shape(a):
    """The lengths of the axes."""
    return tuple(Array(a).shape)


@_public
def size(a, axis=None):
    """The number of elements, or the length of an axis."""
    return Array(a).size if axis is None else Array(a).shape[axis]


@_public
def ndim(a):
    """The number of axes."""
    return Array(a).ndim


for _name in "nonzero flatnonzero argwhere unique compress trim_zeros".split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)
