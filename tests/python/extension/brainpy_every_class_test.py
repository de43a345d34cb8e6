"""Every group, channel and synapse of bp.dyn, bp.neurons, bp.rates and bp.channels: made, updated, reset, and run by bp.DSRunner, compiled and not.

Projections, layers and the synapses of the old interface are in validation/brainpy_parts/networks.py."""
import inspect
import unittest

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm

N, STEPS = 4, 40
DRAWS = ("PoissonGroup", "OUProcess")  # compiled runs draw other numbers than uncompiled ones
GIVEN = {"SpikeTimeGroup": {"indices": [0, 2], "times": [0.5, 1.]}, "PoissonGroup": {"freqs": 200.},
         "FractionalFHR": {"alpha": 0.9, "num_memory": 30}, "FractionalIzhikevich": {"alpha": 0.9, "num_memory": 100}}
BASES = {"NeuDyn", "NeuGroup", "NeuGroupNS", "SynDyn", "IonChaDyn", "Dynamic", "Projection", "GradNeuDyn", "HHTypedNeuron", "SynOut", "SynConn", "Ion",
         "Calcium", "Potassium", "Sodium", "IonChannel", "CalciumChannel", "PotassiumChannel", "SodiumChannel", "LeakyChannel", "RateModel",
         "FractionalNeuron", "TwoEndConn", "SynSTP", "Layer"}


def classes(*modules):
    found = {}
    for module in modules:
        for name, cls in vars(module).items():
            if inspect.isclass(cls) and issubclass(cls, bp.DynamicalSystem) and name not in BASES and not name.startswith("_"):
                found.setdefault(cls, name)
    return {name: cls for cls, name in found.items()}


def groups():
    return {name: cls for name, cls in classes(bp.dyn, bp.neurons, bp.rates).items() if issubclass(cls, bp.dyn.NeuDyn)}


def made(cls, name):
    bm.random.seed(3)
    return cls(N, **GIVEN.get(name, {}))


class Driven(bp.DynSysGroup):
    """A group with an input where it takes one; what it gives is kept."""

    def __init__(self, group):
        super().__init__()
        self.group, self.given = group, bm.Variable(bm.zeros(N))

    def update(self):
        takes = list(inspect.signature(type(self.group).update).parameters.values())[1:]
        size = 0.05 if isinstance(self.group, bp.rates.RateModel) else 1.
        alone = not takes or isinstance(self.group, bp.neurons.PinskyRinzelModel)
        out = self.group() if alone else self.group((5. + bm.arange(N)) * size)
        self.given.value = bm.asarray(self.group.Vs if out is None else out, dtype=bm.float_) + bm.zeros(N)


def run(cls, name, jit):
    net = Driven(made(cls, name))
    runner = bp.DSRunner(net, monitors=["given"], jit=jit, progress_bar=False)
    runner.run(STEPS * 0.1)
    return net, runner.mon["given"]


class EveryClassTest(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()
        bm.set_dt(0.1)

    def tearDown(self):
        bm.disable_x64()

    def test_groups_run_and_run_again_alike_after_a_reset(self):
        self.assertGreater(len(groups()), 55)
        for name, cls in groups().items():
            with self.subTest(name):
                (_, slow), (net, fast) = run(cls, name, False), run(cls, name, True)
                self.assertTrue(np.all(np.isfinite(fast)))
                if name not in DRAWS:
                    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-12)
                states = [tuple(v.shape) for v in net.group.vars().values()]
                net.group.reset()
                self.assertEqual([tuple(v.shape) for v in net.group.vars().values()], states)
                if name in DRAWS or "Fractional" in name:
                    continue
                bm.random.seed(3)
                net.group.reset()
                fresh = made(cls, name)
                for key, variable in net.group.vars(method="relative").items():
                    np.testing.assert_array_equal(np.asarray(variable), np.asarray(fresh.vars(method="relative")[key]), err_msg=key)

    def test_channels_start_at_their_steady_state_and_stay_there(self):
        rest = bm.asarray(np.linspace(-75., -55., N))
        for name, cls in classes(bp.channels).items():
            if not issubclass(cls, bp.dyn.IonChannel):
                continue
            with self.subTest(name):
                channel = cls(N)
                of = cls.master_type
                info = () if of is bp.dyn.HHTypedNeuron else ({"C": 1e-3, "E": 100.}, {"C": 1e-3, "E": -90.}) if name == "IAHP_De1994v2" else (1e-3, 100.)
                channel.reset_state(rest, *info)
                before = {key: np.array(v) for key, v in channel.vars(method="relative").items()}
                bp.share.save(t=0., i=0, dt=0.1)
                channel.update(rest, *info)
                for key, variable in channel.vars(method="relative").items():
                    np.testing.assert_allclose(np.asarray(variable), before[key], rtol=1e-9, atol=1e-12, err_msg=key)
                self.assertEqual(np.shape(channel.current(rest, *info)), (N,))

    def test_synapses_run(self):
        for name, cls in classes(bp.dyn).items():
            if issubclass(cls, bp.dyn.SynDyn):
                with self.subTest(name):
                    (_, slow), (_, fast) = run(cls, name, False), run(cls, name, True)
                    np.testing.assert_allclose(fast, slow, rtol=1e-9, atol=1e-12)

    def test_jit_step_run_is_step_run(self):
        plain, compiled = made(bp.dyn.LifRef, "LifRef"), made(bp.dyn.LifRef, "LifRef")
        bp.share.save(dt=0.1)
        for i in range(50):
            np.testing.assert_array_equal(np.asarray(plain.step_run(i, 40. + i)), np.asarray(compiled.jit_step_run(i, 40. + i)))
        np.testing.assert_allclose(np.asarray(plain.V), np.asarray(compiled.V), rtol=1e-12)

    def test_names_of_later_versions(self):
        for later, name in (("HalfProjAlignPostMg", "ProjAlignPostMg1"), ("FullProjAlignPostMg", "ProjAlignPostMg2"),
                            ("HalfProjAlignPost", "ProjAlignPost1"), ("FullProjAlignPost", "ProjAlignPost2"),
                            ("FullProjAlignPreSDMg", "ProjAlignPreMg1"), ("FullProjAlignPreDSMg", "ProjAlignPreMg2"),
                            ("FullProjAlignPreSD", "ProjAlignPre1"), ("FullProjAlignPreDS", "ProjAlignPre2")):
            self.assertIs(getattr(bp.dyn, later), getattr(bp.dyn, name))


if __name__ == "__main__":
    unittest.main()
