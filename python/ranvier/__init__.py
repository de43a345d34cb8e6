"""Ranvier: a simulator of spiking neural networks whose equations become vector machine code at run time."""
from ._core import Error, InternalError, UnitError, UnsupportedError, UserError, __version__

__all__ = ["Error", "InternalError", "UnitError", "UnsupportedError", "UserError", "__version__"]
