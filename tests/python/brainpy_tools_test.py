"""bp.init, bp.inputs, bp.measure, bp.encoding, bp.running, bp.checkpoints: BrainPy's values, laws, files that it reads and writes."""
import json
import math
import os
import pathlib
import sys
import tempfile
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

FOLDER = ROOT / "validation" / "brainpy_math"
REFERENCE = json.loads((FOLDER / "tools.json").read_text())["cases"]


def arrays():
    r = np.random.RandomState(3)
    return dict(S=r.rand(200, 6) < 0.05, V=np.round(r.normal(-60., 5., (200, 6)), 3).astype(np.float32),
                M=np.round(r.rand(4, 4), 3), N=np.round(r.rand(4, 4), 3), np=np)


def read(entry):
    if isinstance(entry, list):
        return [read(e) for e in entry]
    values = [t == "True" for t in entry["values"].split()] if entry["dtype"] == "bool" else [float(t) for t in entry["values"].split()]
    return np.asarray(values).reshape(entry["shape"]).astype(entry["dtype"])


class BrainPyTest(unittest.TestCase):
    def test_values_are_brainpys(self):
        self.assertGreater(len(REFERENCE), 30)
        for expression, entry in REFERENCE.items():
            with self.subTest(expression):
                ours, theirs = eval(expression, {"bp": bp, "bm": bm, **arrays()}), read(entry)
                for a, b in zip(ours, theirs) if isinstance(theirs, list) else [(ours, theirs)]:
                    a = np.asarray(a)
                    self.assertEqual(a.shape, b.shape)
                    # voltage_fluctuation: BrainPy's float32 mean of squares has three digits less than the variance
                    np.testing.assert_allclose(a, b, rtol=2e-3 if "fluctuation" in expression else 3e-6, atol=2e-6)

    def test_voltage_fluctuation_of_equal_and_independent_potentials(self):
        v = np.random.default_rng(1).normal(-60., 3., 4000)
        self.assertAlmostEqual(float(bp.measure.voltage_fluctuation(np.stack([v, v, v], axis=1))), 1., places=12)
        w = np.random.default_rng(2).normal(-60., 3., (4000, 50))
        self.assertLess(abs(float(bp.measure.voltage_fluctuation(w)) - 1 / 50), 0.002)
        self.assertEqual(float(bp.measure.voltage_fluctuation(np.ones((5, 2)))), 1.)


class InputsTest(unittest.TestCase):
    def test_wiener_process(self):
        bm.random.seed(3)
        w = np.asarray(bp.inputs.wiener_process(100., dt=0.1, n=50, t_start=10., t_end=90.))
        self.assertEqual(w.shape, (1000, 50))
        self.assertFalse(w[:100].any() or w[900:].any())
        self.assertLess(abs(np.var(w[100:900]) - 0.1), 5 * 0.1 * math.sqrt(2 / 40000))
        np.testing.assert_array_equal(*(np.asarray(bp.inputs.wiener_process(5., seed=1)) for _ in range(2)))

    def test_ornstein_uhlenbeck_process(self):
        """Mean, stationary variance sigma^2 tau/2 / (1 - dt/(2 tau)) and correlation (1 - dt/tau)^k of Euler's steps."""
        x = np.asarray(bp.inputs.ou_process(2., 0.5, 5., 200., dt=0.5, n=2000, seed=4), np.float64)[100:]
        variance = 0.25 * 5 / 2 / (1 - 0.05)
        self.assertLess(abs(x.mean() - 2.), 0.02)
        self.assertLess(abs(x.var() - variance), 0.02 * variance)
        gap = x - 2.
        self.assertLess(abs(np.mean(gap[:-10] * gap[10:]) / variance - 0.9 ** 10), 0.02)

    def test_messages(self):
        for make, text in ((lambda: bp.inputs.section_input([1.], [1., 2.]), "1 values for 2 durations"),
                           (lambda: bp.inputs.spike_input([1.], [1., 2.], 1., 5.), "1 pulses want as many"),
                           (lambda: bp.inputs.ramp_input(0., 1., 5., dt=0.), "time step must be positive")):
            with self.subTest(text), self.assertRaisesRegex(ValueError, text):
                make()


class InitialisersTest(unittest.TestCase):
    def test_laws(self):
        n = 200_000
        for make, mean, variance in ((lambda: bp.init.Normal(-65., 5., seed=1), -65., 25.), (lambda: bp.init.Uniform(-1., 3., seed=1), 1., 16 / 12),
                                     (lambda: bp.init.Gamma(2., 3., seed=1), 6., 18.), (lambda: bp.init.Exponential(4., seed=1), 4., 16.)):
            x = np.asarray(make()(n), np.float64)
            with self.subTest(repr(make())):
                self.assertLess(abs(x.mean() - mean), 5 * math.sqrt(variance / n))
                self.assertLess(abs(x.var() / variance - 1), 0.04)
                np.testing.assert_array_equal(np.asarray(make()((3, 2))), np.asarray(make()((3, 2))))

    def test_variances_of_weights(self):
        inputs, outputs = 300, 400
        for name, variance in (("KaimingUniform", 2 / 300), ("KaimingNormal", 2 / 300), ("XavierUniform", 2 / 700), ("XavierNormal", 2 / 700),
                               ("LecunUniform", 1 / 300), ("LecunNormal", 1 / 300)):
            w = np.asarray(getattr(bp.init, name)(seed=2)((inputs, outputs)), np.float64)
            with self.subTest(name):
                self.assertLess(abs(w.var() / variance - 1), 0.02)
                most = math.sqrt(3 * variance) if "Uniform" in name else 2 * math.sqrt(variance) / 0.87962566
                self.assertLessEqual(np.abs(w).max(), most * (1 + 1e-6))
        w = np.asarray(bp.init.VarianceScaling(3., "fan_out", "normal", seed=1)((5, 300, 400)), np.float64)
        self.assertLess(abs(w.var() / (3 / 2000) - 1), 0.02)

    def test_orthogonal(self):
        wide = np.asarray(bp.init.Orthogonal(2., seed=1)((3, 5)), np.float64)
        np.testing.assert_allclose(wide @ wide.T, 4 * np.eye(3), atol=1e-5)
        tall = np.asarray(bp.init.Orthogonal(seed=1)((5, 3)), np.float64)
        np.testing.assert_allclose(tall.T @ tall, np.eye(3), atol=1e-5)
        kernel = np.asarray(bp.init.DeltaOrthogonal()((3, 4, 4)), np.float64)
        self.assertFalse(kernel[0].any() or kernel[2].any())
        np.testing.assert_allclose(kernel[1] @ kernel[1].T, np.eye(4), atol=1e-5)

    def test_parameters_and_variables(self):
        self.assertEqual(bp.init.parameter(3., (5,)), 3.)
        self.assertEqual(bp.init.parameter(bp.init.Uniform(), (5,)).shape, (5,))
        self.assertIsInstance(bp.init.variable_(bm.zeros, (4,)), bm.Variable)
        kind, steps, delay = bp.init.delay(3, bm.Variable(bm.zeros(2)))
        self.assertEqual((kind, steps, delay.num_delay_step), ("homo", 3, 4))
        self.assertEqual(bp.init.delay(None, bm.zeros(2)), ("none", None, None))

    def test_messages(self):
        for make, text in ((lambda: bp.init.XavierNormal()(5), r"wants a shape \(inputs, outputs\)"),
                           (lambda: bp.init.Identity()((2, 3, 4)), "one or two axes"),
                           (lambda: bp.init.VarianceScaling(1., "fan", "normal"), "mode is one of"), (lambda: bp.init.Clip(3.), "wants an initialiser"),
                           (lambda: bp.init.DeltaOrthogonal()((3, 5, 4)), "at least as many outputs as inputs")):
            with self.subTest(text), self.assertRaisesRegex(ValueError, text):
                make()


class EncodingTest(unittest.TestCase):
    def test_poisson(self):
        bm.random.seed(1)
        spikes = np.asarray(bp.encoding.PoissonEncoder(0., 10.)(bm.asarray([1., 5., 9.]), 20000))
        self.assertEqual(set(np.unique(spikes)), {0., 1.})
        np.testing.assert_allclose(spikes.mean(axis=0), [0.1, 0.5, 0.9], atol=0.015)

    def test_phases_give_the_value_back(self):
        x = np.array([0.1, 0.37, 0.9])
        encoder = bp.encoding.WeightedPhaseEncoder(0., 1., 8)
        spikes = np.asarray(encoder(bm.asarray(x), 8))
        np.testing.assert_allclose((spikes * 2. ** -np.arange(1, 9)[:, None]).sum(axis=0) / encoder.scale, x, atol=2 ** -8 / encoder.scale)

    def test_latency_over_steps(self):
        spikes = np.asarray(bp.encoding.LatencyEncoder(0., 1., 5)(bm.asarray([0., 0.5, 1.]), bm.arange(10)))
        np.testing.assert_array_equal(np.argmax(spikes, axis=0), [4, 2, 0])
        np.testing.assert_array_equal(spikes.sum(axis=0), [2, 2, 2])


class LfpTest(unittest.TestCase):
    def test_one_spike_is_a_gaussian(self):
        times, spikes = np.arange(0., 40., 0.1), np.zeros((400, 1), bool)
        spikes[100] = True
        lfp = np.asarray(bp.measure.unitary_LFP(times, spikes, seed=1), np.float64)
        peak = times[np.argmax(lfp)]
        self.assertLess(abs(peak - 20.4), 0.15)  # 10 ms, 10.4 ms and at most 0.15 mm at 200 mm/s
        np.testing.assert_allclose(lfp, lfp.max() * np.exp(-(times - peak) ** 2 / (2 * 3.15 ** 2)), atol=0.03 * lfp.max())
        self.assertTrue(0.48 * math.exp(-0.1414 / 0.2) < lfp.max() < 0.48)


def square_of(x, y=0.):
    return {"z": x * x + y}


def with_lock(x, lock):
    with lock:
        return x + 1


class RunningTest(unittest.TestCase):
    def test_maps(self):
        out = bp.running.jax_vectorize_map(square_of, {"x": bm.asarray([1., 2., 3.]), "y": np.ones(3)}, num_parallel=2)
        np.testing.assert_allclose(np.asarray(out["z"]), [2., 5., 10.])
        out = bp.running.jax_parallelize_map(lambda x: x * 2., [bm.asarray([1., 2.])], num_parallel=1)
        np.testing.assert_allclose(np.asarray(out), [2., 4.])
        with self.assertRaisesRegex(ValueError, "as many values"):
            bp.running.jax_vectorize_map(square_of, {"x": [1.], "y": [1., 2.]}, 1)

    def test_processes(self):
        out = bp.running.process_pool(square_of, [(2.,), {"x": 3., "y": 1.}], 2)
        self.assertEqual([o["z"] for o in out], [4., 10.])
        self.assertEqual(bp.running.process_pool_lock(with_lock, [(1,), (5,)], 2), [2, 6])
        self.assertEqual(bp.running.cpu_ordered_parallel(pow, [[2, 3, 4], [5, 2, 1]], num_process=2), [32, 9, 4])
        self.assertEqual(sorted(bp.running.cpu_unordered_parallel(pow, [[2, 3, 4], [5, 2, 1]], num_process=2)), [4, 9, 32])
        with self.assertRaisesRegex(ValueError, "parameters of a job are"):
            bp.running.process_pool(square_of, [3.], 1)


class Model(bp.BrainPyObject):
    def __init__(self):
        super().__init__(name=f"Model{id(self)}")
        self.a, self.n = bm.Variable(bm.asarray([1., 2.])), bm.Variable(bm.asarray([3, 4]))


class CheckpointsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_states_in_every_format(self):
        for ending in (".npz", ".pkl", ".h5", ".mat"):
            with self.subTest(ending):
                if ending in (".h5", ".mat"):
                    try:
                        __import__("h5py" if ending == ".h5" else "scipy.io")
                    except ImportError:
                        self.skipTest("a package is not here")
                model = Model()
                model.save_states(self.path("states" + ending))
                model.a[:], model.n[:] = 0., 0
                model.load_states(self.path("states" + ending))
                np.testing.assert_array_equal(np.asarray(model.a), [1., 2.])
                np.testing.assert_array_equal(np.asarray(model.n), [3, 4])

    def test_one_variable_under_two_names(self):
        v = bm.Variable(bm.asarray([1., 2.]))

        class Two:
            name = "two"

            def vars(self):
                return {"first": v, "second": v}
        bp.checkpoints.save_as_npz(self.path("two.npz"), Two().vars())
        with np.load(self.path("two.npz")) as file:
            self.assertEqual(set(file.files), {"first", "duplicate_keys", "duplicate_targets"})
        v[:] = 0.
        bp.checkpoints.load_by_npz(self.path("two.npz"), Two())
        np.testing.assert_array_equal(np.asarray(v), [1., 2.])

    def test_a_tree_that_brainpy_wrote(self):
        tree = bp.checkpoints.load_pytree(str(FOLDER / "tree.bp"))
        np.testing.assert_array_equal(tree["w"], np.array([1., 2.5], np.float32))
        np.testing.assert_array_equal(tree["n"]["b"], [True, False])
        self.assertEqual((tree["l"], tree["f"], tree["n"]["i"].dtype), ({"0": 1, "1": 2.5, "2": "text"}, 0.5, np.int32))

    def test_the_same_bytes_as_brainpy(self):
        bp.checkpoints.save_pytree(self.path("tree.bp"), {
            "w": bm.asarray([1., 2.5]), "n": {"i": np.arange(3, dtype=np.int32), "b": np.array([True, False])}, "l": [1, 2.5, "text"],
            "f": np.float32(0.5)})
        self.assertEqual(pathlib.Path(self.path("tree.bp")).read_bytes(), (FOLDER / "tree.bp").read_bytes())

    def test_round_trips(self):
        rng = np.random.default_rng(1)
        tree = {"a": rng.normal(size=(300, 70)), "e": np.zeros((0, 3)), "s": "x" * 300, "b": b"\x00" * 70000, "i": [0, -1, 127, 128, -33, 2 ** 40],
                "none": None, "many": {str(k): k for k in range(1000)}, "c": 1 + 2j, "flag": True}
        bp.checkpoints.save_pytree(self.path("t.bp"), tree)
        back = bp.checkpoints.load_pytree(self.path("t.bp"))
        np.testing.assert_array_equal(back["a"], tree["a"])
        self.assertEqual((back["e"].shape, back["s"], back["b"], back["none"], back["c"], back["flag"]), ((0, 3), "x" * 300, tree["b"], None, 1 + 2j, True))
        self.assertEqual([back["i"][str(k)] for k in range(6)], tree["i"])
        self.assertEqual(back["many"], tree["many"])

    def test_steps_of_a_folder(self):
        folder = self.path("runs")
        for step in (1, 2, 3, 10):
            bp.checkpoints.save(folder, {"x": np.full(2, float(step))}, step, keep=2)
        self.assertEqual(sorted(os.listdir(folder)), ["checkpoint_10", "checkpoint_3"])
        self.assertEqual(bp.checkpoints.load(folder)["x"][0], 10.)
        self.assertEqual(bp.checkpoints.load(folder, step=3)["x"][0], 3.)
        with self.assertRaisesRegex(ValueError, "has the later step 10"):
            bp.checkpoints.save(folder, {}, 4)
        with self.assertRaisesRegex(ValueError, "has no step 5; there are 3, 10"):
            bp.checkpoints.load(folder, step=5)
        with self.assertRaisesRegex(ValueError, r"shape \(2,\) where \(3,\) is wanted"):
            bp.checkpoints.load(folder, target={"x": np.zeros(3)})
        model = Model()
        bp.checkpoints.save(folder, model.state_dict(), 11)
        model.a[:] = 0.
        model.load_state_dict(bp.checkpoints.load(folder))
        np.testing.assert_array_equal(np.asarray(model.a), [1., 2.])

    def test_messages(self):
        c = bp.checkpoints
        pathlib.Path(self.path("bad.bp")).write_bytes(b"\x82\xa1")
        for make, kind, text in ((lambda: c.save_as_npz("x.h5", {}), ValueError, "ends with .npz"),
                                 (lambda: c.load_pytree(self.path("no")), ValueError, "there is no file"),
                                 (lambda: c.load_pytree(self.path("bad.bp")), ValueError, "is cut off"),
                                 (lambda: c.save_pytree(self.path("bad.bp"), {}, overwrite=False), ValueError, "is there already"),
                                 (lambda: c.save_pytree(self.path("x.bp"), {"f": print}), TypeError, "cannot be kept"),
                                 (lambda: c.AsyncManager, bp.UnsupportedError, "returns when the file is written")):
            with self.subTest(text), self.assertRaisesRegex(kind, text):
                make()
        np.savez(self.path("other.npz"), what=np.zeros(2))
        with self.assertRaisesRegex(KeyError, "which is no Variable"):
            c.load_by_npz(self.path("other.npz"), Model())


class CheckTest(unittest.TestCase):
    def test_what_is_right_comes_back(self):
        c, mode, v = bp.check, bm.nonbatching_mode, bm.Variable(bm.zeros(2))
        for found, wanted in ((c.is_float(2, "x", 0., 2.), 2), (c.is_integer(np.int64(3)), 3), (c.is_string("a", candidates=("a", "b")), "a"),
                              (c.is_callable(len), len), (c.is_sequence([1, 2], elem_type=int), [1, 2]), (c.is_dict_data({"a": 1}, str, int), {"a": 1}),
                              (c.is_float(None, allow_none=True), None), (c.is_subclass(mode, (bm.NonBatchingMode, bm.TrainingMode)), mode),
                              (c.is_all_vars(v), (v,)), (c.is_all_vars({"a": v}, out_as="dict"), {"a": v}), (c.is_elem_or_seq_or_dict(None, int, "list"), [])):
            self.assertEqual(found, wanted) if not isinstance(found, (tuple, dict)) else self.assertEqual(len(found), len(wanted))
        one = bp.init.OneInit()
        self.assertIs(c.is_initializer(one), one)

    def test_what_is_wrong_is_named(self):
        c = bp.check
        for ask, error, text in (
                (lambda: c.is_float("3", "tau"), ValueError, r"'tau' must be a number, not '3' \(str\)"),
                (lambda: c.is_float(3, "tau", allow_int=False), ValueError, "'tau' must be a number"),
                (lambda: c.is_float(3., "tau", min_bound=4.), ValueError, "'tau' must be at least 4.0, not 3.0"),
                (lambda: c.is_integer(3., "n"), ValueError, "'n' must be a whole number"),
                (lambda: c.is_integer(None, "n"), ValueError, "'n' must be a whole number, not None"),
                (lambda: c.is_string("c", "kind", ("a", "b")), ValueError, "'kind' must be one of 'a', 'b', not 'c'"),
                (lambda: c.is_callable(3, "f"), ValueError, "'f' must be a function"),
                (lambda: c.is_initializer(3., "V"), ValueError, "'V' must be an initializer of bp.init"),
                (lambda: c.is_sequence([1, "a"], elem_type=int), ValueError, "a list or a tuple of"),
                (lambda: c.is_subclass(bm.batching_mode, bm.NonBatchingMode, "X"), NotImplementedError, "X supports NonBatchingMode, not"),
                (lambda: c.is_all_vars([3]), ValueError, "neither one of")):
            with self.assertRaisesRegex(error, text):
                ask()

    def test_annotations(self):
        from ranvier.brainpy.types import ArrayType, Shape

        def f(x: ArrayType, size: Shape = 3):
            return x
        self.assertEqual(f(2), 2)


class OverTimeTest(unittest.TestCase):
    def test_what_is_wrong(self):
        lif = bp.dyn.Lif(2)
        for make, error, text in ((lambda: bp.LoopOverTime(3), TypeError, "must be a DynamicalSystem, not a int"),
                                  (lambda: bp.LoopOverTime(lif, out_vars=[3]), TypeError, "out_vars are Variables"),
                                  (lambda: bp.LoopOverTime(lif, data_first_axis="N"), ValueError, "'B' .batch. or 'T'"),
                                  (lambda: bp.LoopOverTime(bp.dnn.Dense(2, 2), no_state=True)(1.), ValueError, "must be inputs, not a duration"),
                                  (lambda: bp.LoopOverTime(bp.dyn.Lif(2, mode=bm.batching_mode))(bm.ones(3)), ValueError, "the axes .time, batch, ...")):
            with self.assertRaisesRegex(error, text):
                make()


if __name__ == "__main__":
    unittest.main()
