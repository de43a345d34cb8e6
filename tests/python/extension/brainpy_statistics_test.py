"""A small form of validation/brainpy_statistics: rates and CVs of eight fixed seeds of each implementation in float32, by its estimator, its
reference and three standard errors."""
import json
import pathlib
import sys
import unittest

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "validation" / "brainpy_statistics"
sys.path.insert(0, str(FOLDER))
from compare import estimate, judge, ours, summary  # noqa: E402


class EstimatorTest(unittest.TestCase):
    def test_regular_and_poisson_trains(self):
        t = np.concatenate([np.arange(100.05, 1000., 10.) + 0.01 * k for k in range(20)])
        i = np.repeat(np.arange(20), 90)
        regular = estimate(t, i, 0, 20)
        self.assertAlmostEqual(regular["rate"], 100.)
        self.assertLess(regular["cv"], 1e-6)  # a variance by the difference of squares: the root of some 1e-16
        rng = np.random.default_rng(1)
        count = rng.poisson(45, 2000)
        poisson = estimate(rng.uniform(100, 1000, count.sum()), np.repeat(np.arange(2000), count), 0, 2000)
        self.assertAlmostEqual(poisson["rate"], 50., delta=0.6)  # 4 standard errors
        self.assertAlmostEqual(poisson["cv"], 1., delta=0.03)    # less than 1 by the window's ends
        self.assertAlmostEqual(poisson["fano5"], 1., delta=0.5)  # 4 standard errors of 180 bins

    def test_the_rule(self):
        self.assertTrue(judge((10., 1., 32), (10.1, 1., 8), 0.1)[0])
        self.assertFalse(judge((10., 0.1, 32), (12., 0.1, 8), 0.1)[0])
        self.assertTrue(judge((10., 1., 32), (12., 5., 8), 0.1)[0])  # a wide reference: standard errors judge


class StatisticsTest(unittest.TestCase):
    def test_rates_and_intervals_are_brainpys(self):
        reference = json.loads((FOLDER / "reference.json").read_text())
        for implementation in (1, 2, 3):
            mine = summary([ours(implementation, seed, "f32") for seed in range(1, 9)])
            for part in "EI":
                for what in ("rate", "cv"):
                    a, b = mine[part][what], reference[f"brainpy_impl{implementation}_f32"][part][what]
                    error = np.sqrt(a[1] ** 2 / a[2] + b[1] ** 2 / b[2])
                    print(f"implementation {implementation} {part} {what}: {a[0]:.3f} +- {a[1]:.3f}, BrainPy {b[0]:.3f} +- {b[1]:.3f}")
                    self.assertLess(abs(a[0] - b[0]), 3 * error, (implementation, part, what))


if __name__ == "__main__":
    unittest.main()
