"""The names of a package: which it gives to `import *`, and what it says when it is asked for one that is not there.

    __all__ = public(globals())
    __getattr__ = absent(__name__, "bp.dyn")        # at the end of the package's file
"""
import difflib
import opcode
import sys
from types import ModuleType

from . import _older
from ._errors import AbsentName, UnsupportedError

_MANY = 60  # names: a message with more than these is of no help
_IMPORT_FROM = opcode.opmap["IMPORT_FROM"]


def public(names):
    """Names of a module without those of its submodules, of this file and with a leading underscore."""
    return sorted(key for key, value in names.items()
                  if not key.startswith("_") and not isinstance(value, ModuleType) and getattr(value, "__module__", "") != __name__)


def absent(module, label, instead=None, names=None):
    """A module's __getattr__: what an older name means; else raises UnsupportedError with what to use instead (`instead[name]`, or the nearest
    names), as an AttributeError, so that hasattr(module, name) is False; in `from module import name` as none, whose text Python would replace by its own."""
    def __getattr__(name):
        if name.startswith("_"):
            raise AttributeError(f"{label} has no {name!r}")
        found = _older.find(label, name)
        if found is not None:
            return found
        frame = sys._getframe(1)
        while frame.f_code.co_name == "__getattr__":
            frame = frame.f_back
        error = UnsupportedError if frame.f_code.co_code[frame.f_lasti] == _IMPORT_FROM else AbsentName
        raise error(f"{label}.{name} is not there", (instead or {}).get(name) or nearest(name, names or vars(sys.modules[module])))
    return __getattr__


def nearest(name, names):
    lower = {key.lower(): key for key in public(names)}
    near = [lower[key] for key in difflib.get_close_matches(name.lower(), lower, 4, 0.5)]
    if near:
        return "the nearest names are " + ", ".join(near)
    if len(lower) > _MANY:
        return "dir() of the module lists what is"
    return "there are " + ", ".join(sorted(lower.values())) if lower else ""
