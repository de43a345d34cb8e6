"""How a function of bm serves both arrays and nodes of a graph.

    sinh = both("sinh", np.sinh, traced=lambda x: ..., reals=True)   # NumPy outside of a trace, a composition of primitives inside
    sort = eager("sort", np.sort)                                    # outside of a trace only: TracingError inside
"""
import numpy as np

from .._array import Array, unwrap
from .._errors import NotTraceable
from .._graph import canonical_dtype, dtype_of, is_sym, kind_of, lift

ADVICE = "write it with functions that keep the number of elements: bm.where, arithmetic, sums, indexing by whole numbers"


def has_node(x):
    """Whether x or something inside of its lists, tuples and dicts is traced."""
    if isinstance(x, (list, tuple)):
        return any(has_node(y) for y in x)
    if isinstance(x, dict):
        return any(has_node(y) for y in x.values())
    return is_sym(unwrap(x)) if isinstance(x, Array) else is_sym(x)


def plain(x, name="this function"):
    """x for NumPy: Arrays as ndarrays; also inside of lists, tuples and dicts."""
    if isinstance(x, (list, tuple)):
        inner = [plain(y, name) for y in x]
        return type(x)(*inner) if hasattr(x, "_fields") else type(x)(inner)
    if isinstance(x, dict):
        return {k: plain(y, name) for k, y in x.items()}
    value = unwrap(x)
    if is_sym(value):
        raise NotTraceable(f"bm.{name} of a traced value is not supported", ADVICE)
    return value


def wrapped(out):
    """NumPy's results as Arrays; Python's own values stay as they are."""
    if isinstance(out, (np.ndarray, np.generic)):
        return Array(out) if out.dtype.kind in "biufc" else out
    if isinstance(out, (list, tuple)) and any(isinstance(v, (np.ndarray, np.generic)) for v in out):
        return [wrapped(v) for v in out] if isinstance(out, list) else tuple(wrapped(v) for v in out)
    return out


def eager(name, function):
    """A function that needs the numbers: NumPy's on arrays, TracingError in a trace."""
    def call(*args, **keywords):
        if keywords.get("dtype") is not None:
            keywords["dtype"] = canonical_dtype(unwrap(keywords["dtype"]))
        return wrapped(function(*[plain(a, name) for a in args], **{k: plain(v, name) for k, v in keywords.items()}))
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name} on arrays; NotTraceable where an argument is traced."
    return call


def real(value):
    """Booleans and whole numbers as reals."""
    value = lift(value)
    if kind_of(value.dtype) in "bi" and not is_sym(value):
        return value.astype(dtype_of("f"))
    return value


def both(name, function, traced, reals=False):
    """An elementwise function: NumPy's on arrays, `traced` (of Arrays) where an operand is traced. reals: whole numbers become reals first."""
    def call(*args, out=None, **keywords):
        args = [unwrap(a) for a in args]
        if has_node(args):
            result = traced(*[Array(a) for a in args], **keywords)
        else:
            with np.errstate(all="ignore"):
                result = wrapped(function(*[real(a) if reals else lift(a) for a in args], **keywords))
        return give(result, out)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}, elementwise; also of traced values."
    return call


def give(result, out):
    """The result, or None after it was written into the Array `out`."""
    if out is None:
        return result
    if not isinstance(out, Array):
        raise TypeError(f"out= must be an Array of bm, not {type(out).__name__}")
    out.value = unwrap(result)
    return None
