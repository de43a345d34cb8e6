"""Programs written for BrainPy (validation/brainpy_scripts): the same results as under BrainPy."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "validation" / "brainpy_scripts"
sys.path.insert(0, str(FOLDER))
from make_reference import RANDOM, SEEDS  # noqa: E402


def reference_of(program):
    with np.load(FOLDER / "reference" / f"{program}.npz") as data:
        return dict(data)


def results_of(program, *seed):
    """In a process of its own: a program changes settings of bm. Warnings are errors: what falls back to NumPy would say so."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out.npz"
        done = subprocess.run([sys.executable, "-W", "error", str(FOLDER / "run.py"), program, "ranvier.brainpy", str(out), *map(str, seed)],
                              capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise AssertionError(done.stderr)
        with np.load(out) as data:
            return {name: data[name] for name in data.files if name != "seconds"}


class ProgramsTest(unittest.TestCase):
    def compare_values(self, program):
        ours, theirs = results_of(program), reference_of(program)
        self.assertEqual(set(ours), set(theirs))
        for name, reference in theirs.items():
            with self.subTest(result=name):
                self.assertEqual(ours[name].shape, reference.shape)
                self.assertTrue(np.all(np.isfinite(ours[name])))
                if name in ("counts", "spikes"):
                    np.testing.assert_array_equal(ours[name], reference)
                else:
                    self.assertLess(np.max(np.abs(ours[name] - reference)), 1e-6 * np.max(np.abs(reference)))

    def compare_means(self, program):
        runs, theirs = [results_of(program, seed) for seed in SEEDS], reference_of(program)
        self.assertEqual(set(runs[0]), set(theirs))
        for name, reference in theirs.items():
            ours = np.array([run[name] for run in runs])
            error = np.sqrt(ours.var(ddof=1) / len(ours) + reference.var(ddof=1) / len(reference))
            with self.subTest(result=name):
                self.assertLess(abs(ours.mean() - reference.mean()), 3 * error, f"{ours} against {reference}")


def _add(program):
    compare = ProgramsTest.compare_means if program in RANDOM else ProgramsTest.compare_values
    setattr(ProgramsTest, f"test_{program}", lambda self: compare(self, program))


for _path in sorted((FOLDER / "scripts").glob("*.py")):
    _add(_path.stem)

if __name__ == "__main__":
    unittest.main()
