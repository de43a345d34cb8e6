"""Every neuron, channel, ion, synapse, output, projection and layer against BrainPy, step by step in float64.

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
from cases import cases, DT, EVERY, inputs  # noqa: E402

REFERENCE = ROOT / "validation" / "brainpy_parts" / "reference.npz"
# Both compute in float64 the same expressions, some in another order and with a guarded quotient near singular points: 1e-16 a step and
# operation. Over 240 steps of models that spike and are reset that stays below 1e-9 of the variable's range.
TOLERANCE = 1e-9


def steps(case):
    """{variable: (steps, elements)}, one step after the other."""
    advance, read = case(bp, bm)
    x, s = inputs()
    frames = []
    for i in range(len(x)):
        bp.share.save(i=i, t=i * DT, dt=DT)
        advance(bm.asarray(x[i]), bm.asarray(s[i]))
        frames.append({key: np.array(bm.as_numpy(value)) for key, value in read().items()})
    return {key: np.stack([frame[key] for frame in frames]) for key in frames[0]}


def difference(ours, reference):
    """The largest difference, relative to the range of the reference (truth values: the number of differing ones)."""
    if reference.dtype == bool:
        return float(np.sum(ours.astype(bool) != reference))
    scale = max(float(np.max(np.abs(reference))), 1e-12)
    return float(np.max(np.abs(ours[EVERY - 1::EVERY] - reference))) / scale


class PartsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reference = np.load(REFERENCE)
        bm.enable_x64()

    @classmethod
    def tearDownClass(cls):
        bm.disable_x64()

    def test_every_case_follows_brainpy(self):
        names = {key.partition("/")[0] for key in self.reference.files if key != "origin"}
        known = cases()
        self.assertEqual(names, set(known))
        worst = {}
        for name, case in known.items():
            with self.subTest(name):
                trace = steps(case)
                for key, values in trace.items():
                    reference = self.reference[f"{name}/{key}"]
                    self.assertTrue(np.all(np.isfinite(reference)), f"{key} of the reference is finite")
                    worst[f"{name}/{key}"] = difference(values, reference)
                    self.assertLessEqual(worst[f"{name}/{key}"], TOLERANCE, key)
        numbers = {key: value for key, value in worst.items() if self.reference[key].dtype != bool}
        at = max(numbers, key=numbers.get)
        print(f"{len(known)} cases, {len(worst)} variables; largest difference {numbers[at]:.1e}, {at}")

    def test_the_cases_do_something(self):
        """Neurons of the reference spike, and every variable moves."""
        spikes = {key: self.reference[key].sum() for key in self.reference.files
                  if key.rpartition("/")[2] in ("spike", "pre", "post") and self.reference[key].dtype == bool}
        silent = [key for key, count in spikes.items() if count == 0]
        self.assertEqual(silent, [])
        still = [key for key in self.reference.files if self.reference[key].dtype == float and np.ptp(self.reference[key]) == 0]
        self.assertEqual(still, [])


if __name__ == "__main__":
    unittest.main()
