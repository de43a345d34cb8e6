"""For tests of the packages that are pure Python: makes `ranvier` importable from the source tree, whether or not the compiled module is built."""
import sys
import types
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "python"


def make_importable():
    """Puts python/ on the path; where ranvier itself cannot be imported (no compiled module), an empty package stands in for it."""
    sys.path.insert(0, str(SOURCE))
    try:
        import ranvier  # noqa: F401
    except ImportError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "ranvier"]:
            del sys.modules[name]
        empty = types.ModuleType("ranvier")
        empty.__path__ = [str(SOURCE / "ranvier")]
        sys.modules["ranvier"] = empty
