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


if __name__ == "__main__":
    unittest.main()
