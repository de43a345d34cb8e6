"""BrainPy's float64 traces, step by step, by compiled runs with its connections and initial values: single neurons, 20-neuron networks.

Spikes are at BrainPy's very steps. V is the same up to rounding: exp, sums in another order, and the singular rates near their singular
points, where BrainPy's quotients lose digits and ours do not, differ in the last places at every step, and a neuron that is slow to pass
its threshold makes more of it. What it makes is measured: the same network with V changed by some ulp at every step.
"""
import os
import pathlib
import sys
import unittest

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm
from ranvier.brainpy import _program

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "validation" / "brainpy_statistics"))
from networks import channels, equations  # noqa: E402

TRACES = pathlib.Path(os.environ.get("RANVIER_REFERENCE", ROOT.parent / "shared" / "reference")) / "brainpy" / "traces"
HH1, ExpCOBA = equations(bp, bm)
HH2 = channels(bp)


def rows(data, low, high, first=0, last=20):
    keep = (data["conn_pre"] >= low) & (data["conn_pre"] < high) & (data["conn_post"] >= first) & (data["conn_post"] < last)
    return bp.conn.IJConn(data["conn_pre"][keep] - low, data["conn_post"][keep] - first)


class Impl1(bp.Network):
    def __init__(self, data, V0):
        E, I = HH1(16, V0[:16]), HH1(4, V0[16:])
        bounds = {"E": (E, 0, 16, 30., 5., 0.), "I": (I, 16, 20, 67., 10., -80.)}
        synapses = []
        for pre, low, high, g, tau, reversal in bounds.values():
            for post, first, last, *_ in bounds.values():
                synapses.append(ExpCOBA(pre, post, rows(data, low, high, first, last), g, tau, reversal))
        super().__init__(*synapses, E=E, I=I)

    def potentials(self):
        return [self.E.V, self.I.V]

    def monitors(self):
        return {"V": lambda: bm.concatenate([self.E.V, self.I.V]), "spike": lambda: bm.concatenate([self.E.spike, self.I.spike])}


class Impl2(bp.DynSysGroup):
    def __init__(self, data, V0):
        super().__init__()
        self.N = HH2(20, V_initializer=V0)
        self.E = bp.synapses.Exponential(self.N[:16], self.N, rows(data, 0, 16), g_max=30. / 200, tau=5., output=bp.synouts.COBA(E=0.))
        self.I = bp.synapses.Exponential(self.N[16:], self.N, rows(data, 16, 20), g_max=67. / 200, tau=10., output=bp.synouts.COBA(E=-80.))

    def potentials(self):
        return [self.N.V]

    def monitors(self):
        return {"V": self.N.V, "spike": self.N.spike}


class Impl3(bp.DynSysGroup):
    def __init__(self, data, V0):
        super().__init__()
        self.N = HH2(20, V_initializer=V0)
        self.projections = []
        for low, high, g, tau, E in ((0, 16, 30. / 200, 5., 0.), (16, 20, 67. / 200, 10., -80.)):
            self.projections.append(bp.dyn.ProjAlignPostMg1(
                comm=bp.dnn.EventCSRLinear(rows(data, low, high)(high - low, 20), g), syn=bp.dyn.Expon.desc(size=20, tau=tau),
                out=bp.dyn.COBA.desc(E=E), post=self.N))

    def update(self):
        self.projections[0](self.N.spike[:16])
        self.projections[1](self.N.spike[16:])
        self.N()

    monitors, potentials = Impl2.monitors, Impl2.potentials


@unittest.skipUnless(TRACES.is_dir(), f"the reference traces are not here ({TRACES}; RANVIER_REFERENCE names their folder)")
class TracesTest(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()
        self.addCleanup(bm.disable_x64)
        self.addCleanup(bm.set_dt, bm.get_dt())

    def run_net(self, make, data, ulps=0):
        """The monitors; V is multiplied by 1 + k 2^-52 before each step, |k| <= ulps at random."""
        net, rng = make(data, data["V0"]), np.random.default_rng(1)
        inputs = [(V, 1 + rng.integers(-ulps, ulps + 1, (2000, V.size)) * 2. ** -52, "iter", "*") for V in net.potentials()] if ulps else ()
        made = _program.statistics["programs"]
        runner = bp.DSRunner(net, monitors=net.monitors(), inputs=inputs, dt=0.1, progress_bar=False)
        runner.run(200.)
        self.assertLessEqual(_program.statistics["programs"], made + 1)
        return runner.mon

    def compare(self, make, file):
        data = np.load(TRACES / file)
        mon = self.run_net(make, data)
        self.assertGreater(data["spike"].sum(), 20)
        np.testing.assert_array_equal(mon["spike"], data["spike"])
        error = np.max(np.abs(mon["V"] - data["V"]))
        nudged = self.run_net(make, data, ulps=16)  # a step takes some 16 roundings for V, of terms as large as V
        np.testing.assert_array_equal(nudged["spike"], data["spike"])
        own = np.max(np.abs(nudged["V"] - mon["V"]))
        print(f"{file}: {int(data['spike'].sum())} spikes, largest difference of V {error:.1e} mV; with V changed by up to 16 ulp at every step {own:.1e} mV")
        self.assertLess(error, max(1e-9, 10 * own))
        self.assertLess(own, 1e-6)

    def test_the_notebooks_own_equations(self):
        self.compare(Impl1, "iii_net20_impl1.npz")

    def test_exponential_synapses_onto_the_input(self):
        self.compare(Impl2, "iii_net20_impl2.npz")

    def test_merged_projections_inside_the_derivative(self):
        self.compare(Impl3, "iii_net20_impl3.npz")

    def single(self, file, neuron, inputs, gates):
        for dt in (0.1, 0.01):
            data = np.load(TRACES / file.format(dt=dt))
            bm.set_dt(dt)
            runner = bp.DSRunner(neuron, monitors={"V": neuron.V, "spike": neuron.spike, **gates}, inputs=inputs, dt=dt, progress_bar=False)
            neuron.V[:] = -60.
            for gate in gates.values():
                gate[:] = 0.
            runner.run(200.)
            np.testing.assert_array_equal(runner.mon["spike"].ravel(), np.ravel(data["spike"]))
            np.testing.assert_allclose(runner.mon["V"].ravel(), np.ravel(data["V"]), rtol=0, atol=1e-9)  # mV
            for name in gates:
                np.testing.assert_allclose(runner.mon[name].ravel(), np.ravel(data[name]), rtol=0, atol=1e-11)

    def test_one_neuron_of_the_first_kind(self):
        neuron = HH1(1, -60.)
        self.single("i_single_impl1_dt{dt}.npz", neuron, (neuron.input, lambda: 10. * (0. - neuron.V), "func"),
                    {"m": neuron.m, "h": neuron.h, "n": neuron.n})

    def test_one_neuron_of_channels(self):
        neuron = HH2(1, V_initializer=-60.)
        self.single("ii_single_impl2_dt{dt}.npz", neuron, (neuron.input, lambda: 0.05 * (0. - neuron.V), "func"),
                    {"m": neuron.INa.p, "h": neuron.INa.q, "n": neuron.IK.p})

    def test_one_neuron_with_a_conductance_inside_of_the_derivative(self):
        neuron = HH2(1, V_initializer=-60.)
        out = bp.dyn.COBA(E=0.)
        out.bind_cond(0.05)
        neuron.cur_inputs["constant"] = out
        self.single("ii_single_impl3_dt{dt}.npz", neuron, (), {"m": neuron.INa.p, "h": neuron.INa.q, "n": neuron.IK.p})


class RatesTest(unittest.TestCase):
    def test_rates_at_their_singular_points_are_their_limits(self):
        sodium, potassium = bp.channels.INa_TM1991(1, V_sh=-63.), bp.channels.IK_TM1991(1, V_sh=-63.)
        self.assertAlmostEqual(float(np.asarray(sodium.f_p_alpha(np.float64(-50.)))), 1.28)
        self.assertAlmostEqual(float(np.asarray(sodium.f_p_beta(np.float64(-23.)))), 1.4)
        for v in (-50.03, -50.05, -49.9):
            exact = 0.32 * (-50 - v) / np.expm1((-50 - v) / 4)
            self.assertAlmostEqual(float(np.asarray(sodium.f_p_alpha(np.float64(v)))), exact, places=6)
        self.assertTrue(np.isfinite(np.asarray(potassium.derivative(np.float64(0.3), 0., np.float64(-48.)))).all())

    def test_rates_as_they_are_written_have_their_limits_in_compiled_float32(self):
        V = np.array([-50, -50.00001, -49.99, -50.5, -23, -23.0001], np.float32)

        def alpha(v):
            return 0.32 * (13 - v - 63.) / (bm.exp((13 - v - 63.) / 4) - 1.), 0.28 * (v + 63. - 40) / (bm.exp((v + 63. - 40) / 5) - 1)
        a, b = bm.for_loop(alpha, V[:, None])
        x = V.astype(np.float64)
        with np.errstate(invalid="ignore"):
            exact = [np.where(x == -50, 1.28, 0.32 * (-50 - x) / np.expm1((-50 - x) / 4)), np.where(x == -23, 1.4, 0.28 * (x + 23) / np.expm1((x + 23) / 5))]
        np.testing.assert_allclose(np.asarray(a)[:, 0], exact[0], rtol=1e-5)
        np.testing.assert_allclose(np.asarray(b)[:, 0], exact[1], rtol=1e-5)

    def test_the_library_s_rates_in_float32_compiled_and_not(self):
        """Over -120 to 60 mV, and float by float around each singular point, against the closed form in float64."""
        near = [np.float32(point) + np.arange(-50, 51, dtype=np.float32) * np.float32(4e-6) for point in (-50, -48, -23)]
        V = np.concatenate([np.linspace(-120, 60, 1801, dtype=np.float32), *near])
        sodium, potassium = bp.channels.INa_TM1991(V.size, V_sh=-63.), bp.channels.IK_TM1991(V.size, V_sh=-63.)

        def rates(v):
            return sodium.f_p_alpha(v), sodium.f_p_beta(v), sodium.f_q_alpha(v), sodium.f_q_beta(v), potassium.f_p_alpha(v), potassium.f_p_beta(v)

        def over_expm1(x):
            return np.where(x == 0, 1., x / np.expm1(np.where(x == 0, 1., x)))
        v = V.astype(np.float64)
        exact = (1.28 * over_expm1((-50 - v) / 4), 1.4 * over_expm1((v + 23) / 5), 0.128 * np.exp((-46 - v) / 18), 4 / (1 + np.exp(-(v + 23) / 5)),
                 0.16 * over_expm1((-48 - v) / 5), 0.5 * np.exp((-53 - v) / 40))
        for found in (bm.for_loop(rates, V[None]), rates(V)):
            for ours, wanted in zip(found, exact):
                np.testing.assert_allclose(np.asarray(ours).reshape(-1), wanted, rtol=1e-5)


if __name__ == "__main__":
    unittest.main()
