"""`bp.dnn`: layers that carry values and events."""
from .._names import absent
from .linear import EventCSRLinear  # noqa: F401

__getattr__ = absent(__name__, "bp.dnn")
