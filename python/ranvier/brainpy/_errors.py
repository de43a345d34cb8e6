"""Errors of `ranvier.brainpy`: they name the line of the user's program at which something was asked for.

    raise TracingError("the truth of a traced value", "use bm.where(condition, a, b)")
"""
import os
import sys
import warnings

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def _user_frame():
    """(the innermost frame that is not in this package or None, frames above the caller)."""
    frame, level = sys._getframe(2), 1
    while frame is not None:
        name = frame.f_code.co_filename
        if not os.path.abspath(name).startswith(_PACKAGE) and not name.startswith("<frozen") and os.sep + "numpy" + os.sep not in name:
            break
        frame, level = frame.f_back, level + 1
    return frame, level


def user_line():
    """'file.py:12' of the innermost frame that is not in this package ('' where there is none)."""
    frame, _ = _user_frame()
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def warn(message):
    """A UserWarning at the user's line."""
    _, level = _user_frame()
    warnings.warn(message, stacklevel=level + 1)


class BrainPyError(Exception):
    """Base of this package's own errors."""


class UniqueNameError(BrainPyError, ValueError):
    """A name that is taken."""


class MathError(BrainPyError, ValueError):
    """An array of a wrong shape or type was given to a Variable or an operator."""


class _PlacedError(BrainPyError):
    """At a line of the user's program, with advice."""

    def __init__(self, what, advice=""):
        line = user_line()
        super().__init__(f"{line + ': ' if line else ''}{what}{'; ' + advice if advice else ''}")


class TracingError(_PlacedError, TypeError):
    """Something was asked of a traced value that only a value known now can give.

    A loop's body (update() under a runner, the function of bm.for_loop) runs once, on stand-ins for the arrays of every step."""


class NotTraceable(TracingError):
    """A body cannot be traced, but step by step it can be run: numbers of a traced value, or an operation that only NumPy has, were asked
    for. Loops catch it, warn and run step by step."""


class UnsupportedError(_PlacedError, NotImplementedError):
    """A name of BrainPy that this package does not have; says what to use instead."""


class AbsentName(UnsupportedError, AttributeError):
    """The same where it is asked for as a module's attribute: hasattr() is False, getattr() takes its default."""
