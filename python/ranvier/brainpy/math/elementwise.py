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

pi, inf, nan, e = math.pi, math.inf, math.nan, math.e
__all__ = ["pi", "inf", "nan", "e"]


def _public(function):
    __all__.append(function.__name__)
    return function


def _primitive(name, op=None):
    """The core's operator `op` (of the same name, where none is given)."""
    def function(*args, out=None):
        return give(Array(apply(op or name, *[unwrap(a) for a in args])), out)
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"numpy.{name}, elementwise; also of traced values."
    return _public(function)


exp = _primitive("exp")
expm1 = _primitive("expm1")
log = _primitive("log")
log1p = _primitive("log1p")
sin = _primitive("sin")
cos = _primitive("cos")
tanh = _primitive("tanh")
sqrt = _primitive("sqrt")
abs = _primitive("abs")
absolute = _primitive("absolute", "abs")
negative = _primitive("negative", "neg")
subtract = _primitive("subtract", "sub")
multiply = _primitive("multiply", "mul")
divide = _primitive("divide", "div")
true_divide = _primitive("true_divide", "div")
power = _primitive("power", "pow")
minimum = _primitive("minimum", "min")
maximum = _primitive("maximum", "max")
less = _primitive("less", "lt")
less_equal = _primitive("less_equal", "le")
greater = _primitive("greater", "gt")
greater_equal = _primitive("greater_equal", "ge")
equal = _primitive("equal", "eq")
not_equal = _primitive("not_equal", "ne")
logical_and = _primitive("logical_and", "logic_and")
logical_or = _primitive("logical_or", "logic_or")
logical_not = _primitive("logical_not", "logic_not")
exprel = _primitive("exprel")
tan = _primitive("tan")
sinh = _primitive("sinh")
cosh = _primitive("cosh")
log2 = _primitive("log2")
log10 = _primitive("log10")
ceil = _primitive("ceil")
sign = _primitive("sign")


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
def clip(a, a_min=None, a_max=None, out=None):
    """a within [a_min, a_max]; either may be None."""
    value = unwrap(a)
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
        z = z / (1. + sqrt(1. + z * z))
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
    return _arctan2(x, sqrt((1. - x) * (1. + x)))


def _asinh(x):
    size = abs(x)
    out = log1p(size + size * size / (1. + sqrt(1. + size * size)))
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
    root = exp(log(where(size == 0, 1., size)) / 3.)
    root = root - (root - size / (root * root)) / 3.
    return where(size == 0, x, where(x < 0, -root, root))


def _hypot(x, y):
    top, low = maximum(abs(x), abs(y)), minimum(abs(x), abs(y))
    ratio = low / where(top == 0, 1., top)
    return top * sqrt(1. + ratio * ratio)


def _logaddexp(x, y):
    top = maximum(x, y)
    gap = x - y
    return top + log1p(exp(-abs(where(gap != gap, 0., gap))))


def _i0(x):
    raise NotTraceable("bm.i0 of a traced value is not supported", "tabulate it and use bm.interp")


def _isclose(a, b, rtol=1e-5, atol=1e-8, equal_nan=False):
    return logical_or(abs(a - b) <= atol + rtol * abs(b), logical_or(a == b, logical_and(equal_nan, logical_and(a != a, b != b))))


def _composed(name, function, traced, reals=False):
    """NumPy's function on arrays, `traced` of traced Arrays; reals: whole numbers become reals first."""
    return _public(both(name, function, traced, reals))


_LN2 = math.log(2.)
arcsin = _composed("arcsin", np.arcsin, _arcsin, reals=True)
arccos = _composed("arccos", np.arccos, lambda x: math.pi / 2 - _arcsin(x), reals=True)
arctan = _composed("arctan", np.arctan, _arctan, reals=True)
arctan2 = _composed("arctan2", np.arctan2, _arctan2, reals=True)
arcsinh = _composed("arcsinh", np.arcsinh, _asinh, reals=True)
arccosh = _composed("arccosh", np.arccosh, lambda x: log(x + sqrt(x - 1.) * sqrt(x + 1.)), reals=True)
arctanh = _composed("arctanh", np.arctanh, lambda x: 0.5 * (log1p(x) - log1p(-x)), reals=True)
exp2 = _composed("exp2", np.exp2, lambda x: exp(x * _LN2), reals=True)
logaddexp = _composed("logaddexp", np.logaddexp, _logaddexp, reals=True)
logaddexp2 = _composed("logaddexp2", np.logaddexp2, lambda x, y: _logaddexp(x * _LN2, y * _LN2) / _LN2, reals=True)
cbrt = _composed("cbrt", np.cbrt, _cbrt, reals=True)
hypot = _composed("hypot", np.hypot, _hypot, reals=True)
i0 = _composed("i0", np.i0, _i0, reals=True)
sinc = _composed("sinc", np.sinc, lambda x: where(x == 0, 1., sin(x * math.pi) / where(x == 0, 1., x * math.pi)), reals=True)
reciprocal = _composed("reciprocal", np.reciprocal, lambda x: 1. / x, reals=True)
square = _composed("square", np.square, lambda x: x * x)
positive = _composed("positive", np.positive, lambda x: x)
fabs = _composed("fabs", np.fabs, abs, reals=True)
floor = _composed("floor", np.floor, _floor, reals=True)
trunc = _composed("trunc", np.trunc, _trunc, reals=True)
fix = _composed("fix", np.fix, _trunc, reals=True)
rint = _composed("rint", np.rint, _round, reals=True)
round = _composed("round", np.round, _round)
round_ = _composed("round_", np.round, _round)
around = _composed("around", np.round, _round)
floor_divide = _composed("floor_divide", np.floor_divide, lambda x, y: _quotient(x, y)[0])
mod = _composed("mod", np.mod, lambda x, y: _quotient(x, y)[1])
remainder = _composed("remainder", np.mod, lambda x, y: _quotient(x, y)[1])
divmod = _composed("divmod", np.divmod, _quotient)
fmod = _composed("fmod", np.fmod, _fmod)
modf = _composed("modf", np.modf, lambda x: (x - _trunc(x), _trunc(x)), reals=True)
float_power = _composed("float_power", np.float_power, lambda x, y: Array(apply("pow", _cast(x.value, "f"), _cast(y.value, "f"))), reals=True)
deg2rad = _composed("deg2rad", np.deg2rad, lambda x: x * (math.pi / 180), reals=True)
radians = _composed("radians", np.radians, lambda x: x * (math.pi / 180), reals=True)
rad2deg = _composed("rad2deg", np.rad2deg, lambda x: x * (180 / math.pi), reals=True)
degrees = _composed("degrees", np.degrees, lambda x: x * (180 / math.pi), reals=True)
copysign = _composed("copysign", np.copysign, lambda x, y: where(y < 0, -abs(x), abs(x)), reals=True)
signbit = _composed("signbit", np.signbit, lambda x: x < 0)
fmax = _composed("fmax", np.fmax, lambda x, y: where(x != x, y, where(y != y, x, maximum(x, y))))
fmin = _composed("fmin", np.fmin, lambda x, y: where(x != x, y, where(y != y, x, minimum(x, y))))
isnan = _composed("isnan", np.isnan, lambda x: x != x)
isinf = _composed("isinf", np.isinf, lambda x: abs(x) == math.inf)
isfinite = _composed("isfinite", np.isfinite, lambda x: abs(x) < math.inf)
isposinf = _composed("isposinf", np.isposinf, lambda x: x == math.inf)
isneginf = _composed("isneginf", np.isneginf, lambda x: x == -math.inf)
isclose = _composed("isclose", np.isclose, _isclose)
logical_xor = _composed("logical_xor", np.logical_xor, lambda x, y: (x != 0) != (y != 0))
real = _composed("real", np.real, lambda x: x)
imag = _composed("imag", np.imag, lambda x: x * 0)
conj = _composed("conj", np.conj, lambda x: x)
conjugate = _composed("conjugate", np.conj, lambda x: x)
angle = _composed("angle", np.angle, lambda x, deg=False: where(x < 0, 180. if deg else math.pi, 0.), reals=True)
isreal = _composed("isreal", np.isreal, lambda x: x == x)
iscomplex = _composed("iscomplex", np.iscomplex, lambda x: x < x)
ldexp = _composed("ldexp", lambda x, n: np.ldexp(x, n.astype(np.int32)), lambda x, n: x * exp(n * _LN2))
gcd = _public(eager("gcd", np.gcd))
lcm = _public(eager("lcm", np.lcm))
nextafter = _public(eager("nextafter", np.nextafter))
frexp = _public(eager("frexp", np.frexp))
left_shift = _public(eager("left_shift", np.left_shift))
right_shift = _public(eager("right_shift", np.right_shift))


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
    return _public(call)


def all_booleans(values):
    return not any(kind_of(v.dtype) != "b" for v in values)


bitwise_and, bitwise_or = _bits("bitwise_and", np.bitwise_and, logical_and), _bits("bitwise_or", np.bitwise_or, logical_or)
bitwise_xor, bitwise_not = _bits("bitwise_xor", np.bitwise_xor, logical_xor), _bits("bitwise_not", np.invert, logical_not)
invert = _bits("invert", np.invert, logical_not)


# ---- functions of two or more values ---------------------------------------------------------------------------------

@_public
def add(input, other, alpha=1, out=None):
    """input + alpha other."""
    other = unwrap(other) if isinstance(alpha, (int, float)) and alpha == 1 else apply("mul", unwrap(alpha), unwrap(other))
    return give(Array(apply("add", unwrap(input), other)), out)


@_public
def addcmul(input, tensor1, tensor2, value=1, out=None):
    """input + value tensor1 tensor2."""
    return add(input, Array(tensor1) * tensor2, alpha=value, out=out)


@_public
def addcdiv(input, tensor1, tensor2, value=1, out=None):
    """input + value tensor1 / tensor2."""
    return add(input, Array(tensor1) / tensor2, alpha=value, out=out)


@_public
def cast(x, dtype):
    """x with another dtype."""
    return Array(x).astype(canonical_dtype(dtype))


acos, acosh, asin, asinh = arccos, arccosh, arcsin, arcsinh
atan, atan2, atanh, clip_by_value = arctan, arctan2, arctanh, clip
__all__ += ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "clip_by_value"]


@_public
def is_traced(x):
    """Whether x stands for the arrays of every step of a loop that is being traced."""
    return is_sym(unwrap(x))
