"""bm's functions of arrays: elementwise ones on values and on nodes, the others on values."""
import numpy as np

from .._array import Array, unwrap
from .._errors import NotTraceable
from .._graph import apply, canonical_dtype, is_sym, lift


def _elementwise(name, op):
    def function(*args):
        return Array(apply(op, *[unwrap(a) for a in args]))
    function.__name__ = name
    return function


for _name, _op in {"exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "sin": "sin", "cos": "cos", "tanh": "tanh", "sqrt": "sqrt",
                   "floor": "floor", "abs": "abs", "absolute": "abs", "negative": "neg", "add": "add", "subtract": "sub",
                   "multiply": "mul", "divide": "div", "true_divide": "div", "power": "pow", "minimum": "min", "maximum": "max",
                   "less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge", "equal": "eq", "not_equal": "ne",
                   "logical_and": "logic_and", "logical_or": "logic_or", "logical_not": "logic_not", "exprel": "exprel", "mod": "mod",
                   "remainder": "mod", "floor_divide": "floordiv", "sign": "sign", "ceil": "ceil", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
                   "log2": "log2", "log10": "log10", "rint": "round"}.items():
    globals()[_name] = _elementwise(_name, _op)
pi, inf, nan, e = np.pi, np.inf, np.nan, np.e


def where(condition, x=None, y=None):
    if x is None:
        return tuple(Array(v) for v in np.nonzero(np.asarray(condition)))
    return Array(apply("select", unwrap(condition), unwrap(x), unwrap(y)))


def square(x):
    return Array(apply("mul", unwrap(x), unwrap(x)))


def sigmoid(x):
    return 1. / (1. + Array(apply("exp", apply("neg", unwrap(x)))))


def clip(x, low=None, high=None):
    value = unwrap(x)
    if low is not None:
        value = apply("max", value, unwrap(low))
    return Array(value if high is None else apply("min", value, unwrap(high)))


def logical_xor(x, y):
    return Array(apply("ne", apply("ne", unwrap(x), 0), apply("ne", unwrap(y), 0)))


def zeros(shape, dtype=None):
    return Array(np.zeros(shape, canonical_dtype(dtype)))


def ones(shape, dtype=None):
    return Array(np.ones(shape, canonical_dtype(dtype)))


empty = zeros


def full(shape, number, dtype=None):
    return Array(np.full(shape, unwrap(number), None if dtype is None else canonical_dtype(dtype)))


def zeros_like(x, dtype=None):
    return zeros(lift(x).shape, dtype or lift(x).dtype)


def ones_like(x, dtype=None):
    return ones(lift(x).shape, dtype or lift(x).dtype)


def asarray(x, dtype=None):
    return Array(x, dtype)


array = as_array = asarray


def as_numpy(x):
    return np.asarray(x)


def as_jax(x):
    return lift(x)


def arange(*args, dtype=None):
    return Array(np.arange(*args), dtype)


def linspace(*args, **keywords):
    return Array(np.linspace(*args, **keywords))


def _values(name):
    numpy_function = getattr(np, name)

    def function(*args, **keywords):
        def plain(x):
            if isinstance(x, (list, tuple)):
                return type(x)(plain(y) for y in x)
            value = unwrap(x)
            if is_sym(value):
                raise NotTraceable(f"bm.{name} of a traced value is not supported", "write it with elementwise operators")
            return value
        out = numpy_function(*[plain(a) for a in args], **{k: plain(v) for k, v in keywords.items()})
        return tuple(Array(v) for v in out) if isinstance(out, (tuple, list)) else Array(out)
    function.__name__ = name
    return function


for _name in ("sum mean max min any all prod std var cumsum cumprod argmax argmin argsort sort dot matmul outer squeeze swapaxes take repeat "
              "round tile trace diagonal expand_dims reshape transpose concatenate stack vstack hstack roll flip split nonzero unique "
              "searchsorted arcsin arccos arctan arctan2 isnan isinf isfinite "
              "bitwise_and bitwise_or bitwise_xor meshgrid eye diag flatnonzero count_nonzero broadcast_to median percentile ptp").split():
    globals()[_name] = _values(_name)
