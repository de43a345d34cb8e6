"""Products of vectors and matrices.

    bm.matmul(w, r); r @ w; bm.dot(a, b); bm.outer(a, b); bm.einsum("ij,j->i", w, r)     # on arrays and on traced values

A traced vector times a constant matrix is one operation of the core; other traced products are elementwise products and sums.
"""
import numpy as np

from .._array import Array
from .._graph import cast, dense, is_sym, kind_of, lift, product, view
from ._tracing import eager, has_node, plain, wrapped
from .reductions import sum as _sum
from .shapes import moveaxis, reshape, transpose

__all__ = []


def _public(function):
    __all__.append(function.__name__)
    return function


def _numpy(name, *args, **keywords):
    with np.errstate(all="ignore"):
        return wrapped(getattr(np, name)(*[plain(Array(a), name) for a in args], **keywords))


def _number(x):
    """Truth values as whole numbers: a product of them counts."""
    x = Array(x)
    return Array(cast(x.value, "i")) if is_sym(x.value) and kind_of(x.dtype) == "b" else x


def _constant_matrix(a, b):
    """A traced vector with a constant matrix, or None."""
    if is_sym(a.value) and a.ndim == 1 and not is_sym(b.value) and b.ndim == 2:
        return Array(dense(cast(a.value, "f"), b.value))
    if is_sym(b.value) and b.ndim == 1 and not is_sym(a.value) and a.ndim == 2:
        return Array(dense(cast(b.value, "f"), a.value.T))
    return None


def _of_matrices(a, b):
    """A product of vectors and matrices by the core, in reals; None for whole numbers."""
    if "f" not in (kind_of(a.dtype), kind_of(b.dtype)):
        return None
    shape = a.shape[:-1] + (b.shape[1:] if b.ndim == 2 else ())
    left = view(lift(a.value), (1,) + a.shape) if a.ndim == 1 else a.value
    out = product(left, view(lift(b.value), (1, b.shape[0])), True) if b.ndim == 1 else product(left, b.value)
    return Array(view(out, shape))


@_public
def matmul(a, b):
    """The matrix product; stacks of matrices along the first axes."""
    if not has_node((a, b)):
        return _numpy("matmul", a, b)
    a, b = _number(a), _number(b)
    if not a.ndim or not b.ndim:
        raise ValueError("matmul wants vectors and matrices, not a number; use bm.multiply")
    if a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        raise ValueError(f"matmul of the shapes {a.shape} and {b.shape}: the inner lengths differ")
    short = _constant_matrix(a, b)
    if short is None and a.ndim <= 2 and b.ndim <= 2:
        short = _of_matrices(a, b)
    if short is not None:
        return short
    left = a.reshape(a.shape + (1,)) if b.ndim > 1 else a
    if b.ndim == 1:
        return _sum(left * b, axis=-1)
    if a.ndim == 1:
        return _sum(left * b, axis=-2)
    return _sum(left * b.reshape(b.shape[:-2] + (1,) + b.shape[-2:]), axis=-2)


@_public
def dot(a, b):
    """numpy.dot: of vectors the inner product, of matrices matmul, of more axes the last of a with the last but one of b."""
    if not has_node((a, b)):
        return _numpy("dot", a, b)
    a, b = _number(a), _number(b)
    if not a.ndim or not b.ndim:
        return a * b
    if b.ndim <= 2 and (a.ndim <= 2 or b.ndim == 1):
        return matmul(a, b)
    return tensordot(a, b, axes=([a.ndim - 1], [b.ndim - 2]))


@_public
def vdot(a, b):
    """The inner product of the flattened arrays."""
    return dot(Array(a).flatten(), Array(b).flatten()) if has_node((a, b)) else _numpy("vdot", a, b)


@_public
def inner(a, b):
    """Sums of products over the last axes."""
    if not has_node((a, b)):
        return _numpy("inner", a, b)
    a, b = _number(a), _number(b)
    return tensordot(a, b, axes=([a.ndim - 1], [b.ndim - 1])) if a.ndim and b.ndim else a * b


@_public
def outer(a, b, out=None):
    """All products a[i] b[j]."""
    a, b = Array(a).flatten(), Array(b).flatten()
    result = a.reshape((a.size, 1)) * b
    if out is not None:
        out.value = result.value
        return out
    return result


@_public
def tensordot(a, b, axes=2):
    """Sums of products over pairs of axes."""
    if not has_node((a, b)):
        return _numpy("tensordot", a, b, axes=axes)
    a, b = _number(a), _number(b)
    if isinstance(axes, int):
        axes = (list(range(a.ndim - axes, a.ndim)), list(range(axes)))
    ours, theirs = ([x] if isinstance(x, int) else list(x) for x in axes)
    ours, theirs = [x % a.ndim for x in ours], [x % b.ndim for x in theirs]
    if [a.shape[x] for x in ours] != [b.shape[x] for x in theirs]:
        raise ValueError(f"tensordot of the shapes {a.shape} and {b.shape} over axes {axes}: the lengths differ")
    free_a = [k for k in range(a.ndim) if k not in ours]
    free_b = [k for k in range(b.ndim) if k not in theirs]
    count = int(np.prod([a.shape[x] for x in ours], dtype=np.int64))
    left = reshape(transpose(a, free_a + ours), (-1, count))
    right = reshape(transpose(b, theirs + free_b), (count, -1))
    shape = tuple(a.shape[k] for k in free_a) + tuple(b.shape[k] for k in free_b)
    if left.shape[0] == 1:
        return reshape(matmul(reshape(left, (count,)), right), shape)
    if right.shape[1] == 1:
        return reshape(matmul(left, reshape(right, (count,))), shape)
    return reshape(matmul(left, right), shape)


def _labels(subscripts, arrays):
    """(labels of each operand, labels of the result) of an einsum text."""
    text = subscripts.replace(" ", "")
    if "." in text:
        raise ValueError("einsum with '...' of traced values is not supported; name the axes")
    left, arrow, right = text.partition("->")
    operands = left.split(",")
    if len(operands) != len(arrays) or any(len(o) != a.ndim for o, a in zip(operands, arrays)):
        raise ValueError(f"einsum {subscripts!r} does not fit operands of the shapes {', '.join(str(a.shape) for a in arrays)}")
    if not arrow:
        right = "".join(sorted(c for c in set(left) - {","} if left.count(c) == 1))
    return operands, right


@_public
def einsum(subscripts, *operands, **keywords):
    """Einstein's summation by a text such as "ij,j->i"."""
    if not has_node(operands):
        return wrapped(np.einsum(subscripts, *[plain(Array(a), "einsum") for a in operands], **keywords))
    arrays = [_number(a) for a in operands]
    labels, result = _labels(subscripts, arrays)
    if len(arrays) == 2 and all(len(set(o)) == len(o) for o in labels):
        shared = [c for c in labels[0] if c in labels[1]]
        if not any(c in result for c in shared):
            out = tensordot(*arrays, axes=([labels[0].index(c) for c in shared], [labels[1].index(c) for c in shared]))
            free = [c for c in labels[0] + labels[1] if c not in shared]
            kept = [c for c in free if c in result]
            out = _sum(out, axis=tuple(k for k, c in enumerate(free) if c not in result)) if len(kept) < len(free) else out
            return transpose(out, [kept.index(c) for c in result]) if len(kept) > 1 else out
    return _aligned(arrays, labels, result)


def _aligned(arrays, labels, result):
    """Every operand spread over all labels, multiplied, and summed over those that are not in the result."""
    order = list(result) + sorted(set("".join(labels)) - set(result))
    total = None
    for array, own in zip(arrays, labels):
        for c in set(own):
            while own.count(c) > 1:
                i, j = own.index(c), own.rindex(c)
                from .shapes import diagonal
                array, own = diagonal(array, 0, i, j), own[:i] + own[i + 1:j] + own[j + 1:] + c
        array = transpose(array, [own.index(c) for c in order if c in own]) if len(own) > 1 else array
        lengths = iter(array.shape)
        array = reshape(array, tuple(next(lengths) if c in own else 1 for c in order))
        total = array if total is None else total * array
    axes = tuple(range(len(result), len(order)))
    return _sum(total, axis=axes) if axes else total


@_public
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    """The sum of a diagonal."""
    from .shapes import diagonal
    return _sum(diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype, out=out)


@_public
def kron(a, b):
    """Kronecker's product."""
    if not has_node((a, b)):
        return _numpy("kron", a, b)
    a, b = Array(a), Array(b)
    n = max(a.ndim, b.ndim)
    sa, sb = (1,) * (n - a.ndim) + a.shape, (1,) * (n - b.ndim) + b.shape
    out = reshape(a, tuple(x for k in sa for x in (k, 1))) * reshape(b, tuple(x for k in sb for x in (1, k)))
    return reshape(out, tuple(x * y for x, y in zip(sa, sb)))


@_public
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product of vectors of three components along an axis (axisa, axisb, axisc: one for each array)."""
    if not has_node((a, b)):
        return _numpy("cross", a, b, axisa=axisa, axisb=axisb, axisc=axisc, axis=axis)
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    a, b = moveaxis(Array(a), axisa, -1), moveaxis(Array(b), axisb, -1)
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError("a traced cross product is of vectors of three components")
    one, two = [1, 2, 0], [2, 0, 1]
    return moveaxis(a[..., one] * b[..., two] - a[..., two] * b[..., one], -1, axisc)


@_public
def convolve(a, v, mode="full"):
    """The convolution of two sequences; one of them may be traced."""
    if not has_node((a, v)):
        return _numpy("convolve", a, v, mode=mode)
    a, v = Array(a), Array(v)
    if a.size < v.size:
        a, v = v, a
    if is_sym(a.value) and is_sym(v.value):
        plain(v, "convolve of two traced sequences")
    traced, fixed = (a, np.asarray(v)) if is_sym(a.value) else (v, np.asarray(a))
    matrix = np.stack([np.convolve(row, fixed) for row in np.eye(traced.size, dtype=lift(fixed).dtype)])
    full, short = a.size + v.size - 1, v.size
    first = 0 if mode == "full" else (short - 1) // 2 if mode == "same" else short - 1
    count = full if mode == "full" else a.size if mode == "same" else a.size - short + 1
    return matmul(traced, Array(matrix[:, first:first + count]))


@_public
def correlate(a, v, mode="valid"):
    """The cross-correlation of two sequences; one of them may be traced."""
    if not has_node((a, v)):
        return _numpy("correlate", a, v, mode=mode)
    from .shapes import flip
    a, v = Array(a), Array(v)
    return convolve(a, flip(v), mode=mode) if a.size >= v.size else flip(convolve(v, flip(a), mode=mode))


einsum_path = np.einsum_path
__all__.append("einsum_path")

for _name in ("poly polyadd polyder polydiv polyfit polyint polymul polysub roots union1d intersect1d setdiff1d setxor1d "
              "apply_along_axis apply_over_axes").split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)


@_public
def polyval(p, x):
    """A polynomial by Horner's rule, the highest power first."""
    p = Array(p)
    out = Array(x) * 0
    for k in range(p.size):
        out = out * x + p[k]
    return out
