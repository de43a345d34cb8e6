"""Rules, waveforms, sources and additions through ranvier's own API, against NumPy and what each promises."""
import pickle
import unittest

import numpy as np

import ranvier as rv
from ranvier import Hz, mV, ms, nS, pA, um
from ranvier import _core


def pairs(rule, n=30, **positions):
    net = rv.Network()
    P = net.add("P", rv.neurons.lif(), n, **positions)
    net.connect(P, P, rule, synapse=rv.synapses.delta(), weight=1 * mV)
    made = rv.Simulation(net, backend="interpreter").connectivity(next(iter(net.projections)))
    return made.pre, made.post


class Rules(unittest.TestCase):
    def test_every_rule_of_the_library_is_here(self):
        for name, _, _ in _core.connection_rules():
            self.assertTrue(callable(getattr(rv, name)), name)

    def test_what_rules_fix(self):
        count = lambda ids: np.bincount(ids, minlength=30).tolist()
        self.assertEqual(count(pairs(rv.fixed_outdegree(7))[0]), [7] * 30)
        self.assertEqual(count(pairs(rv.fixed_indegree(7))[1]), [7] * 30)
        self.assertEqual(count(pairs(rv.fixed_outdegree_fraction(0.25))[0]), [7] * 30)
        self.assertEqual(len(pairs(rv.fixed_total(123))[0]), 123)
        self.assertEqual(len(pairs(rv.all_to_all())[0]), 900)
        np.testing.assert_array_equal(*pairs(rv.one_to_one()))
        pre, post = pairs(rv.grid_four(), positions=rv.grid((5, 6), 1 * um, periodic=True))
        self.assertEqual(count(pre), [4] * 30)
        self.assertEqual(len(pairs(rv.small_world(4, 0.2), positions=rv.grid((30,), 1 * um))[0]), 120)

    def test_rules_are_values(self):
        rules = [rv.bernoulli(0.1), rv.fixed_outdegree(3, self_connections=False), rv.gaussian_prob(5 * um, 0.5), rv.scale_free_ba(2),
                 rv.explicit_list([0, 1], [1, 0], [1.0, 2.0] * nS, [1.0, 2.0] * ms), rv.matrix(np.eye(3, dtype=bool)), rv.bernoulli("exp(-distance()/(3*um))")]
        for rule in rules:
            again = pickle.loads(pickle.dumps(rule))
            self.assertEqual((again, again.law, hash(again)), (rule, rule.law, hash(rule)))
        self.assertNotEqual(rules[0], rules[1])
        for where in (rv.grid((2, 3), (1 * um, 2 * um), periodic=True), rv.random_box(1 * um, 2 * um), rv.random_ball(3 * um), rv.at_points(np.eye(3) * um)):
            self.assertEqual(pickle.loads(pickle.dumps(where)), where)


class Waveforms(unittest.TestCase):
    def test_values(self):
        t = np.arange(100) + 0.5
        for made, wanted in ((rv.inputs.section([1.0, 3.0] * pA, [40.0, 60.0] * ms, 1 * ms), np.where(t < 40, 1.0, 3.0)),
                             (rv.inputs.constant(2 * pA, 100 * ms, 1 * ms), np.full(100, 2.0)),
                             (rv.inputs.step(5 * pA, 30 * ms, 100 * ms, 1 * ms), np.where(t < 30, 0.0, 5.0)),
                             (rv.inputs.sinusoid(2 * pA, 20 * Hz, 100 * ms, 1 * ms, bias=1 * pA), 1 + 2 * np.sin(2 * np.pi * 0.02 * t)),
                             (rv.inputs.square(2 * pA, 20 * Hz, 100 * ms, 1 * ms), np.where(t % 50 < 25, 2.0, -2.0)),
                             (rv.inputs.pulses([10.0, 50.0] * ms, 5 * ms, 7 * pA, 100 * ms, 1 * ms),
                              np.where(((t > 10) & (t < 15)) | ((t > 50) & (t < 55)), 7.0, 0.0))):
            np.testing.assert_allclose(made.values / pA, wanted, atol=1e-12)
            self.assertEqual(made.dt, 1 * ms)
        noise = rv.inputs.ou_noise(3 * pA, 2 * pA, 5 * ms, 2000 * ms, 1 * ms, neurons=200).values / pA
        self.assertEqual(noise.shape, (2000, 200))
        self.assertAlmostEqual(noise.mean(), 3.0, delta=0.05)          # 400,000 values, some 40,000 of them independent
        self.assertAlmostEqual(noise.std(), 2.0, delta=0.05)
        lagged = np.corrcoef(noise[:-5].ravel(), noise[5:].ravel())[0, 1]
        self.assertAlmostEqual(lagged, np.exp(-1), delta=0.03)

    def test_arrays_of_ones_own(self):
        values = np.arange(6.0).reshape(3, 2)
        array = pickle.loads(pickle.dumps(rv.TimeArray(values * rv.nA, 2 * ms, linear=True)))
        np.testing.assert_array_equal(array.values / rv.nA, values)
        self.assertEqual((array.dt, array.linear), (2 * ms, True))


class Additions(unittest.TestCase):
    def test_poisson_arrivals_have_their_mean_and_variance(self):
        cell = rv.Model("cell", equations="dV/dt = 0*V/ms : volt\nI : amp (input)", method="euler")
        net = rv.Network()
        cells = net.add("cells", pickle.loads(pickle.dumps(rv.with_poisson_input(cell, "V", n=800, rate=5 * Hz, weight=0.1 * mV))), 4000)
        sim = rv.Simulation(net)
        sim.run(50 * ms)
        V = sim.get(cells["V"]) / mV
        # 200 arrivals of 0.1 mV: mean 20, variance 2; the deviation of the mean of 4,000 is 0.022, that of the variance 0.045.
        self.assertAlmostEqual(V.mean(), 20.0, delta=0.1)
        self.assertAlmostEqual(V.var(), 2.0, delta=0.2)

    def test_each_is_a_model_with_its_parameters(self):
        lif = rv.neurons.lif()
        wave = rv.inputs.step(5 * pA, 30 * ms, 100 * ms, 1 * ms)
        for model, names in ((rv.with_white_current(lif, "I", 50 * pA), {"white_sigma", "white_per"}),
                             (rv.with_ou_current(lif, "I", 0 * pA, 50 * pA, 5 * ms, name="slow"), {"slow_mean", "slow_sigma", "slow_tau"}),
                             (rv.with_current(lif, "I", wave), set()), (rv.with_voltage_clamp(lif, "I", rv.inputs.constant(-60 * mV, 100 * ms, 1 * ms), 10 * nS),
                                                                        {"clamp_g"})):
            self.assertEqual(set(model.parameters) - set(lif.parameters), names)
            net = rv.Network()
            net.add("N", pickle.loads(pickle.dumps(model)), 5)
            rv.Simulation(net).run(10 * ms)
        with self.assertRaises(rv.UserError):
            rv.with_current(lif, "J", wave)
        with self.assertRaises(rv.UserError):
            rv.with_current(lif, "I", 3 * pA)


if __name__ == "__main__":
    unittest.main()
