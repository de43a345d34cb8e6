"""docs/brainpy-coverage.md is what is there; every name that is not says so at the line that asks for it."""
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "python"), str(ROOT / "validation" / "brainpy_names")]
try:
    import numpy  # noqa: F401
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import make_page  # noqa: E402
import ranvier.brainpy as bp  # noqa: E402


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
