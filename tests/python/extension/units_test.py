"""ranvier.units: arithmetic with units, NumPy's functions on quantities, errors."""
import copy
import pickle
import unittest

import numpy as np
from hypothesis import given, HealthCheck, settings
from hypothesis import strategies as st

import ranvier as rv
from ranvier import Gohm, Hz, UnitError, mV, ms, nS, pA, pF, second, uF, us
from ranvier.units import Quantity, Unit, quantity

SYMBOLS = {"V": "volt", "s": "second", "A": "amp", "S": "siemens", "F": "farad", "m": "metre", "Hz": "hertz", "g": "gram", "M": "molar"}
PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}


class Arithmetic(unittest.TestCase):
    def test_laws_of_electricity(self):
        self.assertEqual(10 * nS * (20 * mV), 200 * pA)
        self.assertEqual((2 * pA * (3 * Gohm)).to("mV").magnitude, 6.0)
        self.assertEqual((200 * pF / (10 * nS)).to(ms).magnitude, 20.0)
        self.assertEqual(str((1 / (10 * ms)).to("Hz")), "100 Hz")
        self.assertEqual((4 * mV**2) ** 0.5, 2 * mV)

    def test_ratios_of_one_dimension_are_plain_numbers(self):
        for x in (20 * ms / ms, 20 * ms / (1 * ms), 1 * second / (50 * ms), 5 * ms * (4000 * Hz)):
            self.assertIs(type(x), float)
            self.assertEqual(x, 20.0)

    def test_prefixes_are_exact(self):
        self.assertEqual(300 * us, 0.3 * ms)
        self.assertEqual((0.1 * second).to(ms).magnitude, 100.0)
        self.assertEqual(hash(300 * us), hash(0.3 * ms))

    def test_every_prefix_and_symbol_is_a_unit(self):
        for symbol, name in SYMBOLS.items():
            for prefix, exponent in PREFIXES.items():
                ratio = Quantity(1.0, Unit(prefix + symbol)) / Unit(name)
                self.assertEqual(ratio, float(f"1e{exponent}"), prefix + symbol)
        self.assertEqual((1 * rv.mS_per_cm2) / (1 * rv.Unit("S/m^2")), 10.0)

    def test_what_does_not_fit_is_an_error(self):
        for wrong in (lambda: 5 * ms + 1, lambda: 1 - 5 * ms, lambda: 5 * ms + 5 * mV, lambda: 5 * ms < 3, lambda: float(5 * ms),
                      lambda: (5 * ms).to("mV"), lambda: np.array([1.0]) + 5 * ms, lambda: np.exp(5 * ms), lambda: (5 * ms) ** 0.3,
                      lambda: np.concatenate([[1.0] * ms, [2.0]]), lambda: np.linspace(0, 5 * ms, 3), lambda: np.where([True], 5 * ms, 0.0),
                      lambda: np.histogram([1.0] * ms, [0.0, 2.0] * mV)):
            self.assertRaises(UnitError, wrong)
        self.assertRaises(TypeError, lambda: True * ms)
        self.assertRaises(TypeError, lambda: np.array(["a"]) * ms)
        self.assertRaises(rv.UserError, Unit, "mVV")
        with self.assertRaisesRegex(AttributeError, "did you mean 'mV'"):
            rv.mVV
        self.assertNotEqual(5 * ms, 5)
        self.assertNotEqual(5 * ms, 5 * mV)

    def test_texts(self):
        for text in ("12 nS", "-3.5 mV/ms", "0.1 uF/cm^2", "5/ms", "2 Hz"):
            self.assertEqual(str(quantity(text)), str(quantity(str(quantity(text)))))
        self.assertEqual(quantity("1 uF/cm^2"), 1 * uF / rv.cm**2)
        self.assertEqual(f"{12.3456 * ms:.1f}", "12.3 ms")

    def test_copies_and_pickles(self):
        for q in (5 * ms, np.array([1.0, 2.0]) * (mV / ms), 3 / ms**2):
            for again in (pickle.loads(pickle.dumps(q)), copy.deepcopy(q), copy.copy(q)):
                self.assertTrue(np.all(again == q))
                self.assertEqual(again.unit, q.unit)

    @given(st.floats(-1e12, 1e12), st.sampled_from(sorted(PREFIXES)), st.sampled_from(sorted(PREFIXES)))
    @settings(deadline=None, max_examples=200, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    def test_conversion_is_rounded_once(self, x, one, two):
        from fractions import Fraction
        got = (x * Unit(one + "V")).to(two + "V").magnitude
        wanted = float(Fraction(x) * Fraction(10) ** (PREFIXES[one] - PREFIXES[two]))
        self.assertEqual(got, wanted)


class Arrays(unittest.TestCase):
    def test_no_copy_of_float64(self):
        x = np.arange(4.0)
        self.assertIs((x * mV).magnitude, x)
        self.assertIs(np.asarray(Quantity(x, mV)), x)

    def test_numpy_functions_keep_units(self):
        t = np.array([1.0, 2.0, 4.0]) * ms
        for got, wanted in ((np.diff(t), [1.0, 2.0] * ms), (np.mean(t), 7 / 3 * ms), (np.max(t), 4 * ms), (t.sum(), 7 * ms),
                            (np.concatenate([t, [1.0] * us]), [1.0, 2.0, 4.0, 0.001] * ms), (np.median(t), 2 * ms),
                            (np.sqrt(t * t), t), (np.maximum(t, 2000 * us), [2.0, 2.0, 4.0] * ms), (t[1:], [2.0, 4.0] * ms),
                            (np.linspace(0 * ms, 4 * ms, 3), [0.0, 2.0, 4.0] * ms), (np.add.reduce(t), 7 * ms)):
            self.assertTrue(np.allclose(got, wanted), (got, wanted))
            self.assertTrue(got.unit.same_dimension("ms"))
        self.assertTrue(np.var(t).unit.same_dimension(ms**2))
        self.assertTrue(np.array_equal(t > 1500 * us, [False, True, True]))
        self.assertEqual(np.histogram(t, 3)[0].tolist(), [1, 1, 1])
        self.assertTrue(np.isfinite(t).all())

    def test_numpy_functions_make_units(self):
        v, t = np.array([1.0, 2.0, 4.0]) * mV, np.array([0.0, 1.0, 3.0]) * ms
        for got, wanted in ((np.dot(v, v), 21 * mV**2), (v @ t, 14 * mV * ms), (np.inner(v, np.ones(3)), 7 * mV), (np.outer(v, t)[2, 1], 4 * mV * ms),
                            (np.convolve(v, [1.0, 1.0])[1], 3 * mV), (np.trapezoid(v, t) if hasattr(np, "trapezoid") else np.trapz(v, t), 7.5 * mV * ms),
                            (np.trapezoid(v, dx=2 * ms) if hasattr(np, "trapezoid") else np.trapz(v, dx=2 * ms), 9 * mV * ms),
                            (np.cov(v, v)[0, 1], 7 / 3 * mV**2), (np.linalg.norm(v), 21**0.5 * mV), (np.dot(v[:2], [1.0, 3.0]), 7 * mV)):
            self.assertAlmostEqual(got / wanted, 1.0, places=12)
        self.assertRaises(UnitError, np.prod, v)

    def test_dimensionless_results_are_plain(self):
        t = np.array([1.0, 2.0]) * ms
        self.assertIs(type(t / ms), np.ndarray)
        self.assertTrue(np.array_equal(np.exp(-t / (2 * ms)), np.exp([-0.5, -1.0])))


if __name__ == "__main__":
    unittest.main()
