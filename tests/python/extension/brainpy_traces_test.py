"""BrainPy's 20-neuron networks in float64, step by step, with its connections and initial values."""
import os
import pathlib
import unittest

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm

ROOT = pathlib.Path(__file__).resolve().parents[3]

TRACES = pathlib.Path(os.environ.get("RANVIER_REFERENCE", ROOT.parent.parent / "shared" / "reference")) / "brainpy" / "traces"
if not TRACES.is_dir():
    TRACES = ROOT.parent / "shared" / "reference" / "brainpy" / "traces"


class HH2(bp.dyn.CondNeuGroupLTC):
    def __init__(self, size, start):
        super().__init__(size, V_initializer=start)
        self.INa = bp.channels.INa_TM1991(size, g_max=100., V_sh=-63.)
        self.IK = bp.channels.IK_TM1991(size, g_max=30., V_sh=-63.)
        self.IL = bp.channels.IL(size, E=-60., g_max=0.05)


def rows(data, low, high):
    keep = (data["conn_pre"] >= low) & (data["conn_pre"] < high)
    return bp.conn.IJConn(data["conn_pre"][keep] - low, data["conn_post"][keep])


class Impl2(bp.DynSysGroup):
    def __init__(self, data):
        super().__init__()
        self.N = HH2(20, data["V0"])
        self.E = bp.synapses.Exponential(self.N[:16], self.N, rows(data, 0, 16), g_max=30. / 200, tau=5., output=bp.synouts.COBA(E=0.))
        self.I = bp.synapses.Exponential(self.N[16:], self.N, rows(data, 16, 20), g_max=67. / 200, tau=10., output=bp.synouts.COBA(E=-80.))


class Impl3(bp.DynSysGroup):
    def __init__(self, data):
        super().__init__()
        self.N = HH2(20, data["V0"])
        self.projections = []
        for low, high, g, tau, E in ((0, 16, 30. / 200, 5., 0.), (16, 20, 67. / 200, 10., -80.)):
            self.projections.append(bp.dyn.ProjAlignPostMg1(
                comm=bp.dnn.EventCSRLinear(rows(data, low, high)(high - low, 20), g), syn=bp.dyn.Expon.desc(size=20, tau=tau),
                out=bp.dyn.COBA.desc(E=E), post=self.N))

    def update(self):
        self.projections[0](self.N.spike[:16])
        self.projections[1](self.N.spike[16:])
        self.N()


@unittest.skipUnless(TRACES.is_dir(), "the reference traces are not here")
class TracesTest(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()

    def tearDown(self):
        bm.disable_x64()

    def compare(self, make, file):
        data = np.load(TRACES / file)
        net = make(data)
        runner = bp.DSRunner(net, monitors={"V": net.N.V, "spike": net.N.spike}, dt=0.1, progress_bar=False)
        runner.run(200.)
        self.assertGreater(data["spike"].sum(), 20)
        np.testing.assert_array_equal(runner.mon["spike"], data["spike"])
        worst = np.max(np.abs(runner.mon["V"] - data["V"]))
        print(file, "largest difference of V:", worst, "mV,", int(data["spike"].sum()), "spikes")
        self.assertLess(worst, 1e-7)

    def test_exponential_synapses_onto_the_input(self):
        self.compare(Impl2, "iii_net20_impl2.npz")

    def test_merged_projections_inside_the_derivative(self):
        self.compare(Impl3, "iii_net20_impl3.npz")


class RatesTest(unittest.TestCase):
    def test_rates_at_their_singular_points_are_their_limits(self):
        sodium, potassium = bp.channels.INa_TM1991(1, V_sh=-63.), bp.channels.IK_TM1991(1, V_sh=-63.)
        self.assertAlmostEqual(float(np.asarray(sodium.f_p_alpha(np.float64(-50.)))), 1.28)
        self.assertAlmostEqual(float(np.asarray(sodium.f_p_beta(np.float64(-23.)))), 1.4)
        for v in (-50.03, -50.05, -49.9):
            exact = 0.32 * (-50 - v) / np.expm1((-50 - v) / 4)
            self.assertAlmostEqual(float(np.asarray(sodium.f_p_alpha(np.float64(v)))), exact, places=6)
        self.assertTrue(np.isfinite(np.asarray(potassium.derivative(np.float64(0.3), 0., np.float64(-48.)))).all())


if __name__ == "__main__":
    unittest.main()
