"""What NumPy's functions do with quantities.

Three kinds: those that keep the unit (mean, concatenate, diff ...), those that make another (multiply, dot, var ...), and all others, which get plain
numbers: of one unit (np.histogram(times), np.fft.rfft(v)), or no unit at all (np.exp).
"""
import numpy as np

from ._errors import unit_error
from .units import Quantity, Unit, _scaled, _simple

_SAME = {np.add, np.subtract, np.maximum, np.minimum, np.fmax, np.fmin, np.hypot, np.remainder, np.fmod, np.nextafter}
_COMPARE = {np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal}
_KEEP = {np.negative, np.positive, np.absolute, np.fabs, np.conjugate, np.rint, np.floor, np.ceil, np.trunc}
_PLAIN = {np.isfinite, np.isnan, np.isinf, np.signbit, np.sign}
_RATIO = {np.floor_divide, np.arctan2}
_KEEP_FUNCTIONS = {getattr(np, name) for name in (
    "mean", "sum", "std", "amin", "amax", "min", "max", "ptp", "median", "nanmean", "nansum", "nanstd", "nanmin", "nanmax", "nanmedian", "diff",
    "concatenate", "stack", "hstack", "vstack", "column_stack", "ravel", "reshape", "transpose", "squeeze", "sort", "cumsum", "where", "clip",
    "percentile", "quantile", "nanpercentile", "average", "linspace", "repeat", "tile", "roll", "flip", "take", "append", "copy",
    "broadcast_to", "expand_dims", "atleast_1d", "atleast_2d", "diagonal", "swapaxes", "moveaxis", "delete", "compress", "extract",
    "trim_zeros", "round", "around", "real", "nanquantile", "gradient") if hasattr(np, name)} | {np.linalg.norm}
# Linear in each of their first two arguments: the result has the product of their units.
_PRODUCTS = {np.dot, np.vdot, np.inner, np.outer, np.kron, np.convolve, np.correlate, np.tensordot, np.cross}
_INTEGRALS = {getattr(np, name) for name in ("trapezoid", "trapz") if name in dir(np)}
_POWERS = {np.prod, np.nanprod, np.cumprod, np.nancumprod}
# Arguments that must all have the unit: a bare number among them is a mistake.
_ALIKE = {np.where: slice(1, 3), np.clip: slice(0, 3), np.linspace: slice(0, 2), np.append: slice(0, 2), np.allclose: slice(0, 2),
          np.isclose: slice(0, 2), np.array_equal: slice(0, 2), np.searchsorted: slice(0, 2), np.digitize: slice(0, 2), np.isin: slice(0, 2)}


def _parts(x):
    return (x.magnitude, x.unit) if isinstance(x, Quantity) else (1.0, x) if isinstance(x, Unit) else (x, None)


def _in_one_unit(values, name):
    """Magnitudes in the unit of the first quantity."""
    unit = next(x.unit for x in values if isinstance(x, Quantity))
    out = []
    for x in values:
        magnitude, own = _parts(x)
        if own is None:
            raise unit_error(f"np.{name}", f"quantities in {unit} and numbers without unit are mixed", f"give them a unit: 1 * {unit}")
        if own.dimension != unit.dimension:
            raise unit_error(f"np.{name}", f"{unit} and {own} are mixed", "both must have the same dimension")
        out.append(_scaled(magnitude, own.exponent - unit.exponent))
    return out, unit


def _number(x, ufunc):
    magnitude, unit = _parts(x)
    if unit is not None:
        raise unit_error(f"np.{ufunc.__name__}", f"its argument is in {unit}", "divide by a unit: what is left must be a number")
    return magnitude


def ufunc_of(ufunc, method, inputs, options):
    if options.get("out") is not None or method not in ("__call__", "reduce", "accumulate"):
        return NotImplemented
    if any(hasattr(x, "_expression") for x in inputs):
        return NotImplemented
    call = getattr(ufunc, method)
    if method != "__call__":
        magnitude, unit = _parts(inputs[0])
        if ufunc not in _SAME:
            return NotImplemented
        return _simple(call(magnitude, *inputs[1:], **options), unit)
    if ufunc in _SAME:
        values, unit = _in_one_unit(inputs, ufunc.__name__)
        return _simple(call(*values, **options), unit)
    if ufunc in _COMPARE or ufunc in _RATIO:
        if ufunc in (np.equal, np.not_equal) and len({_parts(x)[1].dimension if _parts(x)[1] else None for x in inputs}) > 1:
            return np.broadcast_to(ufunc is np.not_equal, np.broadcast_shapes(*(np.shape(_parts(x)[0]) for x in inputs)))
        return call(*_in_one_unit(inputs, ufunc.__name__)[0], **options)
    if ufunc in _KEEP:
        return _simple(call(inputs[0].magnitude, **options), inputs[0].unit)
    if ufunc in _PLAIN:
        return call(inputs[0].magnitude, **options)
    if ufunc in (np.multiply, np.divide, np.matmul):
        (a, one), (b, two) = _parts(inputs[0]), _parts(inputs[1])
        one, two = one or Unit(), two or Unit()
        return _simple(call(a, b, **options), one / two if ufunc is np.divide else one * two)
    if ufunc in (np.sqrt, np.square, np.reciprocal):
        return inputs[0] ** {np.sqrt: 0.5, np.square: 2, np.reciprocal: -1}[ufunc]
    if ufunc is np.power and not isinstance(inputs[1], Quantity):
        return inputs[0] ** inputs[1]
    return call(*(_number(x, ufunc) for x in inputs), **options)


def _walk(value, found):
    """The quantities within arguments, lists and tuples included."""
    if isinstance(value, Quantity):
        found.append(value)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _walk(each, found)
    elif isinstance(value, dict):
        for each in value.values():
            _walk(each, found)
    return found


def _stripped(value, unit):
    if isinstance(value, Quantity):
        return _scaled(value.magnitude, value.unit.exponent - unit.exponent)
    if isinstance(value, (list, tuple)):
        return type(value)(_stripped(each, unit) for each in value)
    if isinstance(value, dict):
        return {key: _stripped(each, unit) for key, each in value.items()}
    return value


def _array_parts(x):
    """(numbers, unit) of an argument; a list of quantities is one of them."""
    return _parts(np.stack(list(x)) if isinstance(x, (list, tuple)) and _walk(x, []) else x)


def _product(function, one, two, *rest, **options):
    (a, left), (b, right) = _array_parts(one), _array_parts(two)
    return _simple(function(a, b, *rest, **options), (left or Unit()) * (right or Unit()))


def _integral(function, y, x=None, dx=1.0, **options):
    (y, unit), (x, along), (dx, step) = _array_parts(y), _array_parts(x), _array_parts(dx)
    return _simple(function(y, x, dx, **options), (unit or Unit()) * ((step if x is None else along) or Unit()))


def function_of(function, arguments, options):
    if function in _PRODUCTS:
        return _product(function, *arguments, **options)
    if function in _INTEGRALS:
        return _integral(function, *arguments, **options)
    if function in _POWERS:
        raise unit_error(f"np.{function.__name__}", "the unit of a product of all elements depends on how many there are", "take the magnitude: q.magnitude")
    found = _walk((arguments, options), [])
    unit = found[0].unit
    name = getattr(function, "__name__", "function")
    for q in found:
        if q.unit.dimension != unit.dimension:
            raise unit_error(f"np.{name}", f"{unit} and {q.unit} are mixed", "take their magnitudes first: q.magnitude")
    alike = arguments[_ALIKE[function]] if function in _ALIKE else ()
    mixed = [each for value in alike for each in (value if isinstance(value, (list, tuple)) else [value])]
    for value in (arguments[0] if arguments and isinstance(arguments[0], (list, tuple)) else []):
        mixed.append(value)
    if any(not isinstance(each, (Quantity, Unit, type(None))) for each in mixed):
        raise unit_error(f"np.{name}", f"quantities in {unit} and numbers without unit are mixed", f"give them a unit: 1 * {unit}")
    result = function(*_stripped(arguments, unit), **_stripped(options, unit))
    if function in (np.var, np.nanvar, np.cov):
        return _simple(result, unit**2)
    if function in _KEEP_FUNCTIONS:
        return type(result)(_simple(r, unit) for r in result) if isinstance(result, (list, tuple)) else _simple(result, unit)
    return result
