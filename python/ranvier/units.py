"""Units and quantities: numbers and NumPy arrays with a unit that arithmetic checks.

    from ranvier.units import ms, mV, nS
    tau = 5 * ms
    (10 * nS * (20 * mV)).to("pA")        # 200 pA
    np.array([1.0, 2.0]) * mV
    tau / ms                              # 5.0: a plain number

Any SI unit with any prefix can be imported by its symbol or name: `from ranvier.units import fF, kHz, millivolt, uS`.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from . import _core
from ._errors import unit_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["Quantity", "Unit", "quantity",
           "volt", "mV", "uV", "second", "ms", "us", "amp", "mA", "uA", "nA", "pA", "siemens", "mS", "uS", "nS", "pS", "farad", "uF", "nF",
           "pF", "ohm", "kohm", "Mohm", "Gohm", "Hz", "kHz", "meter", "cm", "mm", "um", "nm", "kelvin", "mol", "mM", "uM", "nM",
           "mS_per_cm2", "uF_per_cm2", "uA_per_cm2"]


def _numpy():
    import numpy
    return numpy


def _scaled(value, exponent):
    """value * 10**exponent, correctly rounded: by one multiplication or division by an exact power of ten."""
    if exponent == 0:
        return value
    if abs(exponent) <= 22:
        return value * 10.0**exponent if exponent > 0 else value / 10.0**-exponent
    if isinstance(value, float):
        return _core.scale_by_power_of_ten(value, exponent)
    return _numpy().vectorize(lambda x: _core.scale_by_power_of_ten(x, exponent), otypes=[float])(value)


class Unit:
    """A unit: `Unit("mV/ms")`, or made by multiplying and dividing others. `5 * unit` and `array * unit` are quantities."""

    __slots__ = ("_core", "_parts")
    _core: Any
    _parts: tuple[tuple[str, int], ...]   # names, and twice their exponents
    __array_ufunc__ = None  # array * unit is ours

    def __new__(cls, text="unitless"):
        if isinstance(text, Unit):
            return text
        if not isinstance(text, str):
            raise TypeError(f"a unit is told by a text such as 'mV/ms', not by {text!r}")
        core = _core.Unit(text)
        plain = text.strip()
        if plain in ("unitless", "dimensionless", "1"):
            return cls._made(core, ())
        return cls._made(core, ((plain if plain.isidentifier() else f"({plain})", 2),))

    @classmethod
    def _made(cls, core, parts):
        self = object.__new__(cls)
        self._core = core
        self._parts = parts
        return self

    @classmethod
    def _of(cls, core):
        """The coherent unit of a dimension that the library gives, by its customary name."""
        name = core.name()
        return cls._made(core, () if name == "unitless" else ((name if name.isidentifier() else f"({name})", 2),))

    @property
    def exponent(self) -> int:
        """One of this unit is 10**exponent coherent units (mV, ms, pA, nS, pF, um, ng, K, mol, cd)."""
        return self._core.exponent

    @property
    def dimension(self) -> tuple[int, ...]:
        """Exponents of metre, kilogram, second, ampere, kelvin, mole and candela, in halves."""
        return self._core.dimension

    @property
    def coherent(self) -> Unit:
        """The unit of this dimension in which the library computes."""
        return Unit._of(self._core.coherent())

    def same_dimension(self, other) -> bool:
        """Whether quantities of both can be added and compared."""
        return self.dimension == Unit(other).dimension

    def _raised(self, twice):
        return Unit._made(self._core.power(twice), tuple((name, halves * twice // 2) for name, halves in self._parts))

    def _joined(self, other, sign):
        parts = dict(self._parts)
        for name, halves in other._parts:
            parts[name] = parts.get(name, 0) + sign * halves
        core = self._core.times(other._core) if sign > 0 else self._core.over(other._core)
        return Unit._made(core, tuple((name, halves) for name, halves in parts.items() if halves))

    def __mul__(self, other) -> Any:
        if isinstance(other, Unit):
            return self._joined(other, 1)
        return self.__rmul__(other)

    def __rmul__(self, other) -> Any:
        if isinstance(other, (int, float)):
            return _simple(float(other), self) if not isinstance(other, bool) else NotImplemented
        if isinstance(other, (Quantity, str)) or hasattr(other, "_expression"):
            return NotImplemented
        return _simple(_real(other), self)

    def __truediv__(self, other) -> Any:
        if isinstance(other, Unit):
            return self._joined(other, -1)
        return _simple(1.0, self) / other

    def __rtruediv__(self, other) -> Any:
        if hasattr(other, "_expression") or isinstance(other, str):
            return NotImplemented
        return _simple(_real(other), Unit()._joined(self, -1))

    def __pow__(self, exponent) -> Any:
        twice = _twice(exponent)
        if self.exponent * twice % 2:
            return _simple(1.0, self) ** exponent
        return self._raised(twice)

    def __neg__(self) -> Any:
        return _simple(-1.0, self)

    def __add__(self, other) -> Any:
        return _simple(1.0, self) + other

    def __sub__(self, other) -> Any:
        return _simple(1.0, self) - other

    def __eq__(self, other) -> bool:
        if not isinstance(other, Unit):
            return NotImplemented
        return self.dimension == other.dimension and self.exponent == other.exponent

    def __hash__(self) -> int:
        return hash((self.dimension, self.exponent))

    def __str__(self) -> str:
        def power(halves):
            return "" if halves == 2 else f"^{halves // 2}" if halves % 2 == 0 else f"^{halves / 2:g}"

        above = "*".join(name + power(halves) for name, halves in self._parts if halves > 0)
        below = "".join(f"/{name}{power(-halves)}" for name, halves in self._parts if halves < 0)
        text = (above or ("1" if below else "unitless")) + below
        return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text

    def __repr__(self) -> str:
        return f"Unit('{self}')"

    def __reduce__(self):
        return (Unit, (str(self),))


def _twice(exponent):
    twice = 2 * exponent if isinstance(exponent, (int, float)) else None
    if twice is None or twice != int(twice):
        raise unit_error("a power of a unit", f"{exponent!r} is not a whole or half number", "raise numbers without unit to other powers")
    return int(twice)


def _real(value):
    """A float, or a float64 array."""
    if isinstance(value, bool):
        raise TypeError("a truth value has no unit")
    if isinstance(value, (int, float)):
        return float(value)
    np = _numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"a quantity is made of real numbers, not of {array.dtype if array.dtype.kind != 'O' else type(value).__name__}")
    if array.ndim == 0:
        return float(array)
    return array if array.dtype == np.float64 else array.astype(np.float64)


def _simple(magnitude, unit):
    """A Quantity, or a plain number where the unit is none."""
    if not any(unit.dimension):
        return _scaled(magnitude, unit.exponent)
    return Quantity(magnitude, unit)


def quantity(text: str) -> Any:
    """A quantity from a text: `quantity("12 nS")`. UserError for what is none."""
    if not isinstance(text, str):
        raise TypeError(f"quantity() reads a text such as '12 nS', not {text!r}")
    core = _core.parse_quantity(text)
    return _simple(core.value, Unit._of(core.unit))


class Quantity:
    """A number or an array (float64) with a unit. Sums and comparisons of different dimensions raise UnitError; products and ratios make new
    units, and plain numbers where no unit is left. NumPy's functions know it; `.magnitude` is the plain number or array, without a copy.
    """

    __slots__ = ("magnitude", "unit")
    magnitude: Any
    unit: Unit

    def __init__(self, magnitude, unit="unitless"):
        if isinstance(magnitude, Quantity):
            magnitude = magnitude.to(unit).magnitude
        self.magnitude = _real(magnitude)
        self.unit = Unit(unit)

    # ------------------------------------------------------------------------------------------------------------- conversion

    def to(self, unit) -> Quantity:
        """The same in another unit (a Unit or a text). UnitError where the dimensions differ."""
        unit = Unit(unit)
        if unit.dimension != self.unit.dimension:
            raise unit_error("", f"cannot express a quantity in {self.unit} in {unit}", "the two have different dimensions")
        return Quantity(_scaled(self.magnitude, self.unit.exponent - unit.exponent), unit)

    @property
    def _coherent(self):
        return _scaled(self.magnitude, self.unit.exponent)

    def __array__(self, dtype=None, copy=None) -> NDArray[Any]:
        array = _numpy().asarray(self.magnitude, dtype=dtype)
        return array.copy() if copy else array

    def __float__(self) -> float:
        raise unit_error("", f"a quantity in {self.unit} is no plain number", f"divide it by its unit: q / {self.unit}")

    __int__ = __index__ = __float__

    def __bool__(self) -> bool:
        return bool(self.magnitude)

    # ------------------------------------------------------------------------------------------------------------- arithmetic

    def _aligned(self, other, what):
        """Another quantity's magnitude in this one's unit; None where it is no business of ours."""
        if isinstance(other, Unit):
            other = Quantity(1.0, other)
        if isinstance(other, Quantity):
            if other.unit.dimension != self.unit.dimension:
                raise unit_error("", f"cannot {what} {self.unit} and {other.unit}", "both sides must have the same dimension")
            return _scaled(other.magnitude, other.unit.exponent - self.unit.exponent)
        if hasattr(other, "_expression"):
            return None
        try:
            _real(other)
        except (TypeError, ValueError):
            return None
        raise unit_error("", f"cannot {what} {self.unit} and a number without unit", f"give it a unit: 1 * {self.unit}")

    def __add__(self, other) -> Any:
        m = self._aligned(other, "add")
        return NotImplemented if m is None else Quantity(self.magnitude + m, self.unit)

    __radd__ = __add__

    def __sub__(self, other) -> Any:
        m = self._aligned(other, "subtract")
        return NotImplemented if m is None else Quantity(self.magnitude - m, self.unit)

    def __rsub__(self, other) -> Any:
        m = self._aligned(other, "subtract")
        return NotImplemented if m is None else Quantity(m - self.magnitude, self.unit)

    def _factor(self, other):
        """(magnitude, unit) of a factor; None where it is no business of ours."""
        if isinstance(other, Quantity):
            return other.magnitude, other.unit
        if isinstance(other, Unit):
            return 1.0, other
        if hasattr(other, "_expression"):
            return None
        try:
            return _real(other), Unit()
        except (TypeError, ValueError):
            return None

    def __mul__(self, other) -> Any:
        f = self._factor(other)
        return NotImplemented if f is None else _simple(self.magnitude * f[0], self.unit * f[1])

    __rmul__ = __mul__

    def __matmul__(self, other) -> Any:
        return _numpy().matmul(self, other)

    def __truediv__(self, other) -> Any:
        f = self._factor(other)
        return NotImplemented if f is None else _simple(self.magnitude / f[0], self.unit / f[1])

    def __rtruediv__(self, other) -> Any:
        f = self._factor(other)
        return NotImplemented if f is None else _simple(f[0] / self.magnitude, f[1] / self.unit)

    def __mod__(self, other) -> Any:
        m = self._aligned(other, "take the remainder of")
        return NotImplemented if m is None else Quantity(self.magnitude % m, self.unit)

    def __floordiv__(self, other) -> Any:
        m = self._aligned(other, "divide")
        return NotImplemented if m is None else self.magnitude // m

    def __pow__(self, exponent) -> Any:
        if hasattr(exponent, "_expression"):
            return NotImplemented
        twice = _twice(exponent)
        if self.unit.exponent * twice % 2:
            coherent = self.to(self.unit.coherent)
            return _simple(coherent.magnitude**exponent, coherent.unit._raised(twice))
        return _simple(self.magnitude**exponent, self.unit._raised(twice))

    def __neg__(self) -> Quantity:
        return Quantity(-self.magnitude, self.unit)

    def __pos__(self) -> Quantity:
        return self

    def __abs__(self) -> Quantity:
        return Quantity(abs(self.magnitude), self.unit)

    def __round__(self, digits=None) -> Quantity:
        return Quantity(_numpy().round(self.magnitude, digits or 0), self.unit)

    # ------------------------------------------------------------------------------------------------------------ comparisons

    def __eq__(self, other) -> bool:
        if isinstance(other, Unit):
            other = Quantity(1.0, other)
        if not isinstance(other, Quantity):
            return NotImplemented
        return self.unit.dimension == other.unit.dimension and self._coherent == other._coherent

    def __hash__(self) -> int:
        return hash((self.unit.dimension, self._coherent))

    def _compared(self, other, f):
        m = self._aligned(other, "compare")
        if m is None:
            return NotImplemented
        other = Quantity(1.0, other) if isinstance(other, Unit) else other
        return f(self._coherent, other._coherent)

    def __lt__(self, other) -> Any:
        return self._compared(other, lambda a, b: a < b)

    def __le__(self, other) -> Any:
        return self._compared(other, lambda a, b: a <= b)

    def __gt__(self, other) -> Any:
        return self._compared(other, lambda a, b: a > b)

    def __ge__(self, other) -> Any:
        return self._compared(other, lambda a, b: a >= b)

    # ---------------------------------------------------------------------------------------------------------------- as array

    @property
    def shape(self) -> tuple[int, ...]:
        return _numpy().shape(self.magnitude)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def dtype(self) -> Any:
        return _numpy().dtype(float)

    @property
    def T(self) -> Quantity:
        return Quantity(self.magnitude.T, self.unit) if self.ndim else self

    def __len__(self) -> int:
        return len(self.magnitude)

    def __getitem__(self, key) -> Quantity:
        return Quantity(self.magnitude[key], self.unit)

    def __iter__(self) -> Iterator[Quantity]:
        if not self.ndim:
            raise TypeError("a quantity of one number cannot be gone through")
        return (Quantity(m, self.unit) for m in self.magnitude)

    def __getattr__(self, name) -> Any:
        if name in _METHODS:
            function = getattr(_numpy(), name)
            return lambda *arguments, **options: function(self, *arguments, **options)
        raise AttributeError(f"a quantity has no '{name}'; its plain number or array is .magnitude")

    def __array_ufunc__(self, ufunc, method, *inputs, **options) -> Any:
        from ._numpy_units import ufunc_of
        return ufunc_of(ufunc, method, inputs, options)

    def __array_function__(self, function, types, arguments, options) -> Any:
        from ._numpy_units import function_of
        return function_of(function, arguments, options)

    # -------------------------------------------------------------------------------------------------------------------- text

    def __str__(self) -> str:
        number = f"{self.magnitude:.12g}" if isinstance(self.magnitude, float) else str(self.magnitude)
        unit = str(self.unit)
        return number + unit[1:] if unit.startswith("1/") else f"{number} {unit}"

    __repr__ = __str__

    def __format__(self, form) -> str:
        return f"{format(self.magnitude, form)} {self.unit}" if form else str(self)

    def _repr_latex_(self):
        return rf"${self.magnitude:.6g}\ \mathrm{{{self.unit}}}$" if isinstance(self.magnitude, float) else None

    def __reduce__(self):
        return (Quantity, (self.magnitude, self.unit))

    def __copy__(self) -> Quantity:
        return self

    def __deepcopy__(self, memo) -> Quantity:
        return Quantity(self.magnitude if isinstance(self.magnitude, float) else self.magnitude.copy(), self.unit)


_METHODS = frozenset(("mean", "sum", "std", "var", "min", "max", "ptp", "cumsum", "reshape", "ravel", "squeeze", "transpose", "argmin", "argmax",
                      "argsort", "clip", "diagonal", "repeat", "take"))

_COMPOSED = {"mS_per_cm2": "mS/cm^2", "uF_per_cm2": "uF/cm^2", "uA_per_cm2": "uA/cm^2"}


def __getattr__(name: str) -> Unit:
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        made = Unit(_COMPOSED.get(name, name))
    except _core.UserError as error:
        raise AttributeError(f"ranvier.units has no '{name}': {error}") from None
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    return __all__
