"""Every neuron, channel, ion, synapse, output, projection and layer against BrainPy, step by step in float64, uncompiled: the first
third of the reference's steps (extension/brainpy_parts_compiled_test.py makes all of them).

The reference (validation/brainpy_parts/reference.npz) was written by BrainPy itself; nothing here needs it."""
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "python"))
sys.path.insert(0, str(ROOT / "validation" / "brainpy_parts"))
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from cases import cases, STEPS  # noqa: E402
from compare import difference, kept, read, run  # noqa: E402

# Both compute in float64 the same expressions, some in another order and with a guarded quotient near singular points: 1e-16 a step and
# operation. Over 240 steps of models that spike and are reset that stays below 1e-9 of the variable's range.
TOLERANCE = 1e-9


def one_by_one(step, operands):
    """The first steps without compilation; the results stacked."""
    first = (part[:STEPS // 3] for part in operands)
    frames = [{key: np.array(bm.as_numpy(value)) for key, value in step(*parts).items()} for parts in zip(*first)]
    return {key: np.stack([frame[key] for frame in frames]) for key in frames[0]}


class PartsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reference, _ = read(ROOT / "validation" / "brainpy_parts" / "reference.npz")
        bm.enable_x64()

    @classmethod
    def tearDownClass(cls):
        bm.disable_x64()

    def compare(self, name, loop):
        trace, states = run(cases()[name], bp, bm, loop)
        expected = {key: value for key, value in self.reference.items() if key.startswith(name + "/")}
        ours = {**{f"{name}/{key}": kept(v) for key, v in trace.items()}, **{f"{name}//{key}": v for key, v in states.items()}}
        self.assertEqual(set(ours), set(expected))
        worst = 0.
        for key, value in ours.items():
            self.assertTrue(np.all(np.isfinite(expected[key])), f"{key} of the reference is finite")
            away = difference(value, expected[key] if "//" in key else expected[key][:len(value)])
            self.assertLessEqual(away, TOLERANCE, key)
            worst = max(worst, away)
        return worst

    def test_every_case_follows_brainpy_and_resets_as_it_does(self):
        known = cases()
        self.assertEqual({key.partition("/")[0] for key in self.reference}, set(known))
        worst = {}
        for name in known:
            with self.subTest(name):
                worst[name] = self.compare(name, one_by_one)
        at = max(worst, key=worst.get)
        print(f"{len(worst)} of {len(known)} cases agree, {len(self.reference)} arrays; largest difference {worst[at]:.1e}, {at}")

    def test_the_cases_do_something(self):
        """Neurons of the reference spike, and every variable moves."""
        traces = {key: value for key, value in self.reference.items() if "//" not in key}
        silent = [key for key, value in traces.items() if value.dtype == bool and key.rpartition("/")[2] in ("spike", "pre", "post") and not value.any()]
        self.assertEqual(silent, [])
        still = [key for key, value in traces.items() if value.dtype != bool and np.ptp(value) == 0]
        self.assertEqual(still, [])


if __name__ == "__main__":
    unittest.main()
