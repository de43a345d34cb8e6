"""Elementwise functions: arithmetic, exponentials, trigonometry, rounding, comparison, logic.

    bm.exp(x); bm.where(x > 0., x, 0.); bm.clip(x, 0., 1.)        # on arrays and on traced values

What the core has no operator for is composed of those that it has, with the cancellations of the textbook forms avoided.
"""
import math

import numpy as np

from .._array import Array, unwrap
from .._errors import NotTraceable
from .._graph import apply, canonical_dtype, cast as _cast, is_sym, kind_of, lift
from ._tracing import both, eager, give, has_node, plain, wrapped

_PRIMITIVES = {
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "sin": "sin", "cos": "cos", "tanh": "tanh", "sqrt": "sqrt",
    "abs": "abs", "absolute": "abs", "negative": "neg", "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div",
    "power": "pow", "minimum": "min", "maximum": "max", "less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge",
    "equal": "eq", "not_equal": "ne", "logical_and": "logic_and", "logical_or": "logic_or", "logical_not": "logic_not",
    "exprel": "exprel", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "log2": "log2", "log10": "log10", "ceil": "ceil", "sign": "sign",
}
pi, inf, nan, e = math.pi, math.inf, math.nan, math.e
__all__ = ["pi", "inf", "nan", "e", *_PRIMITIVES]


def _primitive(name, op):
    def function(*args, out=None):
        return give(Array(apply(op, *[unwrap(a) for a in args])), out)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"numpy.{name}, elementwise; also of traced values."
    return function


for _name, _op in _PRIMITIVES.items():
    globals()[_name] = _primitive(_name, _op)


def _public(function):
    __all__.append(function.__name__)
    return function


# ---- choices ---------------------------------------------------------------------------------------------------------

@_public
def where(condition, x=None, y=None):
    """x where the condition holds, y elsewhere; with the condition alone, the indices at which it holds (no traced condition)."""
    if x is None and y is None:
        return tuple(Array(v) for v in np.nonzero(plain(condition, "where")))
    if x is None or y is None:
        raise TypeError("bm.where takes a condition, or a condition and two values")
    return Array(apply("select", unwrap(condition), unwrap(x), unwrap(y)))


@_public
def clip(x, a_min=None, a_max=None, out=None):
    """x within [a_min, a_max]; either may be None."""
    value = unwrap(x)
    if a_min is not None:
        value = apply("max", value, unwrap(a_min))
    if a_max is not None:
        value = apply("min", value, unwrap(a_max))
    return give(Array(value), out)


@_public
def select(condlist, choicelist, default=0):
    """The choice of the first condition that holds, else the default."""
    if len(condlist) != len(choicelist):
        raise ValueError(f"{len(condlist)} conditions for {len(choicelist)} choices")
    out = default
    for condition, choice in reversed(list(zip(condlist, choicelist))):
        out = where(condition, choice, out)
    return out


@_public
def choose(a, choices, out=None, mode="raise"):
    """choices[a], elementwise; traced: a below 0 takes the first choice, beyond the end the last one (mode "clip")."""
    if not has_node((a, choices)):
        return give(wrapped(np.choose(plain(a), plain(list(choices)), mode=mode)), out)
    result = choices[-1]
    for k in range(len(choices) - 2, -1, -1):
        result = where(Array(a) <= k, choices[k], result)
    return give(result, out)


@_public
def piecewise(x, condlist, funclist, *args, **keywords):
    """funclist[k](x) where condlist[k] is the last condition that holds; one function more is the default (0 without)."""
    x = Array(x)
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    functions = list(funclist)
    if len(functions) not in (len(conditions), len(conditions) + 1):
        raise ValueError(f"{len(conditions)} conditions for {len(functions)} functions")
    results = [f(x, *args, **keywords) if callable(f) else f for f in functions]
    out = results[-1] if len(functions) > len(conditions) else 0
    for condition, result in zip(conditions, results):
        out = where(condition, result, out)
    return Array(_cast(lift(unwrap(out)), kind_of(x.dtype)))


@_public
def heaviside(x, h0):
    """0 below 0, h0 at 0, 1 above."""
    x = Array(x)
    return where(x == 0, h0, where(x > 0, 1., where(x < 0, 0., x)))


@_public
def nan_to_num(x, copy=True, nan=0., posinf=None, neginf=None):
    """NaN as `nan`, infinities as the largest finite numbers (or as given)."""
    x = Array(x)
    if kind_of(x.dtype) in "bi":
        return x
    most = float(np.finfo(x.dtype).max)
    out = where(isnan(x), nan, x)
    out = where(out == math.inf, most if posinf is None else posinf, out)
    return where(out == -math.inf, -most if neginf is None else neginf, out)


# ---- compositions ----------------------------------------------------------------------------------------------------

def _arctan(x):
    """Reduced to |x| <= tan(pi/16) by 1/x and two halvings, then the series (its 12th term is below 2^-53)."""
    size = abs(x)
    large = size > 1.
    z = where(large, 1. / where(large, size, 1.), size)
    for _ in range(2):
        z = z / (1. + sqrt(1. + z * z))  # noqa: F821
    square_, out = z * z, 0.
    for k in range(12, -1, -1):
        out = out * square_ + (-1.) ** k / (2 * k + 1)
    out = out * z * 4.
    out = where(large, math.pi / 2 - out, out)
    return where(x < 0, -out, where(x == 0, x, out))


def _arctan2(y, x):
    swap = abs(y) > abs(x)
    low, high = where(swap, x, y), where(swap, y, x)
    angle = _arctan(low / where(high == 0, 1., high))
    flat = where(x < 0, where(y < 0, angle - math.pi, angle + math.pi), angle)
    return where(swap, where(y < 0, -math.pi / 2, math.pi / 2) - angle, flat)


def _arcsin(x):
    return _arctan2(x, sqrt((1. - x) * (1. + x)))  # noqa: F821


def _asinh(x):
    size = abs(x)
    out = log1p(size + size * size / (1. + sqrt(1. + size * size)))  # noqa: F821
    return where(x < 0, -out, out)


def _round(x, decimals=0):
    """To the nearest, halves to the even."""
    if kind_of(x.dtype) in "bi":
        return x
    if decimals:
        return _round(x * 10. ** decimals) / 10. ** decimals
    return Array(apply("round", x.value))


def _floor(x):
    return x if kind_of(x.dtype) in "bi" else Array(apply("floor", x.value))


def _quotient(x, y):
    """floor(x / y) and the rest, which has the sign of y and is below it also where the quotient was rounded up."""
    if kind_of(x.dtype) in "bi" and kind_of(y.dtype) in "bi":
        return Array(apply("floordiv", x.value, y.value)), Array(apply("mod", x.value, y.value))
    q = _floor(x / y)
    rest = x - q * y
    late = rest * y < 0.
    early = abs(rest) >= abs(y)
    return where(late, q - 1., where(early, q + 1., q)), where(late, rest + y, where(early, rest - y, rest))


def _fmod(x, y):
    rest = _quotient(abs(x), abs(y))[1]
    return where(x < 0, -rest, rest)


def _trunc(x):
    return x if kind_of(x.dtype) in "bi" else where(x < 0, -_floor(-x), _floor(x))


def _cbrt(x):
    size = abs(x)
    root = exp(log(where(size == 0, 1., size)) / 3.)  # noqa: F821
    root = root - (root - size / (root * root)) / 3.
    return where(size == 0, x, where(x < 0, -root, root))


def _hypot(x, y):
    top, low = maximum(abs(x), abs(y)), minimum(abs(x), abs(y))  # noqa: F821
    ratio = low / where(top == 0, 1., top)
    return top * sqrt(1. + ratio * ratio)  # noqa: F821


def _logaddexp(x, y):
    top = maximum(x, y)  # noqa: F821
    gap = x - y
    return top + log1p(exp(-abs(where(gap != gap, 0., gap))))  # noqa: F821


def _i0(x):
    raise NotTraceable("bm.i0 of a traced value is not supported", "tabulate it and use bm.interp")


_LN2 = math.log(2.)
_COMPOSED = {  # name: (NumPy's function, of traced Arrays, whether whole numbers become reals)
    "arcsin": (np.arcsin, _arcsin, True), "arccos": (np.arccos, lambda x: math.pi / 2 - _arcsin(x), True),
    "arctan": (np.arctan, _arctan, True), "arctan2": (np.arctan2, _arctan2, True),
    "arcsinh": (np.arcsinh, _asinh, True), "arccosh": (np.arccosh, lambda x: log(x + sqrt(x - 1.) * sqrt(x + 1.)), True),  # noqa: F821
    "arctanh": (np.arctanh, lambda x: 0.5 * (log1p(x) - log1p(-x)), True),  # noqa: F821
    "exp2": (np.exp2, lambda x: exp(x * _LN2), True),  # noqa: F821
    "logaddexp": (np.logaddexp, _logaddexp, True),
    "logaddexp2": (np.logaddexp2, lambda x, y: _logaddexp(x * _LN2, y * _LN2) / _LN2, True),
    "cbrt": (np.cbrt, _cbrt, True), "hypot": (np.hypot, _hypot, True), "i0": (np.i0, _i0, True),
    "sinc": (np.sinc, lambda x: where(x == 0, 1., sin(x * math.pi) / where(x == 0, 1., x * math.pi)), True),  # noqa: F821
    "reciprocal": (np.reciprocal, lambda x: 1. / x, True), "square": (np.square, lambda x: x * x, False),
    "positive": (np.positive, lambda x: x, False), "fabs": (np.fabs, abs, True),
    "floor": (np.floor, _floor, True), "trunc": (np.trunc, _trunc, True),
    "fix": (np.fix, _trunc, True), "rint": (np.rint, _round, True),
    "round": (np.round, _round, False), "round_": (np.round, _round, False), "around": (np.round, _round, False),
    "floor_divide": (np.floor_divide, lambda x, y: _quotient(x, y)[0], False),
    "mod": (np.mod, lambda x, y: _quotient(x, y)[1], False), "remainder": (np.mod, lambda x, y: _quotient(x, y)[1], False),
    "divmod": (np.divmod, _quotient, False), "fmod": (np.fmod, _fmod, False),
    "modf": (np.modf, lambda x: (x - _trunc(x), _trunc(x)), True),
    "float_power": (np.float_power, lambda x, y: Array(apply("pow", _cast(x.value, "f"), _cast(y.value, "f"))), True),
    "deg2rad": (np.deg2rad, lambda x: x * (math.pi / 180), True), "radians": (np.radians, lambda x: x * (math.pi / 180), True),
    "rad2deg": (np.rad2deg, lambda x: x * (180 / math.pi), True), "degrees": (np.degrees, lambda x: x * (180 / math.pi), True),
    "copysign": (np.copysign, lambda x, y: where(y < 0, -abs(x), abs(x)), True), "signbit": (np.signbit, lambda x: x < 0, False),
    "fmax": (np.fmax, lambda x, y: where(x != x, y, where(y != y, x, maximum(x, y))), False),  # noqa: F821
    "fmin": (np.fmin, lambda x, y: where(x != x, y, where(y != y, x, minimum(x, y))), False),  # noqa: F821
    "isnan": (np.isnan, lambda x: x != x, False), "isinf": (np.isinf, lambda x: abs(x) == math.inf, False),
    "isfinite": (np.isfinite, lambda x: abs(x) < math.inf, False),
    "isposinf": (np.isposinf, lambda x: x == math.inf, False), "isneginf": (np.isneginf, lambda x: x == -math.inf, False),
    "isclose": (np.isclose, lambda a, b, rtol=1e-5, atol=1e-8, equal_nan=False: logical_or(  # noqa: F821
        abs(a - b) <= atol + rtol * abs(b), logical_or(a == b, logical_and(equal_nan, logical_and(a != a, b != b)))), False),  # noqa: F821
    "logical_xor": (np.logical_xor, lambda x, y: (x != 0) != (y != 0), False),
    "real": (np.real, lambda x: x, False), "imag": (np.imag, lambda x: x * 0, False),
    "conj": (np.conj, lambda x: x, False), "conjugate": (np.conj, lambda x: x, False),
    "angle": (np.angle, lambda x, deg=False: where(x < 0, 180. if deg else math.pi, 0.), True),
    "isreal": (np.isreal, lambda x: x == x, False), "iscomplex": (np.iscomplex, lambda x: x < x, False),
    "ldexp": (lambda x, n: np.ldexp(x, n.astype(np.int32)), lambda x, n: x * exp(n * _LN2), False),  # noqa: F821
}
for _name, (_numpy, _traced, _reals) in _COMPOSED.items():
    globals()[_name] = both(_name, _numpy, _traced, _reals)
__all__ += list(_COMPOSED)

for _name in "gcd lcm nextafter frexp left_shift right_shift".split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)


def _bits(name, function, logic):
    """Bits of whole numbers; of booleans, also traced, logic."""
    def call(*args):
        args = [lift(unwrap(a)) for a in args]
        if all_booleans(args):
            return logic(*args)
        if has_node(args):
            raise NotTraceable(f"bm.{name} of traced whole numbers is not supported", "keep flags as boolean arrays: ~, &, | and ^ work on these")
        return wrapped(function(*args))
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}; of booleans also traced."
    return call


def all_booleans(values):
    return not any(kind_of(v.dtype) != "b" for v in values)


for _name, _numpy, _logic in (("bitwise_and", np.bitwise_and, logical_and), ("bitwise_or", np.bitwise_or, logical_or),  # noqa: F821
                              ("bitwise_xor", np.bitwise_xor, logical_xor), ("bitwise_not", np.invert, logical_not),  # noqa: F821
                              ("invert", np.invert, logical_not)):  # noqa: F821
    globals()[_name] = _bits(_name, _numpy, _logic)
    __all__.append(_name)


# ---- functions of two or more values ---------------------------------------------------------------------------------

@_public
def add(x, y, alpha=1, out=None):
    """x + alpha y."""
    y = unwrap(y) if isinstance(alpha, (int, float)) and alpha == 1 else apply("mul", unwrap(alpha), unwrap(y))
    return give(Array(apply("add", unwrap(x), y)), out)


@_public
def addcmul(x, tensor1, tensor2, value=1, out=None):
    """x + value tensor1 tensor2."""
    return add(x, Array(tensor1) * tensor2, alpha=value, out=out)


@_public
def addcdiv(x, tensor1, tensor2, value=1, out=None):
    """x + value tensor1 / tensor2."""
    return add(x, Array(tensor1) / tensor2, alpha=value, out=out)


@_public
def cast(x, dtype):
    """x with another dtype."""
    return Array(x).astype(canonical_dtype(dtype))


acos, acosh, asin, asinh = arccos, arccosh, arcsin, arcsinh  # noqa: F821
atan, atan2, atanh, clip_by_value = arctan, arctan2, arctanh, clip  # noqa: F821
__all__ += ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "clip_by_value"]


@_public
def is_traced(x):
    """Whether x stands for the arrays of every step of a loop that is being traced."""
    return is_sym(unwrap(x))
