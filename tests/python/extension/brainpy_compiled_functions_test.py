"""bm's functions in compiled loops: BrainPy's own values; random numbers of compiled loops: their laws."""
import json
import math
import pathlib
import sys
import unittest
import warnings

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm
from ranvier.brainpy._draws import LAWS
from ranvier.brainpy._tree import flatten

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "validation" / "brainpy_math")]
from inputs import arrays, cases  # noqa: E402

TRACED = "x y u v w m i j b c t weights".split()


def read(entry):
    if isinstance(entry, list):
        return [value for e in entry for value in read(e)]
    text = entry["values"].split()
    values = [t == "True" for t in text] if entry["dtype"] == "bool" else [complex(t) for t in text]
    values = np.asarray(values).reshape(entry["shape"])
    return [(values if "complex" in entry["dtype"] else values.real).astype(entry["dtype"])]


class FunctionsTest(unittest.TestCase):
    def test_values_are_brainpys(self):
        reference = json.loads((ROOT / "validation" / "brainpy_math" / "functions.json").read_text())["cases"]
        known, count = arrays(bm), 0
        rows = tuple(np.asarray(known[name])[None] for name in TRACED)
        for expression, refused in cases():
            if refused:
                continue
            with self.subTest(expression), warnings.catch_warnings():
                warnings.simplefilter("error")  # of a loop that is not compiled
                out = bm.for_loop(lambda *ops: eval(expression, {"bm": bm, **known, **dict(zip(TRACED, ops))}), rows)
                theirs = read(reference[expression])
                ours = [np.asarray(v)[0] for v in flatten(out)[0]]
                self.assertEqual(len(ours), len(theirs))
                for a, b in zip(ours, theirs):
                    self.assertEqual((a.shape, a.dtype), (b.shape, b.dtype))
                    np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)  # float32, up to a dozen operations of 6e-8
                count += 1
        self.assertGreater(count, 350)


# law: (parameters, distribution function or, of whole numbers, mean and variance)
EXPECTED = {
    "uniform": ((1., 3.), lambda x: (x - 1) / 2), "exponential": ((2.,), lambda x: 1 - np.exp(-x / 2)),
    "normal": ((1., 2.), lambda x: _phi((x - 1) / 2)), "lognormal": ((0.1, 0.5), lambda x: _phi((np.log(x) - 0.1) / 0.5)),
    "laplace": ((1., 2.), lambda x: np.where(x < 1, np.exp((x - 1) / 2) / 2, 1 - np.exp(-(x - 1) / 2) / 2)),
    "logistic": ((1., 2.), lambda x: 1 / (1 + np.exp(-(x - 1) / 2))), "gumbel": ((1., 2.), lambda x: np.exp(-np.exp(-(x - 1) / 2))),
    "pareto": ((3.,), lambda x: 1 - x ** -3.), "standard_cauchy": ((), lambda x: 0.5 + np.arctan(x) / np.pi),
    "rayleigh": ((2.,), lambda x: 1 - np.exp(-x * x / 8)), "weibull": ((1.5,), lambda x: 1 - np.exp(-x ** 1.5)),
    "power": ((2.,), lambda x: x * x), "maxwell": ((), lambda x: 2 * _phi(x) - 1 - np.sqrt(2 / np.pi) * x * np.exp(-x * x / 2)),
    "poisson": ((3.5,), (3.5, 3.5)), "bernoulli": ((0.3,), (0.3, 0.21)), "randint": ((2, 9), (5., 4.)), "choice": ((7,), (3., 4.)),
    "geometric": ((0.3,), (1 / 0.3, 0.7 / 0.09)), "binomial": ((40, 0.3), (12., 8.4)),
}


def _phi(x):
    return 0.5 * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))


class OrderTest(unittest.TestCase):
    def test_sorting_in_loops_is_numpys(self):
        rng = np.random.RandomState(0)
        for shape in ((1,), (7,), (3, 4), (2, 4, 3)):
            full = (3,) + shape
            rounded = rng.randn(*full).round(0).astype(np.float32)  # ties, and both zeros
            gaps, ends = np.where(rng.rand(*full) < 0.3, np.float32(np.nan), rounded), np.where(rng.rand(*full) < 0.3, np.float32(np.inf), rounded)
            for x in (rounded, rng.randn(*full).astype(np.float32), rng.randint(0, 4, full).astype(np.int32), rng.rand(*full) < 0.5, gaps, ends):
                for axis in (*range(-len(shape), len(shape)), None):
                    with warnings.catch_warnings():
                        warnings.simplefilter("error")
                        found = bm.for_loop(lambda v: (bm.sort(v, axis), bm.argsort(v, axis), bm.median(v, axis)), bm.asarray(x))
                    for each, values, indices, middle in zip(x, *map(np.asarray, found)):
                        np.testing.assert_array_equal(values, np.sort(each, axis))
                        np.testing.assert_array_equal(indices, np.argsort(each, axis, kind="stable"))
                        with np.errstate(all="ignore"):
                            np.testing.assert_allclose(middle, np.median(each, axis), rtol=1e-6)

    def test_very_long_rows_run_by_steps(self):
        with self.assertWarnsRegex(UserWarning, "sorting 1 rows of 3000 traced elements is not compiled"):
            out = bm.for_loop(lambda v: bm.sort(v), bm.asarray(np.arange(6000.).reshape(2, 3000)[:, ::-1]))
        np.testing.assert_array_equal(out[0], np.arange(3000.))


class RandomTest(unittest.TestCase):
    def setUp(self):
        bm.random.seed(1)

    def test_laws(self):
        self.assertEqual(set(EXPECTED), set(LAWS))
        n = 20000
        for law, (parameters, expected) in EXPECTED.items():
            with self.subTest(law):
                draw = getattr(bm.random, law)
                first, second = np.asarray(bm.for_loop(lambda _: draw(*parameters, size=n), np.arange(2)))
                self.assertEqual(first.dtype, np.asarray(draw(*parameters, size=1)).dtype)
                self.assertFalse(np.array_equal(first, second))
                for x in (first.astype(float), second.astype(float)):
                    if callable(expected):  # Kolmogorov and Smirnov's distance: 2.2/sqrt(n) is exceeded with probability 1e-4
                        x = np.sort(x)
                        self.assertLess(np.max(np.abs(expected(x) - (np.arange(n) + 0.5) / n)), 2.2 / np.sqrt(n))
                    else:
                        mean, variance = expected
                        self.assertLess(abs(x.mean() - mean), 4 * np.sqrt(variance / n))
                        self.assertLess(abs(x.var() / variance - 1), 0.1)

    def test_binomial_numbers_have_their_law(self):
        for n, p in ((100, 0.002), (7, 0.9), (50, 0.5), (1000, 0.3)):
            with self.subTest(n=n, p=p):
                found = np.bincount(np.asarray(bm.for_loop(lambda _: bm.random.binomial(n, p, 2000), np.arange(20))).ravel(), minlength=n + 1)
                exact = [math.comb(n, k) * p ** k * (1 - p) ** (n - k) * found.sum() for k in range(n + 1)]
                bins = [(f, e) for f, e in zip(found, exact) if e > 8]
                chi, freedom = sum((f - e) ** 2 / e for f, e in bins), len(bins) - 1
                self.assertLess(abs(chi - freedom), 5 * math.sqrt(2 * freedom))
        for p, only in ((0., 0), (1., 7)):
            self.assertTrue(np.all(np.asarray(bm.for_loop(lambda _: bm.random.binomial(7, p, 50), np.arange(2))) == only))

    def test_binomial_numbers_of_arrays_and_of_traced_shares(self):
        n, p, steps = np.array([[3], [40]]), np.linspace(0, 1, 5), 20000
        found = np.asarray(bm.for_loop(lambda _: bm.random.binomial(n, bm.asarray(p)), np.arange(steps)))
        error = np.sqrt(n * p * (1 - p) / steps)
        self.assertTrue(np.all(np.abs(found.mean(axis=0) - n * p) <= 4 * error))
        shares = np.linspace(0.1, 0.9, 5)
        found = np.asarray(bm.for_loop(lambda q: bm.random.binomial(5, q, 4000), bm.asarray(shares)))
        self.assertTrue(np.all(np.abs(found.mean(axis=1) - 5 * shares) < 4 * np.sqrt(5 * shares * (1 - shares) / 4000)))
        with self.assertRaisesRegex(ValueError, "p is a number from 0 to 1, not 1.5"):
            bm.for_loop(lambda _: bm.random.binomial(3, 1.5, 4), np.arange(2))

    def test_permutations_and_choices_without_replacement(self):
        rows, steps = bm.asarray(np.arange(10.).reshape(5, 2)), 8000
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            whole, chosen, one = map(np.asarray, bm.for_loop(lambda _: (bm.random.permutation(rows), bm.random.choice(7, (3,), replace=False),
                                                                        bm.random.choice(rows, replace=False)), np.arange(steps)))
        np.testing.assert_array_equal(np.sort(whole[:, :, 0], axis=1), np.broadcast_to(np.arange(0., 10., 2.), (steps, 5)))
        np.testing.assert_array_equal(whole[:, :, 1], whole[:, :, 0] + 1)
        orders = np.unique(whole[:, :, 0], axis=0, return_counts=True)[1]
        self.assertEqual(len(orders), 120)
        self.assertLess(abs(np.sum((orders - steps / 120) ** 2) / (steps / 120) - 119), 5 * np.sqrt(2 * 119))
        self.assertTrue(np.all(np.diff(np.sort(chosen, axis=1), axis=1) > 0))
        counts = np.bincount(chosen.ravel(), minlength=7)
        self.assertLess(np.max(np.abs(counts - steps * 3 / 7)), 4.5 * np.sqrt(steps * 3 / 7 * 4 / 7))
        self.assertEqual((one.shape, set(one[:, 0])), ((steps, 2), {0., 2., 4., 6., 8.}))
        with self.assertRaisesRegex(ValueError, "8 of 7 elements without replacement"):
            bm.for_loop(lambda _: bm.random.choice(7, 8, replace=False), np.arange(2))

    def test_poisson_input_is_compiled(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for number, freq in ((100, 20.), (2000, 50.)):
                x = bm.Variable(bm.zeros(4000))
                source = bp.dyn.PoissonInput(x, number, freq, weight=0.5)
                bp.share.save(dt=0.1)
                bm.for_loop(source.step_run, np.arange(50))
                mean = 50 * number * freq * 1e-4 * 0.5
                self.assertLess(abs(np.mean(x) / mean - 1), 0.02)

    def test_seeds_steps_elements_and_streams(self):
        def body(_):
            return bm.random.rand(5), bm.random.rand(5)
        a, b = map(np.asarray, bm.for_loop(body, np.arange(4)))
        c, _ = map(np.asarray, bm.for_loop(body, np.arange(4)))  # the generator has moved on
        self.assertEqual(len(np.unique(np.concatenate([a, b, c]))), 60)
        bm.random.seed(1)
        again, _ = bm.for_loop(body, np.arange(4))
        np.testing.assert_array_equal(a, again)

    def test_a_generator_of_its_own(self):
        own = bm.random.RandomState(42)
        first = np.asarray(bm.for_loop(lambda _: own.normal(0., 1., 3), np.arange(2)))
        bm.random.seed(99)
        own.seed(42)
        np.testing.assert_array_equal(first, bm.for_loop(lambda _: own.normal(0., 1., 3), np.arange(2)))

    def test_one_number_for_all_elements_is_drawn_once(self):
        out = np.asarray(bm.for_loop(lambda _: bm.random.normal() + bm.zeros(6), np.arange(3)))
        np.testing.assert_array_equal(out, np.broadcast_to(out[:, :1], out.shape))
        self.assertEqual(len(np.unique(out)), 3)


if __name__ == "__main__":
    unittest.main()
