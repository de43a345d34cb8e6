"""The cases of brainpy_parts_test.py as compiled programs: all steps by bm.for_loop, and by bp.DSRunner with and without compilation."""
import pathlib
import sys
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "validation" / "brainpy_parts"))
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from cases import cases, DT, inputs  # noqa: E402
from compare import difference, kept, read, run  # noqa: E402

TOLERANCE = 1e-9  # as in brainpy_parts_test.py: rounding only
BATCHED = ("dyn.LifRef", "dyn.AdExIFLTC", "dyn.HH", "dyn.CondNeuGroupLTC", "ions.thalamus", "neurons.LIF", "dyn.Expon", "dyn.NMDA", "dyn.STP",
           "dyn.ProjAlignPostMg1, COBA", "dyn.ProjAlignPostMg2, delay 1.25", "dyn.ProjAlignPreMg1, DualExpon, delay 1.25",
           "synapses.Delta", "synapses.Delta, all, others", "synapses.Exponential, STD", "synapses.AMPA", "rates.FHN", "dnn layers")
class Whole(bp.DynSysGroup):
    """A case as a network for a runner: its inputs are read at the step's number."""

    def __init__(self, case):
        super().__init__()
        self.advance, self.read, self.systems = case(bp, bm)
        self.x, self.s = (bm.asarray(part) for part in inputs())

    def update(self):
        i = bp.share["i"]
        self.advance(self.x[i], self.s[i])

    def clear_input(self):
        pass  # each case does so itself


def by_runner(case, jit):
    """The case's variables of all steps, by a runner."""
    whole = Whole(case)
    share_what_a_step_needs()
    whole.update()  # so that what a step makes is there when the names are asked for
    names = list(whole.read())
    whole = Whole(case)
    monitors = {name: reader(whole, name) for name in names}
    runner = bp.DSRunner(whole, monitors=monitors, dt=DT, jit=jit, progress_bar=False)
    runner.run(len(whole.x) * DT)
    return {name: np.asarray(runner.mon[name]) for name in names}


def reader(whole, name):
    return lambda: whole.read()[name]


def share_what_a_step_needs():
    bp.share.save(i=0, t=0., dt=DT)


class CompiledPartsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.reference, _ = read(ROOT / "validation" / "brainpy_parts" / "reference.npz")
        bm.enable_x64()

    @classmethod
    def tearDownClass(cls):
        bm.disable_x64()

    def test_every_case_follows_brainpy(self):
        worst = {}
        for name, case in cases().items():
            with self.subTest(name):
                trace, states = run(case, bp, bm, bm.for_loop)
                ours = {**{f"{name}/{key}": kept(v) for key, v in trace.items()}, **{f"{name}//{key}": v for key, v in states.items()}}
                self.assertEqual(set(ours), {key for key in self.reference if key.startswith(name + "/")})
                worst[name] = max(difference(value, self.reference[key]) for key, value in ours.items())
                self.assertLessEqual(worst[name], TOLERANCE)
        at = max(worst, key=worst.get)
        print(f"{len(worst)} cases compiled; largest difference {worst[at]:.1e}, {at}")

    def test_a_runner_compiles_every_case(self):
        for name, case in cases().items():
            with self.subTest(name):
                for key, value in by_runner(case, jit=True).items():
                    self.assertLessEqual(difference(kept(value), self.reference[f"{name}/{key}"]), TOLERANCE, key)

    def test_a_batch_is_its_networks_one_by_one(self):
        x, s = inputs()
        pair = [(x[:100], s[:100]), (0.9 * x[:100], s[100:200])]
        for name in BATCHED:
            with self.subTest(name):
                alone = [self.of(name, bm.NonBatchingMode(), *one) for one in pair]
                both = self.of(name, bm.BatchingMode(2), *(np.stack(part, axis=1) for part in zip(*pair)))
                for key, values in both.items():
                    for k in range(2):
                        np.testing.assert_allclose(values[:, k], alone[k][key], rtol=1e-12, atol=1e-12, err_msg=key)

    def test_a_batch_that_is_reset_to_another_size_is_a_new_one(self):
        x, s = (np.stack([part[:100], part[100:200]], axis=1) for part in inputs())
        for name in BATCHED:
            with self.subTest(name):
                if name == "dnn layers":  # without states
                    continue
                new = self.of(name, bm.BatchingMode(2), x, s)
                for key, values in self.of(name, bm.BatchingMode(1), x, s, reset=2).items():
                    np.testing.assert_array_equal(values, new[key], err_msg=key)

    def of(self, name, mode, x, s, reset=None):
        """The traces of a case in a mode; reset: the batch that its systems are reset to before."""
        with bm.environment(mode=mode):
            advance, read, systems = cases()[name](bp, bm)
            if reset is not None:
                self.assertTrue(systems)
                for system in systems:
                    system.reset(reset)

            def step(i, x_now, s_now):
                bp.share.save(i=i, t=i * DT, dt=DT)
                advance(x_now, s_now)
                return read()
            out = bm.for_loop(step, (bm.arange(len(x)), bm.asarray(x), bm.asarray(s)))
        return {key: np.asarray(value) for key, value in out.items()}


if __name__ == "__main__":
    unittest.main()
