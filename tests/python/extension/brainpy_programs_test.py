"""Programs written for BrainPy, compiled, against what BrainPy gives: validation/brainpy_programs."""
import pathlib
import sys
import unittest
import warnings

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "validation" / "brainpy_programs"
sys.path.insert(0, str(FOLDER))
from programs import PROGRAMS  # noqa: E402


class ProgramsTest(unittest.TestCase):
    def test_they_give_brainpys_values(self):
        reference = np.load(FOLDER / "reference.npz")
        self.assertEqual({key.split("/")[0] for key in reference.files}, set(PROGRAMS))
        bm.enable_x64()
        self.addCleanup(bm.disable_x64)
        for name, program in PROGRAMS.items():
            with self.subTest(name), warnings.catch_warnings():
                warnings.simplefilter("error")  # of a loop that is not compiled
                values = program(bp, bm)
                self.assertEqual({f"{name}/{key}" for key in values}, {key for key in reference.files if key.split("/")[0] == name})
                worst, spikes = 0., 0
                for key, value in values.items():
                    theirs = reference[f"{name}/{key}"]
                    if value.dtype == bool:
                        np.testing.assert_array_equal(np.argwhere(value), theirs, err_msg=f"{name}: {key}")
                        spikes += len(theirs)
                    else:
                        worst = max(worst, np.max(np.abs(value[::20] - theirs)) / max(np.ptp(theirs), 1e-9))
                print(f"{name}: {spikes} spikes at their steps, largest difference {worst:.1e} of the range")
                self.assertLess(worst, 1e-8)


if __name__ == "__main__":
    unittest.main()
