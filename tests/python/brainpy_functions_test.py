"""bm's functions: BrainPy's values on arrays, the same values of traced graphs, and what is refused in a trace."""
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "python"), str(ROOT / "validation" / "brainpy_math")]
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from graph_numbers import leaf, numbers  # noqa: E402
from inputs import arrays, cases  # noqa: E402
from ranvier.brainpy import MathError, TracingError, UnsupportedError  # noqa: E402
from ranvier.brainpy._graph import is_sym  # noqa: E402

REFERENCE = json.loads((ROOT / "validation" / "brainpy_math" / "functions.json").read_text())["cases"]
TRACED = "x y u v w m i j b c t weights".split()


def read(entry):
    if isinstance(entry, list):
        return [read(e) for e in entry]
    text = entry["values"].split()
    values = [t == "True" for t in text] if entry["dtype"] == "bool" else [complex(t) for t in text]
    values = np.asarray(values).reshape(entry["shape"])
    return (values if "complex" in entry["dtype"] else values.real).astype(entry["dtype"])


class FunctionsTest(unittest.TestCase):
    def same(self, ours, theirs, traced=False):
        if isinstance(theirs, list):
            self.assertEqual(len(ours), len(theirs))
            for a, b in zip(ours, theirs):
                self.same(a, b, traced)
            return
        ours = np.asarray(ours)
        self.assertEqual(ours.shape, theirs.shape)
        self.assertEqual(ours.dtype, theirs.dtype)
        # float32: some operations in a row, each of 6e-8; compositions in a trace take up to a dozen
        np.testing.assert_allclose(ours, theirs, rtol=2e-5 if traced else 4e-6, atol=1e-6)

    def test_values_are_brainpys(self):
        names, count = arrays(bm), 0
        for expression, _ in cases():
            with self.subTest(expression):
                self.same(eval(expression, {"bm": bm, **names}), read(REFERENCE[expression]))
                count += 1
        self.assertGreater(count, 350)

    def test_traced_values_are_brainpys(self):
        known, count = arrays(bm), 0
        leaves = {name: leaf(known[name].value) for name in TRACED}
        given = {leaves[name]: known[name].value for name in TRACED}
        names = {**known, **{name: bm.Array(leaves[name]) for name in TRACED}}
        for expression, refused in cases():
            if refused:
                continue
            with self.subTest(expression):
                out = eval(expression, {"bm": bm, **names})
                flat = list(out) if isinstance(out, (list, tuple)) else [out]
                result = [numbers(o, given) for o in flat]
                self.same(result if isinstance(out, (list, tuple)) else result[0], read(REFERENCE[expression]), traced=True)
                count += any(isinstance(o, bm.Array) and is_sym(o.value) for o in flat)
        self.assertGreater(count, 290)

    def test_what_needs_numbers_is_refused_in_a_trace(self):
        known = arrays(bm)
        names = {name: bm.Array(leaf(value.value)) for name, value in known.items()}
        for expression, refused in cases():
            if refused:
                with self.subTest(expression), self.assertRaises(TracingError):
                    eval(expression, {"bm": bm, **names})

    def test_traced_arctangent_everywhere(self):
        points = np.concatenate([-np.logspace(3, -6, 200), [0.], np.logspace(-6, 3, 200)])
        bm.enable_x64()
        try:
            x, y = leaf(points), leaf(points[::-1].copy())
            given = {x: points, y: points[::-1].copy()}
            np.testing.assert_allclose(numbers(bm.arctan(bm.Array(x)), given), np.arctan(points), rtol=1e-15)
            np.testing.assert_allclose(numbers(bm.arctan2(bm.Array(y), bm.Array(x)), given), np.arctan2(given[y], points), rtol=1e-15)
            np.testing.assert_allclose(numbers(bm.cbrt(bm.Array(x)), given), np.cbrt(points), rtol=1e-15)
            np.testing.assert_allclose(numbers(bm.arcsinh(bm.Array(x)), given), np.arcsinh(points), rtol=1e-15)
            np.testing.assert_allclose(numbers(bm.sinh(bm.Array(x)[150:250]), given), np.sinh(points[150:250]), rtol=1e-14)
        finally:
            bm.disable_x64()

    def test_rests_of_reals_stay_below_the_divisor(self):
        a = np.concatenate([np.arange(-3000, 3000) * np.float32(0.1), [np.float32(-1e-9)]]).astype(np.float32)
        for divisor in (0.1, 0.3, -0.7):
            x = leaf(a)
            quotient, rest = bm.divmod(bm.Array(x), divisor)
            quotient, rest = numbers(quotient, {x: a}), numbers(rest, {x: a})
            self.assertTrue(np.all((rest / divisor >= 0) & (np.abs(rest) <= abs(np.float32(divisor)))))
            np.testing.assert_allclose(quotient * np.float32(divisor) + rest, a, atol=4e-5)

    def test_rounding_of_halves_in_a_trace(self):
        a = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.4999999, 3.7], np.float32)
        x = leaf(a)
        np.testing.assert_array_equal(numbers(bm.round(bm.Array(x)), {x: a}), np.round(a))
        np.testing.assert_array_equal(numbers(bm.trunc(bm.Array(x)), {x: a}), np.trunc(a))

    def test_what_is_read_does_not_change_what_is_kept(self):
        for make in (bm.Variable, bm.Array, lambda x: bm.VariableView(bm.Variable(x), slice(None))):
            v = make(bm.zeros(3))
            before, now = v.value, v.value
            now += 1.
            now **= 2
            v.value += 2.
            for kept, number in ((before, 0.), (now, 1.), (v, 2.)):
                np.testing.assert_array_equal(kept, np.full(3, number))
            for seen in (v.value, np.asarray(v), bm.as_jax(v), bm.as_device_array(v), v.to_jax(), bm.as_numpy(v)):
                with self.assertRaisesRegex(ValueError, "read-only"):
                    seen[0] = 1.
            for copied in (v.numpy(), v.to_numpy(), np.array(v)):
                copied[:] = 7.
            np.testing.assert_array_equal(v, np.full(3, 2.))

    def test_methods_in_the_manner_of_pytorch(self):
        x = bm.Variable(bm.asarray([1., -4., 3.]))
        self.assertIs(x.abs_(), x)
        np.testing.assert_array_equal(x.clamp(2., 3.5), [2., 3.5, 3.])
        np.testing.assert_array_equal(x.clamp_(max_value=3.), [1., 3., 3.])
        np.testing.assert_array_equal(x.mul_(2.).add_(1.), [3., 7., 7.])
        np.testing.assert_array_equal(x.expand(2, -1), [[3., 7., 7.]] * 2)
        np.testing.assert_array_equal(bm.zeros((2, 3)).addr([1., 2.], x, beta=0., alpha=2.), [[6., 14., 14.], [12., 28., 28.]])
        x[:] = [3., 1., 2.]
        self.assertIsNone(x.sort())
        np.testing.assert_array_equal(x, [1., 2., 3.])
        bm.random.seed(1)
        self.assertLess(abs(float(np.std(bm.zeros(4000).normal_(2., 3.))) - 3.), 0.2)
        self.assertEqual((round(bm.asarray(2.54), 1), divmod(7., bm.asarray(2.))[0]), (bm.asarray(2.5), 3.))

    def test_shifts(self):
        k = bm.Variable(bm.arange(4))
        np.testing.assert_array_equal(1 << k, [1, 2, 4, 8])
        k <<= 2
        np.testing.assert_array_equal(k, [0, 4, 8, 12])
        np.testing.assert_array_equal(k >> 1, [0, 2, 4, 6])
        np.testing.assert_array_equal(bm.ones(2) >> bp.dnn.FunAsLayer(lambda x: x + 1.), [2., 2.])

    def test_parameters_by_place_and_name(self):
        x = bm.asarray([[1., 5.], [2., 3.]])
        np.testing.assert_allclose(bm.std(x, 0, None, None, 1), np.std(np.asarray(x), axis=0, ddof=1))
        self.assertEqual(bm.max(x, 0, None, True).shape, (1, 2))
        self.assertEqual(bm.reduce_max(x, 0, True).shape, (1, 2))
        np.testing.assert_array_equal(bm.roll(a=x, shift=1, axis=1), [[5., 1.], [3., 2.]])
        np.testing.assert_array_equal(bm.hstack(tup=(x, x)).shape, (2, 4))
        slopes = bm.vector_grad(lambda v: v ** 2, None, None, True)(x)
        np.testing.assert_array_equal(slopes[1], np.asarray(x) ** 2)
        with self.assertRaisesRegex(TypeError, "bm.grad has no parameter 'wrt'"):
            bm.grad(lambda v: v, wrt=1)

    def test_functions_of_numpy_that_bm_does_not_have(self):
        x = bm.asarray([1., 2.])
        np.testing.assert_array_equal(np.spacing(x), np.spacing(np.asarray([1, 2], np.float32)))
        np.testing.assert_array_equal(np.fmod(x, 1.5), [1., 0.5])

    def test_messages(self):
        with self.assertRaisesRegex(UnsupportedError, "bm.make_loop is not there; use bm.for_loop"):
            bm.make_loop
        with self.assertRaisesRegex(UnsupportedError, "nearest names are .*softplus"):
            bm.softpluss
        with self.assertRaisesRegex(ValueError, "axis 2 is outside"):
            bm.sum(bm.Array(leaf(np.zeros((2, 3)))), axis=2)
        with self.assertRaisesRegex(ValueError, "inner lengths differ"):
            bm.matmul(bm.Array(leaf(np.zeros((2, 3)))), bm.zeros((2, 3)))
        with self.assertRaisesRegex(MathError, "needs pre_ids"):
            bm.pre2post_sum(bm.zeros(3), 2, [0, 1])
        with self.assertRaisesRegex(ValueError, r"indices must be in \[0, 3\)"):
            bm.sparse.csrmv(1., [0, 7], [0, 1, 2], bm.zeros(3), shape=(2, 3))
        with self.assertRaisesRegex(ValueError, "indptr must have 3 numbers"):
            bm.sparse.csrmv(1., [0, 1], [0, 1], bm.zeros(3), shape=(2, 3))
        with self.assertRaisesRegex(TracingError, "bm.lexsort of a traced value"):
            bm.lexsort(bm.Array(leaf(np.zeros(3))))


class EnvironmentTest(unittest.TestCase):
    def test_settings_hold_within_the_block(self):
        self.assertEqual(bm.dt, bm.get_dt())
        with bm.environment(dt=0.02, x64=True, mode=bm.BatchingMode(4)):
            self.assertEqual((bm.dt, bm.float_, bm.get_mode().batch_size), (0.02, np.float64, 4))
        self.assertEqual((bm.get_dt(), bm.float_, bm.mode), (0.1, np.float32, bm.nonbatching_mode))

        @bm.batching_environment(batch_size=3)
        def size():
            return bm.get_mode().batch_size
        self.assertEqual(size(), 3)
        self.assertTrue(bm.TrainingMode(2).is_child_of(bm.BatchingMode))
        self.assertFalse(bm.TrainingMode(2).is_a(bm.BatchingMode))


class GradientsTest(unittest.TestCase):
    """Exact derivatives against central differences, and against each other."""

    def setUp(self):
        bm.enable_x64()

    def tearDown(self):
        bm.disable_x64()

    ELEMENTWISE = {
        "exp": (-2, 2), "expm1": (-2, 2), "log": (0.1, 3), "log1p": (-0.5, 3), "log2": (0.1, 3), "log10": (0.1, 3), "sqrt": (0.1, 3),
        "sin": (-3, 3), "cos": (-3, 3), "tan": (-1, 1), "sinh": (-2, 2), "cosh": (-2, 2), "tanh": (-2, 2), "sigmoid": (-4, 4), "abs": (-2, 2),
        "exprel": (-0.3, 0.3), "square": (-2, 2), "reciprocal": (0.2, 2), "arctan": (-3, 3), "arcsin": (-0.9, 0.9), "softplus": (-3, 3),
        "arcsinh": (-3, 3), "cbrt": (0.2, 3), "relu": (-2, 2), "elu": (-2, 2), "silu": (-2, 2), "logaddexp": (-2, 2), "hypot": (-2, 2),
        "arctan2": (-2, 2), "power": (0.2, 2), "maximum": (-2, 2), "mod": (0.1, 2), "divide": (0.2, 2), "true_divide": (-2, -0.2)}

    def differences(self, f, x, h=1e-6):
        return (np.asarray(f(bm.asarray(x + h))) - np.asarray(f(bm.asarray(x - h)))) / (2 * h)

    def test_elementwise(self):
        for name, (low, high) in self.ELEMENTWISE.items():
            x = np.linspace(low, high, 12) + 0.0123 * (high - low)
            two = name in ("logaddexp", "hypot", "arctan2", "power", "maximum", "mod", "divide", "true_divide")
            function = getattr(bm, name)
            for f in ((lambda v: function(v, 0.7), lambda v: function(1.3, v)) if two else (function,)):
                with self.subTest(name):
                    slope, value = bm.vector_grad(f, return_value=True)(bm.asarray(x))
                    np.testing.assert_allclose(np.asarray(slope), self.differences(f, x), rtol=2e-8, atol=2e-8)
                    np.testing.assert_allclose(np.asarray(value), np.asarray(f(bm.asarray(x))), rtol=1e-14)

    def test_exprel_near_zero(self):
        z = np.array([0., 1e-9, 0.0499999, 0.0500001, -0.05])
        import math
        exact = [sum(n * v ** (n - 1) / math.factorial(n + 1) for n in range(1, 15)) for v in z]
        np.testing.assert_allclose(np.asarray(bm.vector_grad(bm.exprel)(bm.asarray(z))), exact, rtol=2e-13)

    def test_moved_and_joined(self):
        rng = np.random.default_rng(1)
        m, indices, indptr = rng.normal(size=(5, 4)), np.array([0, 2, 1, 2, 3, 0, 1]), np.array([0, 2, 3, 5, 7, 7])
        w = rng.normal(size=7)
        functions = {
            "matrix": lambda x: bm.tanh(x @ m), "slices": lambda x: x[1:] * x[:-1], "take": lambda x: bm.take(x, [0, 0, 3]) ** 2,
            "reduce": lambda x: bm.mean(x * x), "max": lambda x: bm.max(x * 2.), "axis": lambda x: bm.sum(bm.outer(x, x) ** 2, axis=0),
            "most": lambda x: bm.max(bm.outer(x, x + 1.), axis=1), "concatenate": lambda x: bm.concatenate((x, bm.exp(x))),
            "set": lambda x: bm.sin(bm.Array(bm.zeros(7) + 0.).at[bm.asarray([1, 2, 4, 5, 6]).value].set(x)),
            "csr": lambda x: bm.sparse.csrmv(w, indices, indptr, x, shape=(5, 4), transpose=True) ** 2,
            "rows": lambda x: bm.sparse.csrmv(w, indices, indptr, x[:4], shape=(5, 4)) ** 2,
            "spread": lambda x: bm.sum(x) * bm.arange(3.) + x[0], "cumsum": lambda x: bm.cumsum(x) ** 2, "softmax": bm.softmax}
        x = rng.normal(size=5)
        for name, f in functions.items():
            with self.subTest(name):
                jacobian = np.asarray(bm.jacobian(f)(bm.asarray(x)))
                steps = [self.differences(lambda h, k=k: f(bm.asarray(x) + bm.asarray(np.eye(5)[k]) * h), np.asarray(0.)) for k in range(5)]
                np.testing.assert_allclose(jacobian, np.stack(steps, axis=-1), rtol=1e-7, atol=1e-7)
                np.testing.assert_allclose(np.asarray(bm.vector_grad(f)(bm.asarray(x))), jacobian.reshape(-1, 5).sum(axis=0), rtol=1e-12, atol=1e-13)

    def test_weights_of_synapses(self):
        indices, indptr, x = np.array([0, 2, 1]), np.array([0, 2, 3]), bm.asarray([2., -3.])
        slopes = bm.grad(lambda w: bm.sum(bm.sparse.csrmv(w, indices, indptr, x, shape=(2, 3), transpose=True)))(bm.asarray([1., 1., 1.]))
        np.testing.assert_allclose(np.asarray(slopes), [2., 2., -3.])

    def test_by_variables_and_second_slopes(self):
        w, count = bm.Variable(bm.asarray([1., 2.])), bm.Variable(bm.zeros(1))

        def loss(x):
            count.value = count + 1.
            return bm.sum(w * w * x), bm.sum(w)
        slopes, value, aux = bm.grad(loss, grad_vars=w, has_aux=True, return_value=True)(bm.asarray([3., 4.]))
        np.testing.assert_allclose(np.asarray(slopes), [6., 16.])
        self.assertEqual((float(value), float(aux), float(count[0])), (19., 3., 1.))
        by_name, by_x = bm.grad(lambda x: bm.sum(w * x), grad_vars={"w": w}, argnums=0)(bm.asarray([3., 4.]))
        np.testing.assert_allclose(np.asarray(by_name["w"]), [3., 4.])
        np.testing.assert_allclose(np.asarray(by_x), [1., 2.])
        second = bm.hessian(lambda x: x[0] ** 2 * x[1] + bm.sin(x[1]))(bm.asarray([3., 4.]))
        np.testing.assert_allclose(np.asarray(second), [[8., 6.], [6., -np.sin(4.)]], rtol=1e-12)
        with self.assertRaisesRegex(TypeError, "whose value is one number"):
            bm.grad(bm.exp)(bm.zeros(3))


class VariablesInCollectionsTest(unittest.TestCase):
    def test_assigning_changes_values(self):
        v, w = bm.Variable(bm.zeros(2)), bm.Variable(bm.ones(3))
        several, named = bm.var_list([v]).append(w), bm.var_dict({"v": v}, w=w)
        several[0] = bm.ones(2)
        named["w"] = bm.zeros(3)
        named.update({"x": bm.Variable(bm.ones(1))})
        self.assertIs(named["v"], v)
        np.testing.assert_array_equal(np.asarray(v), 1.)
        np.testing.assert_array_equal(np.asarray(w), 0.)
        self.assertEqual(list(named), ["v", "w", "x"])
        for make in (lambda: bm.VarList([1.]), lambda: bm.VarDict(a=bm.zeros(2)), lambda: several.append(3)):
            with self.assertRaisesRegex(TypeError, "wrap it by bm.Variable"):
                make()


class JitConnTest(unittest.TestCase):
    def test_places_follow_at_uniform_distances(self):
        n, p = 400, 0.1
        hits = np.stack([np.asarray(bm.jitconn.mv_prob_homo(row, 1., p, 3, shape=(n, n))) for row in np.eye(n, dtype=np.float32)], axis=1)
        gaps = np.concatenate([np.diff(np.flatnonzero(row)) for row in hits])
        counts = np.bincount(gaps, minlength=19)[1:19]
        self.assertEqual(gaps.max(), 18)
        expected = gaps.size / 18
        chi = np.sum((counts - expected) ** 2 / expected)
        self.assertLess(chi, 40.8)  # the 99.9% quantile for 17 degrees of freedom; gaps cut by the edge are few

    def test_transposed_is_the_same_matrix_and_seeds_repeat(self):
        x = bm.asarray(np.arange(5.))
        matrix = np.stack([np.asarray(bm.jitconn.mv_prob_normal(e, 0., 1., 0.5, 9, shape=(7, 5))) for e in np.eye(5, dtype=np.float32)], axis=1)
        np.testing.assert_allclose(np.asarray(bm.jitconn.mv_prob_normal(x, 0., 1., 0.5, 9, shape=(7, 5))), matrix @ np.arange(5.), rtol=1e-5)
        with self.assertRaisesRegex(ValueError, "conn_prob must be in"):
            bm.jitconn.mv_prob_homo(x, 1., 0., 1, shape=(7, 5))


class TimeDelayTest(unittest.TestCase):
    def test_reads_between_kept_values(self):
        bm.enable_x64()
        try:
            delay = bm.TimeDelay(bm.zeros(2), 1., before_t0=lambda t: bm.asarray([1., 2.]) * t, dt=0.1)
            np.testing.assert_allclose(np.asarray(delay(-0.73)), [-0.73, -1.46], rtol=1e-12)
            for k in range(1, 26):
                delay.update(bm.asarray([1., 2.]) * (0.1 * k))
            for back in (0., 0.1, 0.137, 0.5, 1.):
                np.testing.assert_allclose(np.asarray(delay(2.5 - back)), [2.5 - back, 2 * (2.5 - back)], rtol=1e-9)
            self.assertAlmostEqual(float(delay(2.46, 0)), 2.46)
            with self.assertRaisesRegex(ValueError, "is after the present one"):
                delay(2.7)
            with self.assertRaisesRegex(ValueError, "make the delay longer"):
                delay(1.)
        finally:
            bm.disable_x64()


if __name__ == "__main__":
    unittest.main()
