"""Between Python's arguments and the library's: quantities, units, counts, arrays with units, each with an error that says what is wanted.

    _border.quantity(5 * ms, "tau")      # _core.Quantity
"""
import operator
import os
from typing import Any

from . import _core
from ._errors import user_error
from .units import Quantity, Unit, _simple, quantity as _parsed


def is_array(x):
    """Whether there is more than one number in it."""
    if isinstance(x, Quantity):
        return not isinstance(x.magnitude, float)
    return isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) > 0


def plain(x, what):
    """A Quantity or a float of what a user gives for one number."""
    if isinstance(x, str):
        x = _parsed(x)
    if isinstance(x, Unit):
        return _simple(1.0, x)
    if isinstance(x, Quantity):
        if not isinstance(x.magnitude, float):
            raise user_error(what, f"is an array of shape {x.shape}", "give one number")
        return x
    if isinstance(x, bool) or type(x).__name__ == "bool_":
        raise user_error(what, "is a truth value", "give a number")
    try:
        return float(x)
    except (TypeError, ValueError):
        raise user_error(what, f"is {type(x).__name__} {x!r}"[:200], "give a number, or a number with a unit") from None


def quantity(x, what):
    """_core.Quantity. UserError for NaN, arrays, and what is no number."""
    if isinstance(x, _core.Quantity):
        return x
    x = plain(x, what)
    number = x.magnitude if isinstance(x, Quantity) else x
    if number != number:
        raise user_error(what, "is NaN", "give it a number")
    return _core.Quantity(number, x.unit._core) if isinstance(x, Quantity) else _core.Quantity(x)


def from_core(q):
    """A Quantity (or float) of the library's."""
    return _simple(q.value, Unit._of(q.unit))


def described(d):
    """A description of a part with quantities as users see them."""
    return {**d, "parameters": [(name, from_core(value), meaning) for name, value, meaning in d["parameters"]]}


def count(x, what, most=2**63 - 1):
    """An int of whatever is a whole number (not of truth values and floats), from -most to most."""
    if not isinstance(x, bool) and type(x).__name__ != "bool_":
        try:
            x = operator.index(x)
        except TypeError:
            pass
        else:
            if -most <= x <= most:
                return x
            raise user_error(what, f"is {x}", f"give a number of at most {most}")
    raise user_error(what, f"is {x!r}"[:200], "give a whole number")


def seed(x, what="seed"):
    x = count(x, what, 2**70)
    if not 0 <= x < 2**64:
        raise user_error(what, f"is {x}", "give a whole number from 0 to 2^64 - 1")
    return x


def array(x, what):
    """(float64 array, _core.Unit) of an array with or without a unit."""
    import numpy as np
    if isinstance(x, Quantity):
        return np.asarray(x.magnitude), x.unit._core
    if isinstance(x, (list, tuple)) and any(isinstance(each, Quantity) for each in x):
        if not all(isinstance(each, Quantity) for each in x):
            raise user_error(what, "some of its values have units and some have none", "give all a unit")
        joined: Any = np.stack(list(x))
        return np.asarray(joined.magnitude), joined.unit._core
    values = np.asarray(x)
    if values.dtype.kind not in "iufb":
        raise user_error(what, f"holds {values.dtype}", "give real numbers")
    return values.astype(float), Unit()._core


def text(x, what):
    if isinstance(x, str):
        return x
    raise user_error(what, f"is {type(x).__name__} {x!r}"[:200], "give a text")


def path(x, what="a file's name"):
    try:
        return os.fsdecode(x)
    except TypeError:
        raise user_error(what, f"is {type(x).__name__} {x!r}"[:200], "give a text or a path") from None


def choice(x, what, known):
    from ._errors import suggest
    if isinstance(x, str) and x in known:
        return x
    raise user_error(what, f"there is no {x!r}", suggest(x, known))
