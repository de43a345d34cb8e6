"""docs/brainpy-coverage.md is what is there, with BrainPy's parameters; every name that is not says so at the line that asks for it."""
import inspect
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "python"), str(ROOT / "validation" / "brainpy_names")]
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import make_page  # noqa: E402
import ranvier.brainpy as bp  # noqa: E402


# What takes other parameters on purpose: classes that a program subclasses or asks for by isinstance alone, types of NumPy, and parameters
# that only a part of JAX gives a meaning.
OTHERS = {"bp.Integrator", "bp.encoding.Encoder", "bp.fde.FDEIntegrator", "bp.losses.CrossEntropyLoss", "bp.losses.MAELoss", "bm.NodeList", "bm.VarList",
          "bm.Parameter", "bm.TrainVar", "bm.Variable", "bm.random.RandomState", "bp.check.jit_error2", "bp.checkpoints.load", "bm.array2string", "bm.bool",
          "bm.promote_types", "bm.var_list", "bm.broadcast_arrays", "bm.full", "bm.abs", "bm.absolute", "bm.node_list",
          "bp.integrators.Integrator"}


class NamesTest(unittest.TestCase):
    def test_the_page_is_current(self):
        self.assertEqual(make_page.PAGE.read_text(), make_page.page(), "run validation/brainpy_names/make_page.py")

    def test_absent_names_name_the_line_and_what_to_use(self):
        count = 0
        for part, names in make_page.parts().items():
            module, _ = make_page.part_of(part)
            for name in names if module is not None else []:
                if make_page.looked_up(module, name)[0]:
                    continue
                count += 1
                with self.subTest(f"{part}.{name}"):
                    with self.assertRaisesRegex(bp.UnsupportedError, r"^\S*brainpy_names_test\.py:\d+: .* is not there; .+"):
                        getattr(module, name)
        self.assertGreater(count, 10)

    def test_parameters_have_brainpys_names_and_order(self):
        count, module = 0, None
        for line in (ROOT / "validation" / "brainpy_names" / "signatures.txt").read_text().splitlines()[1:]:
            name, _, text = line.partition(": ")
            part, _, own = name.rpartition(".")
            module, _ = make_page.part_of(part)
            if module is None or name in OTHERS or not make_page.looked_up(module, own)[0]:
                continue
            if isinstance(getattr(module, own), type) and issubclass(getattr(module, own), np.generic):
                continue
            try:
                ours = list(inspect.signature(getattr(module, own)).parameters.values())
            except (TypeError, ValueError):  # functions of NumPy that are written in C
                continue
            kinds = {p.kind for p in ours}
            by_place, _, by_name = text.partition("*")
            by_place = [p.rstrip("=") for p in by_place.split()]
            with self.subTest(name):
                count += 1
                if inspect.Parameter.VAR_POSITIONAL not in kinds:
                    placed = [p.name for p in ours if p.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)]
                    self.assertEqual(placed[:len(by_place)], by_place)
                if inspect.Parameter.VAR_KEYWORD not in kinds:
                    self.assertLessEqual({*by_place, *by_name.split()}, {p.name for p in ours})
        self.assertGreater(count, 1000)

    def test_programs_may_ask_whether_a_name_is_there(self):
        for module in (bp, bp.math, bp.dnn, bp.dyn):
            self.assertFalse(hasattr(module, "NotThere"))
            self.assertEqual(getattr(module, "NotThere", 3), 3)
        for line in ("from ranvier.brainpy import BPTT", "from ranvier.brainpy.dnn import Conv2d, Dense", "from ranvier.brainpy.math import make_loop"):
            with self.assertRaisesRegex(bp.UnsupportedError, r"^here\.py:1: .* is not there; .+") as raised:
                exec(compile(line, "here.py", "exec"), {})
            self.assertNotIsInstance(raised.exception, AttributeError)


if __name__ == "__main__":
    unittest.main()
