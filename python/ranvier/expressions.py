"""Expressions: what equations, thresholds, initial values, weights and delays are written in, beside texts.

    V = hh.state("V", mV)
    alpha = 0.128 / ms * rv.exp((17 * mV - V + VT) / (18 * mV))
    rv.where(V > -40 * mV, 1, 0)
    rv.lognormal(2 * nS, 1 * nS)

Units are checked where an operator stands. NumPy's functions of the same names (np.exp(V / mV)) do the same.
"""
from __future__ import annotations

from typing import Any

from . import _border, _core
from ._errors import user_error
from .units import Unit

__all__ = ["Expression", "Condition", "Threshold", "exp", "expm1", "exprel", "log", "log1p", "sin", "cos", "tanh", "floor", "absolute", "minimum",
           "maximum", "clip", "where", "sqrt", "power", "rand", "randn", "poisson", "crosses_up", "uniform", "normal", "lognormal",
           "lognormal_median", "exponential_random", "gamma_random", "gaussian_decay", "dog_decay", "distance", "position", "neuron_index",
           "source_index", "target_index", "nernst"]


class Expression:
    """A real-valued expression with a dimension, a condition, or a threshold. Immutable; made by operators and functions."""

    __slots__ = ("_core", "_recipe")
    _core: Any
    _recipe: tuple
    _expression = True  # units leave arithmetic with it to us

    def __init__(self, *_):
        raise TypeError("expressions are made by operators and functions, or by a model: V = model.state(\"V\", mV)")

    @classmethod
    def _made(cls, core, recipe):
        kinds = {_core.Expr: Expression, _core.Condition: Condition, _core.Threshold: Threshold}
        self = object.__new__(kinds[type(core)])
        self._core = core
        self._recipe = recipe
        return self

    @property
    def unit(self) -> Unit:
        """The coherent unit of its dimension."""
        return Unit._of(self._core.unit)

    def __str__(self) -> str:
        return self._core.text

    def __repr__(self) -> str:
        unit = self.unit
        return f"<{self} : {unit}>"

    def __reduce__(self):
        from ._recipes import Writer
        writer = Writer({})
        index = writer.expression(self)
        return (_again, (writer.program, index))

    def __bool__(self) -> bool:
        raise user_error(f"'{self}'", "an expression is true or false for each neuron and time, not now",
                         "use where(condition, yes, no), and & | ~ in place of and, or, not")

    def __float__(self) -> float:
        raise user_error(f"'{self}'", "an expression is no number", "")

    def __hash__(self) -> int:
        return id(self)

    def __add__(self, other) -> Expression:
        return make("add", self, other)

    def __radd__(self, other) -> Expression:
        return make("add", other, self)

    def __sub__(self, other) -> Expression:
        return make("sub", self, other)

    def __rsub__(self, other) -> Expression:
        return make("sub", other, self)

    def __mul__(self, other) -> Expression:
        return make("mul", self, other)

    def __rmul__(self, other) -> Expression:
        return make("mul", other, self)

    def __truediv__(self, other) -> Expression:
        return make("div", self, other)

    def __rtruediv__(self, other) -> Expression:
        return make("div", other, self)

    def __pow__(self, exponent) -> Expression:
        return power(self, exponent)

    def __rpow__(self, base) -> Expression:
        return make("pow", base, self)

    def __neg__(self) -> Expression:
        return make("neg", self)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return make("abs", self)

    def __lt__(self, other) -> Condition:
        return make("lt", self, other)

    def __le__(self, other) -> Condition:
        return make("le", self, other)

    def __gt__(self, other) -> Condition:
        return make("gt", self, other)

    def __ge__(self, other) -> Condition:
        return make("ge", self, other)

    def __eq__(self, other) -> Condition:  # type: ignore[override]
        return make("eq", self, other)

    def __ne__(self, other) -> Condition:  # type: ignore[override]
        return make("ne", self, other)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        name = _UFUNCS.get(ufunc.__name__)
        if name is None or method != "__call__" or options:
            raise user_error(f"np.{ufunc.__name__}", "there is no such function of expressions", f"there is {', '.join(sorted(set(_UFUNCS)))}")
        return make(name, *inputs) if name != "pow" else power(*inputs)


class Condition(Expression):
    """A truth value for each element. `&`, `|`, `~` join and negate."""

    __slots__ = ()
    unit = property(lambda self: Unit())

    def __repr__(self) -> str:
        return f"<{self}>"

    def __and__(self, other) -> Condition:
        return make("and", self, other)

    def __or__(self, other) -> Condition:
        return make("or", self, other)

    def __invert__(self) -> Condition:
        return make("not", self)


class Threshold(Expression):
    """When a neuron spikes: made by crosses_up(), or of a condition."""

    __slots__ = ()
    unit = property(lambda self: Unit())

    def __str__(self) -> str:
        return self._core.now.text + (" (on becoming true)" if self._core.crossing else "")

    def __repr__(self) -> str:
        return f"<{self}>"


_UFUNCS = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "negative": "neg", "power": "pow",
           "float_power": "pow", "absolute": "abs", "fabs": "abs", "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "sin": "sin",
           "cos": "cos", "tanh": "tanh", "floor": "floor", "sqrt": "sqrt", "minimum": "min", "maximum": "max", "less": "lt",
           "less_equal": "le", "greater": "gt", "greater_equal": "ge", "equal": "eq", "not_equal": "ne", "logical_and": "and",
           "logical_or": "or", "logical_not": "not", "bitwise_and": "and", "bitwise_or": "or", "invert": "not"}

# Functions whose arguments are no expressions.
_OTHERS: dict[str, Any] = {"power": _core.power, "whole_power": _core.whole_power, "truncated_normal": _core.truncated_normal, "position": _core.position,
           "nernst": _core.nernst}


def _operand(x, what):
    if isinstance(x, Expression):
        return x._core
    if isinstance(x, str):
        raise user_error(what, f"the text {x!r} stands within an expression", "write the whole expression as a text, or none of it")
    if _border.is_array(x):
        raise user_error(what, "an array stands within an expression", "give an array for the whole value, one number for each neuron")
    return _core.Expr(_border.quantity(x, what))


def make(name, *operands) -> Any:
    """The expression that an operator or function makes of operands: expressions, numbers and quantities."""
    if name == "literal":
        return literal(operands[0], name)
    if name == "text":
        return Expression._made(_core.value_from_text(operands[0], None, 0), (name, tuple(operands)))
    if name in _OTHERS:
        expressions = {"power": 1, "whole_power": 1, "nernst": 2}.get(name, 0)
        lowered = [_operand(x, name) if k < expressions or (name == "nernst" and k == 3)
                   else _border.quantity(x, name) if name == "truncated_normal" else x for k, x in enumerate(operands)]
        core = _OTHERS[name](*lowered)
    else:
        core = _core.apply(name, *(_operand(x, name) for x in operands))
    return Expression._made(core, (name, tuple(operands)))


def literal(x, what) -> Expression:
    """The expression of one number; expressions as they are."""
    return x if isinstance(x, Expression) else Expression._made(_operand(x, what), ("literal", (x,)))


def wrapped(result, call) -> Any:
    """What a call of the library gave, as expressions that know where they are from."""
    if isinstance(result, (_core.Expr, _core.Condition, _core.Threshold)):
        return Expression._made(result, (call, ()))
    if isinstance(result, tuple) and result and isinstance(result[0], _core.Expr):
        return tuple(Expression._made(each, (call, (k,))) for k, each in enumerate(result))
    return None


def _again(program, index):
    from ._recipes import Reader
    return Reader(program, None).expression(index)


# ------------------------------------------------------------------------------------------------------------------ functions

def _unary(name, text):
    def function(x):
        return make(name, x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = text
    return function


exp = _unary("exp", "e to the power x, which has no unit.")
expm1 = _unary("expm1", "exp(x) - 1, without loss of digits near 0. x has no unit.")
exprel = _unary("exprel", "(exp(x) - 1) / x, and 1 at 0. x has no unit.")
log = _unary("log", "Natural logarithm of a number without unit.")
log1p = _unary("log1p", "log(1 + x), without loss of digits near 0. x has no unit.")
sin = _unary("sin", "Sine of a number without unit.")
cos = _unary("cos", "Cosine of a number without unit.")
tanh = _unary("tanh", "Hyperbolic tangent of a number without unit.")
floor = _unary("floor", "Largest whole number that is not above x, which has no unit.")
absolute = _unary("abs", "Absolute value, of any unit; the same as abs(x).")
sqrt = _unary("sqrt", "Square root; of a dimension it takes halves.")
poisson = _unary("poisson", "A Poisson count of this mean (no unit): one draw for each element and, in equations, each step.")


def minimum(a, b) -> Expression:
    """The smaller of two of one unit."""
    return make("min", a, b)


def maximum(a, b) -> Expression:
    """The larger of two of one unit."""
    return make("max", a, b)


def clip(x, low, high) -> Expression:
    """x, but at least low and at most high; all of one unit."""
    return make("clip", x, low, high)


def where(condition, yes, no) -> Expression:
    """`yes` where the condition holds, else `no`; both of one unit."""
    return make("where", condition, yes, no)


def power(base, exponent) -> Expression:
    """base**exponent. A base with a unit takes a whole or half number; one without takes any number or expression."""
    if isinstance(exponent, Expression):
        return make("pow", base, exponent)
    number = _border.plain(exponent, "exponent")
    if number == int(number) and abs(number) < 2**31:
        return make("whole_power", base, int(number))
    return make("power", base, number)


def crosses_up(x, level) -> Threshold:
    """A threshold: x was below `level` before the step and is at or above it after."""
    return make("crosses_up", x, level)


def randn() -> Expression:
    """A standard normal draw: one for each element and call, and in equations for each step. A value that is used twice is one draw."""
    return make("randn")


def rand() -> Expression:
    """A draw uniform in (0, 1); as randn()."""
    return make("rand")


def uniform(low, high) -> Expression:
    """Uniform in [low, high), both of one unit."""
    return make("uniform", low, high)


def normal(mean, sd, low=None, high=None) -> Expression:
    """Normal with this mean and standard deviation; with low and high (numbers), as if drawn again until it falls between them."""
    if low is None and high is None:
        return make("normal", mean, sd)
    if low is None or high is None:
        raise user_error("normal", "one of low and high is missing", "give both, or none")
    return make("truncated_normal", mean, sd, low, high)


def lognormal(mean, sd) -> Expression:
    """Log-normal with this mean and standard deviation of the values themselves."""
    return make("lognormal", mean, sd)


def lognormal_median(median, sigma) -> Expression:
    """median * exp(sigma * z), z standard normal."""
    return make("lognormal_median", median, sigma)


def exponential_random(mean) -> Expression:
    """Exponentially distributed with this mean. (`synapses.exponential` is the synapse.)"""
    return make("exponential_random", mean)


def gamma_random(shape, mean) -> Expression:
    """Gamma distributed with this shape (a number above 0) and mean."""
    return make("gamma_random", shape, mean)


def distance() -> Expression:
    """Distance between the source and the target of a synapse; for weights, delays and probabilities of populations with positions."""
    return make("distance")


def position(axis) -> Expression:
    """Coordinate of the neuron on axis 0, 1 or 2; for values of populations with positions."""
    return make("position", _border.count(axis, "axis"))


def neuron_index() -> Expression:
    """The neuron's number in its population, from 0; for initial values and parameters."""
    return make("neuron_index")


def source_index() -> Expression:
    """The number of a synapse's source within its view; for weights and delays."""
    return make("source_index")


def target_index() -> Expression:
    """The number of a synapse's target within its view; for weights and delays."""
    return make("target_index")


def gaussian_decay(peak, sigma) -> Expression:
    """peak * exp(-distance()**2 / (2 sigma**2))."""
    return make("gaussian_decay", peak, sigma)


def dog_decay(peak, sigma, surround_peak, surround_sigma) -> Expression:
    """A difference of two Gaussians of the distance."""
    return make("dog_decay", peak, sigma, surround_peak, surround_sigma)


def nernst(inside, outside, valence, temperature) -> Expression:
    """Nernst potential RT/(zF) log(outside/inside); concentrations in one unit, temperature in kelvin."""
    return make("nernst", inside, outside, _border.count(valence, "valence"), temperature)
