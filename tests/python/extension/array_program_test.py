"""ranvier._core.ArrayProgram against NumPy, and what it says to wrong arguments."""
import os
import threading
import unittest

import numpy as np

from interrupting import interrupt
import ranvier
from ranvier._core import ArrayProgram


def decay(precision="f64", size=100, **options):
    """v <- 0.9 v + 1, and whether v > 5."""
    p = ArrayProgram(precision)
    v = p.array("v", size, initial=np.linspace(0, 5, size))
    up = p.array("up", size, kind="bool")
    k = p.kernel("decay", size)
    new = k.op("add", k.op("mul", k.load(v), k.literal(0.9)), k.literal(1.0))
    k.store(v, new)
    k.store(up, k.op("gt", new, k.literal(5.0)))
    p.compile(**options)
    return p, v, up


class Values(unittest.TestCase):
    def test_a_run_is_what_numpy_computes(self):
        for precision, dtype, tolerance in (("f64", np.float64, 1e-14), ("f32", np.float32, 1e-6)):
            p, v, up = decay(precision)
            frames, ups = p.run(20, monitors=[(v, 1), (up, 5)])
            self.assertEqual((frames.shape, frames.dtype, ups.shape, ups.dtype), ((20, 100), dtype, (4, 100), np.bool_))
            x = np.linspace(0, 5, 100)
            for step in range(20):
                x = 0.9 * x + 1
                np.testing.assert_allclose(frames[step], x, rtol=tolerance)
                if step % 5 == 4:
                    clear = np.abs(x - 5) > 1e-5
                    np.testing.assert_array_equal(ups[step // 5][clear], x[clear] > 5)
            np.testing.assert_array_equal(p.get(v), frames[-1])
            self.assertEqual(p.done, 20)

    def test_state_stays_between_runs_and_can_be_set(self):
        p, v, _ = decay()
        p.run(7)
        p.run(13, first_step=7)
        q, w, _ = decay()
        q.run(20)
        np.testing.assert_array_equal(p.get(v), q.get(w))
        p.set(v, np.arange(100, dtype=np.int16))
        np.testing.assert_array_equal(p.get(v), np.arange(100.0))

    def test_propagation_in_all_its_forms(self):
        rng = np.random.default_rng(3)
        dense = (rng.random((60, 80)) < 0.2)
        indptr = np.concatenate([[0], np.cumsum(dense.sum(1))])
        indices = np.nonzero(dense)[1]
        weights = rng.normal(size=len(indices))
        matrix = np.zeros((60, 80))
        matrix[np.nonzero(dense)] = weights
        spikes, x = rng.random(60) < 0.3, rng.normal(size=60)
        p = ArrayProgram("f64")
        s, r = p.array("s", 60, "bool", spikes), p.array("x", 60, "real", x)
        plastic = p.array("w", len(indices), initial=weights)
        cases = [(s, 0.5, 0.5 * spikes @ dense), (s, weights, spikes @ matrix), (s, plastic, spikes @ matrix),
                 (r, 0.5, 0.5 * x @ dense), (r, weights, x @ matrix), (r, plastic, x @ matrix)]
        targets = []
        for source, w, _ in cases:
            targets.append(p.array(f"t{len(targets)}", 80))
            p.propagate(source, 0, 60, indptr, indices, 80, w, targets[-1])
        targets.append(p.array("d", 80, initial=1.0))
        p.dense(r, 0, matrix, targets[-1], accumulate=True)
        p.compile(threads=2)
        p.run(1)
        for target, expected in zip(targets, [c[2] for c in cases] + [1 + x @ matrix]):
            np.testing.assert_allclose(p.get(target), expected, rtol=1e-12, atol=1e-12)

    def test_gather_scatter_reduce_ring_and_repeat(self):
        x = np.arange(12.0)
        p = ArrayProgram("f64")
        a, g, t = p.array("a", 12, initial=x), p.array("g", 5), p.array("t", 12)
        p.gather(a, [11, 0, -1 % 12, 3, 3], g)
        p.scatter(t, np.array([1, 1, 2, 3, 4]), g, "add")
        total, mean = p.array("total", 1), p.array("mean", 4)
        p.reduce("sum", a, 0, 12, total)
        p.segment_reduce("mean", a, 3, 4, 0, mean)
        ring, old = p.ring(12, 3, initial=np.full(12, -1.0)), p.array("old", 12)
        p.delay_write(ring, a)
        p.delay_read(ring, 2, old)
        k = p.kernel("add", 12)
        k.store(a, k.op("add", k.load(a), k.literal(1.0)))
        n, go = p.array("n", 1), p.array("go", 1, "bool", True)
        p.repeat(100, go)
        k = p.kernel("count", 1)
        one = k.op("add", k.load(n), k.literal(1.0))
        k.store(n, one)
        k.store(go, k.op("lt", one, k.literal(7.0)))
        p.end()
        p.compile()
        olds, = p.run(4, monitors=[(old, 1)])
        np.testing.assert_array_equal(olds, [np.full(12, -1.0), np.full(12, -1.0), x, x + 1])
        np.testing.assert_array_equal(p.get(g), np.array([11, 0, 11, 3, 3]) + 3)
        np.testing.assert_array_equal(p.get(total), [x.sum() + 36])
        np.testing.assert_array_equal(p.get(mean), (x + 3).reshape(3, 4).mean(0))
        np.testing.assert_array_equal(p.get(n), [7])
        self.assertEqual(p.get(t)[1], sum(11 + s + 0 + s for s in range(4)))

    def test_the_same_bits_for_threads_lanes_and_the_interpreter(self):
        def result(**options):
            p = ArrayProgram("f32")
            v = p.array("v", 300)
            k = p.kernel("noise", 300)
            noise = k.op("mul", k.random("normal", 1), k.op("exp", k.random("uniform", 2)))
            k.store(v, k.op("add", k.op("mul", k.load(v), k.literal(0.95)), noise))
            p.compile(seed=7, **options)
            return p.run(50, monitors=[(v, 10)])[0]

        first = result()
        self.assertGreater(first.std(), 0.5)
        for options in ({"threads": 2}, {"threads": 3}, {"lanes": 1}, {"lanes": 4}, {"interpreter": True}):
            np.testing.assert_array_equal(result(**options).view(np.uint32), first.view(np.uint32), err_msg=str(options))


class Refusals(unittest.TestCase):
    def refused(self, text, call, *args, **options):
        with self.assertRaises(ranvier.UserError) as raised:
            call(*args, **options)
        self.assertIn(text, str(raised.exception))
        self.assertIsInstance(raised.exception, ValueError)
        self.assertIsInstance(raised.exception, ranvier.Error)

    def test_shapes_types_and_numbers(self):
        p = ArrayProgram()
        v = p.array("v", 4)
        self.refused("give \"f32\" or \"f64\"", ArrayProgram, "f16")
        self.refused("there is no 'complex'", p.array, "x", 3, "complex")
        self.refused("is negative", p.array, "x", -3)
        self.refused("has the shape (2, 2)", p.array, "x", 4, initial=np.zeros((2, 2)))
        self.refused("holds complex128", p.array, "x", 4, initial=np.zeros(4, complex))
        self.refused("holds <U1", p.array, "x", 1, initial=["a"])
        self.refused("whole numbers", p.gather, v, np.zeros(4), v)
        self.refused("do not fit int32", p.propagate, v, 0, 1, [0, 1], np.array([2**40]), 4, 1.0, v)
        self.refused("7", p.kernel("k", 4).load, 7)
        self.refused("nothing", p.kernel("k", 4).op, "nothing")
        self.assertEqual(p.find("absent"), -1)

    def test_a_weight_is_a_float_of_any_width_and_not_a_truth_value(self):
        for weight in (0.5, np.float32(0.5), np.float64(0.5)):
            p = ArrayProgram("f64")
            source, target = p.array("source", 2, kind="bool", initial=[1, 1]), p.array("target", 2)
            p.propagate(source, 0, 2, [0, 1, 3], [1, 0, 1], 2, weight, target)
            p.compile()
            p.run(1)
            np.testing.assert_array_equal(p.get(target), [0.5, 1.0])
        p = ArrayProgram("f64")
        source, target = p.array("source", 1, kind="bool"), p.array("target", 1)
        for weight in (True, np.True_):
            with self.assertRaisesRegex(ranvier.UserError, "propagate: weights"):
                p.propagate(source, 0, 1, [0, 1], [0], 1, weight, target)

    def test_views_that_are_not_contiguous_or_read_only_are_taken(self):
        p = ArrayProgram("f64")
        backwards = np.arange(8.0)[::-2]
        backwards.flags.writeable = False
        v = p.array("v", 4, initial=backwards)
        np.testing.assert_array_equal(p.get(v), [7, 5, 3, 1])

    def test_numbers_of_numpy_are_numbers(self):
        p = ArrayProgram("f64")
        v, w = p.array("v", 3, initial=[1, 2, 3]), p.array("w", 3)
        p.gather(v, np.int64(p.array("index", 3, kind="int", initial=[2, 1, 0])), w)
        p.propagate(v, 0, 3, [0, 1, 2, 3], [0, 1, 2], 3, np.array(0.5), w, accumulate=True)
        each = p.array("each", 3, initial=[1, 10, 100])
        p.propagate(v, 0, 3, [0, 1, 2, 3], [0, 1, 2], 3, np.int32(each), w, accumulate=True)
        p.compile(seed=np.uint64(2**64 - 1))
        p.run(1)
        np.testing.assert_array_equal(p.get(w), [3 + 0.5 + 1, 2 + 1 + 20, 1 + 1.5 + 300])

    def test_wrong_numbers_are_told(self):
        p = ArrayProgram()
        v = p.array("v", 3)
        for f, words in ((lambda: p.array("n", 2, initial=[0, np.nan]), "element 1 is NaN"), (lambda: p.compile(seed=2**64), "no seed"),
                         (lambda: p.compile(seed=1.5), "no seed"), (lambda: p.propagate(v, 0, 3, [0, 1, 2, 3], [0, 1, 2], 3, -1, v), "handle")):
            with self.assertRaisesRegex(ranvier.UserError, words):
                f()

    def test_a_value_that_is_not_finite_is_reported(self):
        p = ArrayProgram()
        v = p.array("v", 3, initial=[1, 0, 2])
        k = p.kernel("k", 3)
        k.store(v, k.op("div", k.literal(1.0), k.load(v)))
        p.compile()
        p.run(2)
        bad = p.report()
        self.assertEqual((bad["array"], bad["element"], bad["step"]), ("v", 1, 0))
        self.assertTrue(np.isinf(bad["value"]))


class Endings(unittest.TestCase):
    def test_progress_can_end_a_run(self):
        p, v, _ = decay(size=10000)
        frames, = p.run(10_000_000, monitors=[(v, 1_000_000)], progress=lambda done, total: done < 1000)
        self.assertLess(p.done, 10_000_000)
        self.assertEqual(len(frames), p.done // 1_000_000)

    def test_control_c_keeps_what_there_is(self):
        p, v, _ = decay(size=10000)
        interrupt(self, lambda: p.run(10_000_000_000, monitors=[(v, 100_000)]), lambda: p.done)
        self.assertLess(p.done, 10_000_000_000)
        self.assertEqual(len(p.frames[0]), p.done // 100_000)

    def test_an_error_in_progress_arrives(self):
        def fails(done, total):
            raise LookupError("mine")
        p, _, _ = decay()
        with self.assertRaisesRegex(LookupError, "mine"):
            p.run(100, progress=fails)

    def test_two_threads_cannot_share_one(self):
        p, v, _ = decay(size=10000)
        begun, stop = threading.Event(), threading.Event()
        runner = threading.Thread(target=lambda: p.run(1_000_000_000_000, progress=lambda done, total: begun.set() or not stop.is_set()))
        runner.start()
        begun.wait()
        try:
            with self.assertRaises(ranvier.UserError):
                p.run(1)
        finally:
            stop.set()
            runner.join()

    def test_a_forked_process_is_told_to_make_its_own(self):
        p, _, _ = decay(threads=2)
        p.run(10)
        child = os.fork()
        if child == 0:
            try:
                p.run(1)
            except ranvier.UserError as error:
                os._exit(0 if "fork" in str(error) else 3)
            os._exit(4)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)


if __name__ == "__main__":
    unittest.main()
