"""bp.analysis: fixed points, their kinds, nullclines, limit cycles and bifurcations against closed forms."""
import sys
import unittest

try:
    import matplotlib
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

matplotlib.use("Agg")
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from matplotlib import pyplot  # noqa: E402
from ranvier.brainpy.analysis import stability  # noqa: E402

AnalyzerError = bp.errors.AnalyzerError


@bp.odeint
def pitchfork(x, t, mu=1.):
    return mu * x - x ** 3


@bp.odeint
def dx(x, t, y, mu):
    return mu * x - y - x * (x * x + y * y)


@bp.odeint
def dy(y, t, x, mu):
    return x + mu * y - y * (x * x + y * y)


def dV(V, t, w, I):
    return V - V ** 3 / 3. - w + I


def dw(w, t, V):
    return 0.08 * (V + 0.7 - 0.8 * w)


FHN = bp.odeint(bp.JointEq([dV, dw]), method="rk4")


class Pictures(unittest.TestCase):
    def tearDown(self):
        pyplot.close("all")


class OneVariableTest(Pictures):
    def test_fixed_points_and_their_kinds(self):
        plane = bp.analysis.PhasePlane1D(pitchfork, target_vars=dict(x=(-2.05, 2.)), pars_update=dict(mu=0.81), resolutions=0.01)
        field = plane.plot_vector_field(with_return=True)
        np.testing.assert_allclose(field, 0.81 * plane.grids["x"] - plane.grids["x"] ** 3, atol=1e-14)
        np.testing.assert_allclose(plane.plot_fixed_point(with_return=True), [-0.9, 0., 0.9], atol=1e-12)
        drawn = {line.get_label(): sorted(line.get_xdata()) for line in pyplot.gca().lines if line.get_marker() == "."}
        np.testing.assert_allclose(drawn["stable point"], [-0.9, 0.9])
        np.testing.assert_allclose(drawn["unstable point"], [0.], atol=1e-12)

    def test_a_pole_is_no_fixed_point(self):
        plane = bp.analysis.PhasePlane1D(bp.odeint(lambda x, t: (x - 0.5) / (x + 0.25)), target_vars=dict(x=(-1.005, 1.)), resolutions=0.01)
        np.testing.assert_allclose(plane.plot_fixed_point(with_plot=False, with_return=True), [0.5])

    def test_bifurcation(self):
        b = bp.analysis.Bifurcation1D(pitchfork, target_vars=dict(x=(-2.03, 2.)), target_pars=dict(mu=(-1., 1.)), resolutions=dict(x=0.02, mu=0.1))
        x, (mu,), slopes = b.plot_bifurcation(with_return=True)
        np.testing.assert_allclose(mu * x - x ** 3, 0., atol=1e-10)
        np.testing.assert_allclose(slopes, mu - 3 * x ** 2, atol=1e-9)
        self.assertEqual([np.count_nonzero(np.isclose(mu, m)) for m in (-0.5, 0.5, 1.)], [1, 3, 3])

    def test_two_parameters(self):
        b = bp.analysis.Bifurcation1D(bp.odeint(lambda x, t, a, b: a * x + b), target_vars=dict(x=(-3.01, 3.)),
                                      target_pars=dict(a=(1., 2.), b=(-1., 1.)), resolutions=dict(x=0.1, a=0.5, b=0.5))
        x, (a, b_), slopes = b.plot_bifurcation(with_return=True)
        self.assertEqual(x.size, 15)
        np.testing.assert_allclose(x, -b_ / a, atol=1e-12)
        np.testing.assert_allclose(slopes, a)


class TwoVariablesTest(Pictures):
    def plane(self, current=0.8):
        return bp.analysis.PhasePlane2D(FHN, target_vars=dict(V=(-3., 3.), w=(-3., 3.)), pars_update=dict(I=current), resolutions=0.05)

    def test_fixed_point_of_fitzhugh_and_nagumo(self):
        point, = self.plane().plot_fixed_point(with_return=True)
        V = [r.real for r in np.roots([-1 / 3, 0., 1 - 1.25, 0.8 - 0.875]) if abs(r.imag) < 1e-12][0]  # w = (V + 0.7)/0.8
        np.testing.assert_allclose(point, [V, (V + 0.7) / 0.8], atol=1e-10)
        jacobian = self.plane().jacobian({"V": point[:1], "w": point[1:]})
        np.testing.assert_allclose(jacobian[0], [[1 - V * V, -1.], [0.08, -0.064]], atol=1e-12)

    def test_several_fixed_points(self):
        """x' = x - x^3, y' = -y: nodes at -1 and 1, a saddle at 0."""
        plane = bp.analysis.PhasePlane2D([bp.odeint(lambda x, t: x - x ** 3), bp.odeint(lambda y, t: -y)],
                                         target_vars=dict(x=(-2.02, 2.), y=(-1.03, 1.)), resolutions=0.1)
        found = plane.plot_fixed_point(with_return=True)
        np.testing.assert_allclose(found, [[-1., 0.], [0., 0.], [1., 0.]], atol=1e-10)
        labels = [line.get_label() for line in pyplot.gca().lines]
        self.assertEqual(sorted(labels), ["saddle node", "stable node"])

    def test_nullclines(self):
        found = self.plane().plot_nullcline(with_return=True)
        V, w = found["V"]
        np.testing.assert_allclose(w, V - V ** 3 / 3 + 0.8, atol=1e-9)
        self.assertGreater(V.size, 150)
        V, w = found["w"]
        np.testing.assert_allclose(V, 0.8 * w - 0.7, atol=1e-12)

    def test_vector_field_and_trajectories(self):
        plane = self.plane()
        for method in ("streamplot", "quiver"):
            dV_, dw_ = plane.plot_vector_field(plot_method=method, with_return=True)
        V, w = np.meshgrid(plane.grids["V"], plane.grids["w"])
        np.testing.assert_allclose(dV_, V - V ** 3 / 3 - w + 0.8, atol=1e-13)
        np.testing.assert_allclose(dw_, 0.08 * (V + 0.7 - 0.8 * w), atol=1e-13)
        found = plane.plot_trajectory(dict(V=[-2.8, 0.], w=[-1.8, 1.]), duration=100., with_return=True)
        self.assertEqual(found.V.shape, (1000, 2))
        plane.plot_trajectory([(-2.8, -1.8)], duration=10., axes="t-v")
        self.assertEqual(len(plane.plot_limit_cycle_by_sim([(-2.8, -1.8)], duration=200., with_return=True)), 1)

    def test_a_rotation_comes_back(self):
        plane = bp.analysis.PhasePlane2D([bp.odeint(lambda x, t, y: -y), bp.odeint(lambda y, t, x: x)],
                                         target_vars=dict(x=(-2., 2.), y=(-2., 2.)))
        found = plane.plot_trajectory(dict(x=1., y=0.), duration=6., dt=0.01, with_return=True)
        np.testing.assert_allclose(found.x[:, 0], np.cos(found.ts), atol=1e-9)
        np.testing.assert_allclose(found.y[:, 0], np.sin(found.ts), atol=1e-9)

    def test_hopf_bifurcation(self):
        """r' = mu r - r^3: a focus at 0, stable below mu = 0, and a limit cycle of radius sqrt(mu)."""
        b = bp.analysis.Bifurcation2D([dx, dy], target_vars=dict(x=(-2.03, 2.), y=(-2.03, 2.)), target_pars=dict(mu=(-0.5, 1.)),
                                      resolutions=dict(x=0.2, y=0.2, mu=0.25))
        points, (mu,), jacobians = b.plot_bifurcation(with_return=True)
        self.assertEqual(mu.size, 7)
        np.testing.assert_allclose(points, 0., atol=1e-9)
        np.testing.assert_allclose(jacobians, [[[m, -1.], [1., m]] for m in mu], atol=1e-8)
        self.assertEqual(b.found[1], ["stable focus"] * 2 + ["center"] + ["unstable focus"] * 4)
        cycles = b.plot_limit_cycle_by_sim(duration=60., dt=0.05, offset=0.3, with_return=True)
        np.testing.assert_allclose(cycles["mu"], [0.25, 0.5, 0.75, 1.])
        np.testing.assert_allclose(cycles["x_max"], np.sqrt(cycles["mu"]), rtol=1e-3)
        np.testing.assert_allclose(cycles["y_min"], -np.sqrt(cycles["mu"]), rtol=1e-3)

    def test_a_system_of_neurons(self):
        class Group(bp.dyn.NeuDyn):
            def __init__(self, size):
                super().__init__(size)
                self.V, self.w = bm.Variable(bm.zeros(size)), bm.Variable(bm.zeros(size))
                self.integral = bp.odeint(bp.JointEq([dV, dw]))
        plane = bp.analysis.PhasePlane2D(Group(1), target_vars=dict(V=(-3., 3.), w=(-3., 3.)), pars_update=dict(I=0.), resolutions=0.1)
        self.assertEqual(plane.plot_fixed_point(with_return=True).shape, (1, 2))

    def test_fast_and_slow(self):
        """Slow w as the parameter: V - V^3/3 = w - I has three solutions between its extremes, of size 2/3."""
        fast = bp.analysis.FastSlow1D(FHN, fast_vars=dict(V=(-3.03, 3.)), slow_vars=dict(w=(-1., 1.)), pars_update=dict(I=0.), resolutions=0.05)
        V, (w,), _ = fast.plot_bifurcation(with_return=True)
        np.testing.assert_allclose(V - V ** 3 / 3, w, atol=1e-9)
        count = {round(float(k), 2): int(np.sum(np.isclose(w, k))) for k in w}
        self.assertEqual((count[-0.9], count[0.], count[0.6], count[0.75]), (1, 3, 3, 1))
        self.assertEqual(fast.plot_trajectory(dict(V=[0.], w=[0.5]), 20., with_return=True).w.shape, (200, 1))


class KindsTest(unittest.TestCase):
    def test_kinds(self):
        for matrix, kind in (([[-1, 2], [-2, -1]], "stable focus"), ([[1, 2], [-2, 1]], "unstable focus"), ([[-1, 0], [0, -2]], "stable node"),
                             ([[3, 1], [0, 1]], "unstable node"), ([[1, 0], [0, -1]], "saddle node"), ([[0, 1], [-1, 0]], "center"),
                             ([[-1, 0], [0, 0]], "center manifold"), ([[1, 0], [0, 0]], "unstable line"), ([[-2, 0], [0, -2]], "stable star"),
                             ([[-2, 1], [0, -2]], "stable degenerate")):
            with self.subTest(kind):
                self.assertEqual(stability.stability_analysis(np.array(matrix, float)), kind)
        self.assertEqual([stability.stability_analysis(s) for s in (-1., 1., 0.)], ["stable point", "unstable point", "saddle node"])

    def test_messages(self):
        a = bp.analysis
        for make, text in ((lambda: a.PhasePlane1D(pitchfork, dict(y=(0., 1.))), "has no variable 'y'; there are x"),
                           (lambda: a.PhasePlane1D(pitchfork, dict(x=(1., 0.))), "from the lower to the higher end"),
                           (lambda: a.PhasePlane2D(pitchfork, dict(x=(0., 1.))), "is of 2 variables, not of 1"),
                           (lambda: a.PhasePlane1D(pitchfork, dict(x=(0., 1.)), target_pars=dict(mu=(0., 1.))), "has no target_pars"),
                           (lambda: a.PhasePlane1D(pitchfork, dict(x=(0., 1.)), pars_update=dict(nu=1.)), "has no parameter 'nu'; there are mu"),
                           (lambda: a.Bifurcation1D(pitchfork, {}, dict(x=(0., 1.))), "over one or two target_pars"),
                           (lambda: a.PhasePlane2D([dx, dy], dict(x=(0., 1.), y=(0., 1.))).plot_fixed_point(), "needs 'mu': give it in pars_update"),
                           (lambda: a.PhasePlane1D([dx, dx], dict(x=(0., 1.))), "has two equations"),
                           (lambda: a.Bifurcation2D([dx, dy], dict(mu=(0., 1.)), dict(x=(0., 1.), y=(0., 1.))).plot_limit_cycle_by_sim(),
                            "call plot_bifurcation")):
            with self.subTest(text), self.assertRaisesRegex(AnalyzerError, text):
                make()
        with self.assertRaisesRegex(bp.UnsupportedError, "PhasePlane3D is not there; the nearest names are PhasePlane"):
            a.PhasePlane3D


if __name__ == "__main__":
    unittest.main()
