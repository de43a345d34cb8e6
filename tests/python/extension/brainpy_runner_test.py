"""bp.DSRunner, compiled and step by step: monitors, inputs, times, outputs, interruption, against closed forms."""
import unittest
import warnings

import numpy as np

from interrupting import interrupt
import ranvier.brainpy as bp
import ranvier.brainpy.math as bm
from ranvier.brainpy import _program


class Sum(bp.dyn.NeuDyn):
    """x += input; the input is cleared after each step."""

    def __init__(self, size=4):
        super().__init__(size)
        self.x, self.input = bm.Variable(bm.zeros(size)), bm.Variable(bm.zeros(size))
        self.big = bm.Variable(bm.zeros(size, dtype=bool))

    def update(self, extra=None):
        self.x += self.input if extra is None else self.input + extra
        self.big.value = self.x > 2.

    def clear_input(self):
        self.input[:] = 0.


class Clock(bp.dyn.NeuDyn):
    """Gives back what is shared."""

    def __init__(self):
        super().__init__(1)
        self.i = bm.Variable(bm.zeros(1, dtype=int))

    def update(self):
        self.i[:] = bp.share["i"]
        return bp.share["t"] + 0. * self.i, bp.share["i"]


class Each(unittest.TestCase):
    """Each test runs compiled, and step by step."""

    def each(self):
        for jit in (True, False):
            with self.subTest(jit=jit), warnings.catch_warnings():
                warnings.simplefilter("error")
                yield lambda *args, jit=jit, **keywords: bp.DSRunner(*args, jit=jit, progress_bar=False, **keywords)


class Both(Each):
    def test_monitors_in_all_forms(self):
        for make in self.each():
            net = bp.Network(a=Sum(), b=Sum())
            runner = make(net, inputs=[("a.input", 1.), (net.b.input, bm.arange(4.))], monitors=["a.x", ("b.x", [1, 3]), ("b.big", 2)])
            runner.run(0.5)
            steps = np.arange(1., 6.)
            np.testing.assert_array_equal(runner.mon["a.x"], np.repeat(steps[:, None], 4, 1))
            np.testing.assert_array_equal(runner.mon["b.x"], steps[:, None] * [1, 3])
            np.testing.assert_array_equal(runner.mon["b.big"], (steps * 2 > 2)[:, None])  # one element: still an axis, as in BrainPy
            np.testing.assert_allclose(runner.mon.ts, np.arange(5) * 0.1)
            runner = make(net, monitors={"x": net.a.x, "part": (net.a.x, [0]), "total": lambda: bm.sum(net.b.x), "in": net.a.input,
                                         "both": lambda: {"u": net.a.x + 1, "v": (net.b.big, 3.)}, "name": "b.x", "t": lambda shared: shared["t"]},
                          inputs=(net.a.input, 2.))
            runner.run(0.35)
            steps = 5 + 2 * np.arange(1., 4.)
            np.testing.assert_array_equal(runner.mon["x"][:, 2], steps)
            np.testing.assert_array_equal(runner.mon["part"], steps[:, None])
            np.testing.assert_array_equal(runner.mon["total"], [30, 30, 30])
            np.testing.assert_array_equal(runner.mon["in"], np.full((3, 4), 2.))  # monitors come before inputs are cleared
            np.testing.assert_array_equal(runner.mon["both"]["u"][:, 0], steps + 1)
            np.testing.assert_array_equal(runner.mon["both"]["v"][1], [3, 3, 3])
            np.testing.assert_allclose(runner.mon["t"], [0, 0.1, 0.2], atol=1e-7)
            self.assertEqual((runner.mon["both"]["v"][0].dtype, runner.mon["x"].dtype), (bool, np.float32))

    def test_paths_may_begin_with_the_name_of_a_system(self):
        net = bp.DynSysGroup(bp.DynSysGroup(Sum()))
        next(iter(net.nodes().subset(Sum).unique().values())).name = "deep"
        for make in self.each():
            net.nodes().subset(Sum).unique()["deep"].x[:] = 0.
            runner = make(net, inputs=("deep.input", 2.), monitors=["deep.x"])
            runner.run(0.35)
            np.testing.assert_array_equal(runner.mon["deep.x"][:, 0], [2, 4, 6])

    def test_inputs_of_all_kinds_and_operations(self):
        rows = np.arange(8.).reshape(4, 2)
        for make in self.each():
            for operation, expected in (("=", rows), ("+", rows + 1), ("-", 1 - rows), ("*", rows), ("/", 1 / (rows + 1))):
                one = Sum(2)
                given = rows + 1 if operation == "/" else rows
                runner = make(one, inputs=[("input", 1., "fix", "="), ("input", given, "iter", operation)], monitors=["input"], dt=0.5)
                runner.run(2.)
                np.testing.assert_allclose(runner.mon["input"], expected, rtol=1e-6)
            one = Sum(2)
            runner = make(one, inputs=[("input", iter(rows), "iter"), ("input", lambda: one.x * 0 + bp.share["i"], "func", "+")], monitors=["input"])
            runner.run(0.2), runner.run(0.2)
            np.testing.assert_array_equal(runner.mon["input"], rows[2:] + [[2], [3]])
            one = Sum(2)

            def give(shared):
                one.input += shared["i"] * 10.
            runner = make(one, inputs=give, monitors=["input"])
            runner.run(0.35)  # int(0.35 / 0.1) steps, as BrainPy counts
            np.testing.assert_array_equal(runner.mon["input"][:, 0], [0, 10, 20])

    def test_times_numbers_and_outputs(self):
        for make in self.each():
            runner = make(Clock(), dt=0.25, t0=10.)
            seconds, (t, i) = runner.predict(1., eval_time=True)
            self.assertGreater(seconds, 0)
            t, i = runner.run(0.5)
            np.testing.assert_allclose(np.asarray(t)[:, 0], [11., 11.25])
            np.testing.assert_array_equal(i, [4, 5])
            np.testing.assert_allclose(runner.mon.ts, [11., 11.25])
            self.assertEqual((bp.share["i"], bp.share["t"], bp.share["dt"]), (5, 11.25, 0.25))
            self.assertIsInstance(make(Sum()).run(0.1), float)  # update() returns nothing: the seconds
            one = Sum()
            runner = make(one)
            self.assertIsNone(runner.predict(inputs=np.arange(12.).reshape(3, 4)))
            np.testing.assert_array_equal(one.x, np.arange(12.).reshape(3, 4).sum(0))
            self.assertEqual(len(make(Sum(), dt=0.1).mon), 0)

    def test_what_is_wrong(self):
        for make in self.each():
            one = Sum()
            for text, keywords in (("has no 'volt'", {"monitors": ["volt"]}), ("no Variable", {"monitors": ["num"]}), ("must be a positive", {"dt": -1.}),
                                   ("kinds are fix, iter, func", {"inputs": ("input", 1., "sometimes")}), ("no function", {"inputs": ("input", 1., "func")}),
                                   ("operations = ", {"inputs": ("input", 1., "fix", "^")}), ("no Variable", {"inputs": ("num", 1.)}),
                                   ("has no 'X'; the nearest are x", {"monitors": ["X"]}), ("the nearest are input", {"inputs": ("inputs", 1.)}),
                                   (r"'input' has values of the shape \(3,\); the Variable has the shape \(4,\)", {"inputs": ("input", np.ones(3))}),
                                   (r"has rows of the shape \(5,\)", {"inputs": (one.input, np.ones((2, 5)), "iter")}),
                                   (r"an input is \(name or Variable, value", {"inputs": [("input",)]})):
                with self.assertRaisesRegex(ValueError, text):
                    make(one, **keywords)
            with self.assertRaisesRegex(ValueError, "has 3 values, but the run goes on to step 10"):
                make(one, inputs=("input", np.ones(3), "iter")).run(1.)
            with self.assertRaisesRegex(ValueError, "ends after 3 of 10 steps"):
                make(one, inputs=("input", iter(np.ones(3)), "iter")).run(1.)
            with self.assertRaisesRegex(ValueError, "0 ms or more"):
                make(one).run(-1.)
            with self.assertRaisesRegex(ValueError, "give a duration"):
                make(one).run()


class Batches(Each):
    def test_axes_of_batches(self):
        class Add(bp.DynamicalSystem):
            def __init__(self):
                super().__init__(mode=bm.BatchingMode(2))
                self.x = bm.Variable(bm.zeros((2, 3)), batch_axis=0)

            def update(self, y):
                self.x += y
                return self.x.value

            def reset_state(self, batch_size=1):
                self.x.value = bm.zeros((batch_size, 3))

            def clear_input(self):
                pass
        given = np.arange(24.).reshape(2, 4, 3)  # batch, time, size
        for make in self.each():
            runner = make(Add(), monitors=["x"])
            out = runner.run(inputs=given)
            np.testing.assert_array_equal(out, given.cumsum(1))
            np.testing.assert_array_equal(runner.mon["x"], given.cumsum(1))
            runner = make(Add(), data_first_axis="T")
            out = runner.predict(inputs=given.swapaxes(0, 1), reset_state=True)
            np.testing.assert_array_equal(out, given.cumsum(1).swapaxes(0, 1))


class Compiled(unittest.TestCase):
    def test_runs_go_on_and_make_one_program(self):
        one = Sum()
        runner = bp.DSRunner(one, inputs=("input", 1.), monitors=["x"], progress_bar=False)
        runner.run(1.)
        made = _program.statistics["programs"]
        runner.run(2.)
        np.testing.assert_array_equal(runner.mon["x"][:, 0], np.arange(11., 31.))
        one.x[:2] = 100.
        runner.run(0.1)
        np.testing.assert_array_equal(runner.mon["x"], [[101, 101, 31, 31]])
        self.assertEqual(_program.statistics["programs"], made)

    def test_a_changed_attribute_is_seen_by_the_next_run(self):
        one = Sum()
        one.gain = 1.
        one.update = lambda: one.x.__iadd__(one.gain)
        runner = bp.DSRunner(one, progress_bar=False)
        runner.run(1.)
        one.gain = 2.
        runner.run(1.)
        np.testing.assert_array_equal(one.x, np.full(4, 30.))

    def test_steps_that_32_bits_do_not_tell_apart(self):
        one, last = Clock(), 2**24
        runner = bp.DSRunner(one, progress_bar=False, i0=last - 2)
        np.testing.assert_array_equal(runner.run(0.31)[1], [last - 2, last - 1, last])
        with self.assertRaisesRegex(bp.MathError, r"step 16777217 and later .*: use bm.enable_x64\(\)"):
            runner.run(0.1)
        one.update = lambda: bp.share["t"]  # rounded, as it would be in any case
        np.testing.assert_allclose(runner.run(0.2), np.float32(0.1) * np.float32([last + 1, last + 2]), rtol=1e-7)
        with self.assertRaisesRegex(bp.MathError, "as an index"):
            bm.for_loop(lambda i: i, bm.arange(last, last + 3))
        bm.enable_x64()
        self.addCleanup(bm.disable_x64)
        np.testing.assert_array_equal(bm.for_loop(lambda i: i, bm.arange(last, last + 3)), last + np.arange(3))

    def test_a_runner_in_a_compiled_function_and_in_a_body(self):
        one = Sum()
        runner = bp.DSRunner(one, inputs=("input", 1.), monitors=["x"], progress_bar=False)

        @bm.jit
        def twice():
            runner.run(0.5), runner.run(0.5)
            return one.x * 2.
        np.testing.assert_array_equal(twice(), np.full(4, 20.))
        with self.assertRaisesRegex(RuntimeError, "outside of traced bodies"):
            bm.for_loop(lambda i: runner.run(0.5), np.arange(2))

    def test_control_c_keeps_what_there_is(self):
        one = Sum(20000)
        one.update = lambda: setattr(one.x, "value", one.x + 1.)
        runner = bp.DSRunner(one, monitors=[("x", [0])], progress_bar=False)
        runner.run(1.)
        interrupt(self, lambda: runner.run(1e6), lambda: int(np.asarray(one.x)[0]) > 10)
        done = int(np.asarray(one.x)[0])
        self.assertEqual((runner.i0, len(runner.mon.ts), len(runner.mon["x"])), (done, done - 10, done - 10))
        self.assertEqual(runner.mon["x"][-1, 0], done)
        runner.run(0.1)
        self.assertEqual(runner.mon["x"][-1, 0], done + 1)

    def test_a_value_that_is_not_finite_is_told_once_with_its_name(self):
        one = Sum(3)
        one.x[:] = 1.
        one.update = lambda: setattr(one.x, "value", bm.sqrt(one.x - 0.3))
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            bp.DSRunner(one, progress_bar=False).run(10.)
        self.assertEqual(len(told), 1)
        self.assertRegex(str(told[0].message), rf"element 0 of {one.name}\.x is nan; the first .* in step \d+")
        self.assertEqual(told[0].filename, __file__)


if __name__ == "__main__":
    unittest.main()
