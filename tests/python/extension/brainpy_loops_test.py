"""Compiled loops of ranvier.brainpy against the same bodies step by step with NumPy (jit=False), and against closed forms."""
import copy
import gc
import os
import random
import signal
import threading
import unittest
import warnings
import weakref

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm
from ranvier.brainpy import TracingError, _program
from ranvier.brainpy._tree import flatten
from ranvier.brainpy.math import control


class Case(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()
        self.addCleanup(bm.disable_x64)
        caught = warnings.catch_warnings()
        caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("error")  # of a loop that is not compiled

    def same(self, make, *operands, **keywords):
        """make() gives a fresh body; its outputs are those of NumPy's steps."""
        by_steps = flatten(bm.for_loop(make(), *operands, jit=False, **keywords))[0]
        compiled = flatten(bm.for_loop(make(), *operands, **keywords))[0]
        self.assertEqual(len(by_steps), len(compiled))
        for a, b in zip(map(np.asarray, by_steps), map(np.asarray, compiled)):
            self.assertEqual((a.shape, a.dtype), (b.shape, b.dtype))
            np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-12)
        return [np.asarray(v) for v in compiled]


class ForLoops(Case):
    def test_operands_outputs_and_their_trees(self):
        x, y = np.arange(6), np.random.default_rng(0).random((6, 4))
        total, both = bm.for_loop(lambda a, b: (a + b, {"twice": b * 2}), (x, y))
        np.testing.assert_array_equal(total, x[:, None] + y)
        np.testing.assert_array_equal(both["twice"], 2 * y)
        out = bm.for_loop(lambda pair: pair["a"] - pair["b"][0], ({"a": x, "b": (y,)},))
        np.testing.assert_array_equal(out, x[:, None] - y)
        self.assertIsNone(bm.for_loop(lambda a: None, x))
        self.assertEqual(bm.for_loop(lambda a: a > 2, x).dtype, bool)
        np.testing.assert_array_equal(bm.for_loop(lambda a: a + 1, np.arange(1000, 1005)), np.arange(1001, 1006))

    def test_no_steps(self):
        v = bm.Variable(bm.ones(2))
        for jit in (True, False):
            out, (flag,) = bm.for_loop(lambda x: (v.value.__iadd__(x), [x[0] > 1]), np.zeros((0, 2)), jit=jit)
            self.assertEqual((out.shape, out.dtype, flag.shape, flag.dtype), ((0, 2), np.float64, (0,), bool))
        carry, out = bm.scan(lambda c, x: (c + x, c), bm.ones(2), np.zeros((0, 2)))
        self.assertEqual((carry.tolist(), out.shape), ([1., 1.], (0, 2)))
        np.testing.assert_array_equal(v, [1., 1.])

    def test_reverse_goes_from_the_end_and_stacks_in_order(self):
        v = bm.Variable(bm.zeros(2))

        def body(x):
            v.value = v * 0.5 + x
            return v.value
        x = np.arange(5.)
        out, last = np.asarray(bm.for_loop(body, x, reverse=True)), np.zeros(2)
        for k in (4, 3, 2, 1, 0):
            last = last * 0.5 + x[k]
            np.testing.assert_allclose(out[k], last)

    def test_variables_keep_their_values_between_loops_and_can_be_set(self):
        v = bm.Variable(bm.zeros(3))

        def body(_):
            v.value = v + 1.
        bm.for_loop(body, np.arange(4))
        np.testing.assert_array_equal(v, np.full(3, 4.))
        v[:2] = 10.
        bm.for_loop(body, np.arange(2))
        np.testing.assert_array_equal(v, [12., 12., 6.])
        v.value = np.array([1., 2., 3.])
        bm.for_loop(body, np.arange(1), jit=False)
        np.testing.assert_array_equal(v, [2., 3., 4.])

    def test_a_second_loop_makes_no_new_program(self):
        v = bm.Variable(bm.arange(7.))

        def body(i):
            v.value = bm.tanh(v * 0.9) + 0.01 * i
            return v.value
        bm.for_loop(body, np.arange(5))
        made = _program.statistics["programs"]
        bm.for_loop(body, np.arange(5, 10))
        v2, v = v, bm.Variable(bm.zeros(7))  # the same structure, another Variable
        bm.for_loop(body, np.arange(5))
        self.assertEqual(_program.statistics["programs"], made)
        self.assertGreater(float(np.asarray(v2)[6]), float(np.asarray(v)[6]))

    def test_swaps_parts_and_values_from_before(self):
        def make():
            a, b = bm.Variable(bm.arange(5.)), bm.Variable(bm.ones(5) * 2)

            def body(i):
                old = a.value
                a.value, b.value = b.value, a.value
                a[:2] += 1.
                a[2:] *= 1.5
                a[1:3] = b[2:4]
                b[-1] = i
                return old, a.value, b[1:4] + old[0]
            return body
        self.same(make, np.arange(7))

    def test_rings_of_rows(self):
        def make():
            ring, x, k = bm.Variable(bm.zeros((5, 3))), bm.Variable(bm.arange(3.)), bm.Variable(bm.asarray(0))

            def body(i):
                ring[k.value] = x.value
                old = ring[(k.value + 2) % 5]
                x.value = x * 1.1 + 0.1 * old
                k.value = (k + 1) % 5
                return old, ring.value
            return body
        self.same(make, np.arange(20))

    def test_traced_indices_on_any_axis(self):
        x, kept = np.arange(24.).reshape(2, 3, 4), bm.Variable(bm.zeros((2, 3, 4)))
        reads = ("[:, i]", "[..., i]", "[0, :, i]", "[i, :, i]", "[:, i, 1:3]", "[i, ..., None]", "[:, j, None]", "[j, :, i]", "[j, j]",
                 "[None, :, i, ::-2]", "[:, i, j]", "[i, 1:, j]", "[..., j[:, None], j]", "[-i, -1]", "[:, [2, 0], j]")
        for part in reads:
            with self.subTest(part):
                by_numpy = np.stack([eval("x" + part, {"x": x, "i": i, "j": np.array([i, 1 - i])}) for i in range(2)])
                compiled = bm.for_loop(lambda i: eval("x" + part, {"x": bm.asarray(x), "i": i, "j": bm.stack([i, 1 - i])}), np.arange(2))
                np.testing.assert_array_equal(compiled, by_numpy)

                def write(i):
                    exec(f"v{part} = v{part} * 2. + i + 1.", {"v": kept, "i": i, "j": bm.stack([i, 1 - i])})
                kept.value = bm.asarray(x)
                bm.for_loop(write, np.arange(2))
                expected = x.copy()
                for i in range(2):
                    exec(f"v{part} = v{part} * 2. + i + 1.", {"v": expected, "i": i, "j": np.array([i, 1 - i])})
                np.testing.assert_array_equal(kept, expected)
        for part, error, text in (("[:, i, :, :]", IndexError, "4 parts for an array of the shape"), ("[..., i, ...]", IndexError, "several ..."),
                                  ("[:, i > 0]", TracingError, "bm.where")):
            with self.assertRaisesRegex(error, text):
                bm.for_loop(lambda i: eval("x" + part, {"x": bm.asarray(x), "i": i}), np.arange(2))

    def test_traced_indices_outside_read_the_nearest_element_and_write_nothing(self):
        v, w = bm.Variable(bm.zeros((3, 2))), bm.Variable(bm.zeros(4))

        def body(i, pair):
            seen = v[i, 1]
            v[i, 1] += 1.
            w[pair] = bm.asarray([1., 2.]) + 10. * i
            return seen
        out = bm.for_loop(body, (np.array([2, 7, -1, -9]), np.array([[0, 4], [-5, 1], [9, -9], [-4, 3]])))
        np.testing.assert_array_equal(out, [0., 1., 1., 0.])
        np.testing.assert_array_equal(v, [[0., 0.], [0., 0.], [0., 2.]])  # as jax's: at -9 the nearest is row 0, which keeps its 0
        np.testing.assert_array_equal(w, [-89., 72., 0., -88.])

    def test_threads_do_not_change_a_bit(self):
        def run():
            bm.random.seed(3)
            v = bm.Variable(bm.linspace(-1., 1., 1000))

            def body(_):
                v.value = bm.tanh(v + 0.1 * bm.random.normal(0., 1., 1000)) * 0.9 + bm.sum(v) * 1e-3
                return v[:10]
            return np.asarray(bm.for_loop(body, np.arange(20))), np.asarray(v)
        one = run()
        bm.set_host_device_count(2)
        try:
            two = run()
        finally:
            bm.set_host_device_count(1)
        np.testing.assert_array_equal(one[0], two[0])
        np.testing.assert_array_equal(one[1], two[1])
        with self.assertRaisesRegex(ValueError, "1 or more"):
            bm.set_host_device_count(0)

    def test_threads_of_python_and_forked_processes(self):
        def run(k):
            v = bm.Variable(bm.ones(50) * k)

            def body(i):
                v.value = v * 0.99 + i * 0.01
            for _ in range(5):
                bm.for_loop(body, np.arange(100))
            return float(np.asarray(v)[0])
        expected, found = [run(k) for k in range(4)], {}
        threads = [threading.Thread(target=lambda k=k: found.__setitem__(k, run(k))) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([found[k] for k in range(4)], expected)
        child = os.fork()
        if child == 0:
            os._exit(0 if run(3) == expected[3] else 1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    def test_a_process_that_is_forked_while_a_thread_compiles(self):
        with _program._lock:
            child = os.fork()
            if child == 0:
                signal.alarm(20)  # instead of waiting without end
                os._exit(0 if float(np.asarray(bm.for_loop(lambda x: x * 3., np.arange(3.)))[2]) == 6. else 1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    def test_signed_zeros_and_powers_without_a_number(self):
        x = np.asarray([0.5, 2., 4., 6.])
        signs, = self.same(lambda: lambda x: 1. / bm.where(x > 5., -0., bm.where(x > 3., 0., 1.)), x)
        np.testing.assert_array_equal(signs, [1., 1., np.inf, -np.inf])
        powers = self.same(lambda: lambda x: (x ** np.inf, x ** -np.inf, x ** np.nan), x)
        np.testing.assert_array_equal(powers, [x ** np.inf, x ** -np.inf, x ** np.nan])

    def test_wrong_operands(self):
        with self.assertRaisesRegex(ValueError, r"of one length, not \[3, 4\]"):
            bm.for_loop(lambda a, b: a, (np.arange(3), np.arange(4)))
        with self.assertRaisesRegex(ValueError, "single number"):
            bm.for_loop(lambda a: a, 5)

    def test_progress_does_not_change_what_is_computed(self):
        import contextlib
        import io
        text = io.StringIO()
        with contextlib.redirect_stderr(text):
            out = bm.for_loop(lambda i: i * 2, np.arange(50), progress_bar=True)
        np.testing.assert_array_equal(out, np.arange(50) * 2)
        self.assertIn("50", text.getvalue())


class NestedLoops(Case):
    def inner(self):
        v, w = bm.Variable(bm.zeros(3)), bm.Variable(bm.ones(4))

        def body(i):
            def turn(j, a):
                v.value = v * 0.9 + j + a + i
                w[1] += 0.5
                return v.value * 2, w[0] + w[1]
            return bm.for_loop(turn, (np.arange(5.), np.linspace(0, 1, 15).reshape(5, 3)), reverse=True), v.value
        return body

    def test_unrolled_and_repeated_are_the_same(self):
        unrolled = self.same(self.inner, np.arange(4))
        old, control._UNROLLED = control._UNROLLED, 0
        try:
            repeated = self.same(self.inner, np.arange(4))
        finally:
            control._UNROLLED = old
        for a, b in zip(unrolled, repeated):
            np.testing.assert_allclose(a, b, rtol=1e-13)

    def test_loops_in_loops_in_loops(self):
        def make():
            v = bm.Variable(bm.zeros(3))

            def body(i):
                def middle(j):
                    def innermost(k):
                        v.value = v * 0.5 + k + j
                        return v[0]
                    return bm.for_loop(innermost, np.arange(3.)), v.value
                return bm.for_loop(middle, np.arange(4.), reverse=True)
            return body
        old, control._UNROLLED = control._UNROLLED, 0
        try:
            self.same(make, np.arange(3))
        finally:
            control._UNROLLED = old

    def test_while_loops_in_a_body(self):
        def make():
            v = bm.Variable(bm.zeros(3))

            def body(i):
                def turn(k, x):
                    v.value = v + x
                    return k + 1, x * 1.5
                return bm.while_loop(turn, lambda k, x: k < bm.minimum(i, 7), (0, bm.ones(3) * i)), v.value
            return body
        self.same(make, np.arange(9))

    def test_a_long_while_loop_outside_of_a_body(self):
        x, turns = bm.while_loop(lambda x, n: (x * 0.99, n + 1), lambda x, n: x[0] > 1e-3, (bm.ones(2), 0))
        self.assertEqual(int(turns), int(np.ceil(np.log(1e-3) / np.log(0.99))))
        np.testing.assert_allclose(x, 0.99 ** int(turns), rtol=1e-12)

    def test_scan(self):
        carry, out = bm.scan(lambda c, x: (c * 0.5 + x, c), bm.zeros(2), np.arange(6.))
        expected, c = [], np.zeros(2)
        for x in range(6):
            expected.append(c)
            c = c * 0.5 + x
        np.testing.assert_allclose(carry, c)
        np.testing.assert_allclose(out, expected)
        for turns in (lambda c, x: ((c[0], c[1], x), x), lambda c, x: (c[0], x)):
            with self.assertRaisesRegex(bp.MathError, "a carry of [13] values for 2 that it was given"):
                bm.scan(turns, (0., 1.), np.arange(3.))

    def test_scans_in_a_body_unrolled_and_repeated(self):
        def make():
            v = bm.Variable(bm.zeros(2))

            def body(i):
                def turn(carry, x):
                    v.value = v + x
                    return {"a": carry["b"] * 0.5 + x, "b": carry["a"] + v}, (carry["a"], x)
                carry, out = bm.scan(turn, {"a": bm.ones(2) * i, "b": bm.zeros(2)}, np.linspace(0., 1., 5), reverse=True)
                return carry, out, v.value
            return body
        unrolled = self.same(make, np.arange(4.))
        old, control._UNROLLED = control._UNROLLED, 0
        try:
            repeated = self.same(make, np.arange(4.))
        finally:
            control._UNROLLED = old
        for a, b in zip(unrolled, repeated):
            np.testing.assert_allclose(a, b, rtol=1e-13)


class Choices(Case):
    def test_branches_and_what_they_do_to_variables(self):
        def make():
            v, w = bm.Variable(bm.arange(3.)), bm.Variable(bm.asarray(0))

            def body(i):
                def one():
                    v[0] = 1.
                    w.value = w + 1
                    return v[1]

                def other():
                    v.value = v * 2.
                    return v[2] * 1.
                a = bm.cond(i % 2 == 0, one, other)
                b = bm.cond(v[0] > 1.5, lambda x: x + 1., lambda x: x - 1., v.value)
                c = bm.ifelse([v[2] > 10, v[2] > 5, v[2] > 3], [1., lambda: 2., 3., 4.])
                return a, b, c, v.value, w.value
            return body
        self.same(make, np.arange(8))

    def test_python_control_flow_on_traced_values_is_refused_at_its_line(self):
        v = bm.Variable(bm.zeros(2))

        def body(i):
            if v[0] > i:  # line of the message
                v.value = v + 1
        with self.assertRaises(TracingError) as raised:
            bm.for_loop(body, np.arange(3))
        line = body.__code__.co_firstlineno + 1
        self.assertRegex(str(raised.exception), rf"brainpy_loops_test\.py:{line}: the truth of a traced value .* bm\.where")
        np.testing.assert_array_equal(v, np.zeros(2))

    def test_numpy_on_traced_values_runs_by_steps_and_says_so(self):
        v = bm.Variable(bm.ones(2))

        def body(i):
            v.value = v + np.sort(np.asarray(v))[0]
            return v.value
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            out = bm.for_loop(body, np.arange(3))
            bm.for_loop(body, np.arange(3))
        np.testing.assert_array_equal(out, [[2, 2], [4, 4], [8, 8]])
        self.assertEqual(len(told), 1)
        self.assertRegex(str(told[0].message), r"step by step .*brainpy_loops_test\.py:\d+: the NumPy array of a traced value")

    def test_complex_numbers_run_by_steps_and_say_so(self):
        theta = bm.Variable(bm.asarray([0.1, 0.5, 2.]))

        def order(i):
            theta.value += 0.1
            return bm.abs(bm.mean(bm.exp(1j * theta)))
        with self.assertWarnsRegex(UserWarning, r"brainpy_loops_test\.py:\d+: complex numbers are not compiled; .*bm.cos"):
            found = bm.for_loop(order, bm.arange(3))
        np.testing.assert_allclose(found, np.full(3, abs(np.mean(np.exp(1j * np.array([0.1, 0.5, 2.]))))), rtol=1e-6)

    def test_a_value_kept_from_a_trace_is_refused(self):
        kept = []

        def body(i):
            kept.append(i * 2.)
            return kept[0] + 1
        bm.for_loop(body, np.arange(3))
        with self.assertRaisesRegex(TracingError, "a trace that has ended"):
            bm.for_loop(body, np.arange(3))


class Jit(Case):
    def test_functions_keywords_statics_and_variables(self):
        v, traced = bm.Variable(bm.zeros(3)), []

        @bm.jit
        def f(x, y=2.):
            traced.append(1)
            v.value = v + x * y
            return {"v": v * 2, "x": x}
        for k in range(3):
            out = f(bm.ones(3) * k)
        np.testing.assert_array_equal(out["v"], np.full(3, 12.))
        self.assertEqual(len(traced), 1)
        f(bm.ones(3), y=1.)
        np.testing.assert_array_equal(v, np.full(3, 7.))
        g = bm.jit(lambda x, how: x * 2 if how == "twice" else x * 3, static_argnames="how")
        self.assertEqual([float(g(2., how="twice")), float(g(2., how="thrice"))], [4., 6.])
        h = bm.jit(lambda x, n: [x] * n, static_argnums=1)
        self.assertEqual(len(h(1., 3)), 3)
        with self.assertRaisesRegex(TracingError, "the truth of a traced value"):
            bm.jit(lambda x: x if x > 0 else -x)(1.)

    def test_another_batch_is_another_compilation(self):
        v, traced = bm.Variable(bm.zeros((1, 3)), batch_axis=0), []
        part = bm.VariableView(v, (slice(None), 0))

        @bm.jit
        def f(x):
            traced.append(1)
            v.value = v + x
            return part.value
        for batch in (1, 4, 4, 1):
            v.value = bm.zeros((batch, 3))
            self.assertEqual(part.shape, (batch,))
            np.testing.assert_array_equal(f(2.), np.full(batch, 2.))
            np.testing.assert_array_equal(v, np.full((batch, 3), 2.))
        self.assertEqual(len(traced), 3)
        with self.assertRaisesRegex(bp.MathError, r"has the shape \(1, 3\), the new value \(5, 3\)"):
            bm.for_loop(lambda i: setattr(v, "value", bm.zeros((5, 3))), np.arange(2))
        for wrong in ((2, 4), (3,), (2, 3, 1)):
            self.assertRaises(bp.MathError, setattr, v, "value", bm.zeros(wrong))

    def test_a_method_s_compilations_end_with_its_object_and_are_not_copied(self):
        class Adder(bp.DynamicalSystem):
            def __init__(self):
                super().__init__()
                self.v = bm.Variable(bm.zeros(2))

            def update(self, x):
                self.v += x
                return self.v.value
        one = Adder()
        one.jit_step_run(0, 1.)
        for make in (copy.copy, copy.deepcopy):
            other = make(one)
            other.setattr("v", bm.Variable(bm.ones(2) * 5.))
            np.testing.assert_array_equal(other.jit_step_run(0, 1.), [6., 6.])
            np.testing.assert_array_equal(one.v, [1., 1.])
        seen = weakref.ref(one)
        del one, other
        gc.collect()
        self.assertIsNone(seen())

    def test_static_numbers_are_told_apart_by_sign_and_type(self):
        f = bm.jit(lambda x, how: (x / how, isinstance(how, bool)), static_argnums=1)
        with np.errstate(divide="ignore"):
            for how in (0., -0., 1, True, 1.):
                np.testing.assert_array_equal(f(1., how)[0], np.float64(1.) / how)
                self.assertEqual(bool(f(1., how)[1]), how is True)

    def test_methods_objects_and_loops_inside(self):
        class Counter(bp.DynSysGroup):
            def __init__(self):
                super().__init__()
                self.v = bm.Variable(bm.zeros(2))

            @bm.cls_jit
            def update(self, x):
                self.v += x
                return self.v.value
        one, two = Counter(), Counter()
        one.update(1.), one.update(2.), two.update(5.)
        np.testing.assert_array_equal(one.v, [3., 3.])
        np.testing.assert_array_equal(two.v, [5., 5.])
        np.testing.assert_array_equal(bm.jit(one)(1.), [4., 4.])
        looped = bm.jit(lambda n: bm.for_loop(lambda i: i * n, np.arange(40)))
        np.testing.assert_array_equal(looped(2), np.arange(40) * 2)


class Program:
    """A random body of a seed: elementwise operators, parts, rows, sums, products, events, choices, swaps."""

    def __init__(self, seed):
        self.seed, rng = seed, np.random.RandomState(seed)
        self.n, self.m = [(4, 4), (5, 3), (70, 6), (1, 4), (16, 16)][seed % 5]
        degrees = rng.randint(0, 3, size=self.n)
        self.indptr = np.concatenate([[0], np.cumsum(degrees)])
        self.indices = rng.randint(0, self.m, size=self.indptr[-1])
        self.matrix, self.order = rng.randn(self.n, self.m), rng.randint(0, self.n, size=self.m)
        shapes = {"a": self.n, "b": self.n, "c": self.m, "M": (3, self.n)}
        self.v = {k: bm.Variable(np.atleast_1d(rng.standard_normal(s))) for k, s in shapes.items()}
        self.v.update(z=bm.Variable(bm.asarray(0.5)), k=bm.Variable(bm.asarray(1)), f=bm.Variable(rng.rand(self.n) > 0.5))

    def elementwise(self, pick, pool, others):
        x, y = pick.choice(pool), pick.choice(pool + others + [pick.uniform(-1, 1)])
        return pick.choice([lambda: x + y, lambda: x * y - x, lambda: bm.tanh(x), lambda: bm.where(x > y, x, y), lambda: bm.exp(-bm.abs(x)),
                            lambda: bm.minimum(x, y), lambda: bm.sin(x) + 1, lambda: x / (1.5 + bm.abs(y)), lambda: bm.clip(x, -1., 1.)])()

    def change(self, pick, ns, ms, ones):
        v, bounded = self.v, lambda pool: bm.clip(pick.choice(pool), -2., 2.)

        def put(name, value):
            v[name].value = value

        def swap():
            v["a"].value, v["b"].value = v["b"].value, v["a"].value

        def part():
            v["c"][1:] = bounded(ms)[1:] * 0.5

        def row():
            v["M"][v["k"].value] = bounded(ns)
        pick.choice([lambda: put("a", bm.tanh(pick.choice(ns) + 0.)), lambda: put("b", bounded(ns)), part, row, swap,
                     lambda: put("f", pick.choice(ns) > pick.choice(ns + ones)), lambda: put("k", (v["k"] + 1) % 3),
                     lambda: put("z", bm.clip(pick.choice(ones), -1., 1.) * 0.9),
                     lambda: put("c", bm.cond(pick.choice(ones) > 0, lambda: v["c"] * 0.5, lambda: v["c"] + 0.))])()

    def across(self, pick, ns, ms, ones):
        v = self.v
        which, make = pick.choice([
            (ms, lambda: bm.pre2post_event_sum(v["f"], (self.indices, self.indptr), self.m, 0.5)),
            (ms, lambda: bm.matmul(bm.clip(pick.choice(ns), -2., 2.), self.matrix) * 0.1), (ns, lambda: v["M"][(v["k"] + 1) % 3]),
            (ns, lambda: bm.sum(v["M"], axis=0) * 0.1), (ms, lambda: bm.clip(pick.choice(ns), -2., 2.)[self.order]),
            (ones, lambda: bm.tanh(bm.sum(pick.choice(ns)))), (ones, lambda: bm.max(pick.choice(ms)) * 0.5), (ones, lambda: v["a"][0] * 0.3)])
        which.append(make())

    def __call__(self, i):
        pick, v = random.Random(self.seed), self.v
        ns, ms, ones, outs = [v["a"], v["b"]], [v["c"]], [v["z"], i * 0.1], []
        for _ in range(pick.randrange(4, 18)):
            kind = pick.randrange(4)
            if kind == 0:
                self.change(pick, ns, ms, ones)
            elif kind == 1:
                self.across(pick, ns, ms, ones)
            else:
                pool = pick.choice([ns, ns, ms])
                pool.append(self.elementwise(pick, pool, ones))
            if pick.random() < 0.3:
                outs.append(pick.choice(ns + ms + ones + [v["f"], v["M"], v["k"]]) * 1)
        return outs + [x.value for x in v.values()]


class RandomPrograms(Case):
    def test_they_give_numpys_values(self):
        for seed in range(80):
            with self.subTest(seed=seed):
                self.same(lambda: Program(seed), np.arange(4))


if __name__ == "__main__":
    unittest.main()
