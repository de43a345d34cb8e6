"""`bp.errors`: the exceptions of this package, by BrainPy's names."""
from ._errors import BrainPyError, MathError, NotTraceable, TracingError, UniqueNameError, UnsupportedError  # noqa: F401
from ._names import absent as _absent


class DiffEqError(BrainPyError, ValueError):
    """A differential equation that a method cannot integrate."""


class IntegratorError(BrainPyError, ValueError):
    """Settings that an integrator does not have."""


class ConnectorError(BrainPyError, ValueError):
    """A connection that does not fit its groups."""


class RunningError(BrainPyError, ValueError):
    """Settings of a run that do not fit."""


class MonitorError(BrainPyError, ValueError):
    """Something that cannot be recorded."""


class CodeError(BrainPyError, ValueError):
    """A name that has a meaning of its own."""


class AnalyzerError(BrainPyError, ValueError):
    """Something that cannot be analysed."""


class PackageMissingError(BrainPyError, ImportError):
    """A package that is not installed."""


NoImplementationError = NoLongerSupportError = UnsupportedError
__getattr__ = _absent(__name__, "bp.errors")
