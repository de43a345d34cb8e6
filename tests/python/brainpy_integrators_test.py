"""bp.odeint, sdeint, fdeint and delays: BrainPy's results, measured orders of convergence, closed forms."""
import math
import pathlib
import sys
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
from systems import systems  # noqa: E402

REFERENCE = [line.split() for line in (ROOT / "validation" / "brainpy_math" / "integrators.txt").read_text().splitlines() if line[0] != "#"]


class DoublePrecision(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()

    def tearDown(self):
        bm.disable_x64()


def slope(steps, errors):
    """The measured order: the slope of log error over log dt."""
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


class BrainPyTest(DoublePrecision):
    def test_twenty_steps_of_every_method(self):
        known, count = systems(bp, bm), 0
        for name, method, *expected in REFERENCE:
            if name == "adaptive":
                continue
            with self.subTest(name + " " + method):
                function, start, dt, parameters = known[name]
                integral, x = bp.odeint(function, method=method, dt=dt), [bm.asarray(v) for v in start]
                for k in range(20):
                    out = integral(*x, k * dt, **parameters)
                    x = list(out) if isinstance(out, (list, tuple)) else [out]
                # Ralston's fourth order method has eight digits in BrainPy
                np.testing.assert_allclose(np.concatenate([np.asarray(v) for v in x]), np.array(expected, float),
                                           rtol=1e-6 if method == "ralston4" else 1e-11)
                count += 1
        self.assertEqual(count, 3 * 18 + 2 * 4)

    def test_next_step_of_adaptive_methods(self):
        function, start, _, parameters = systems(bp, bm)["pair"]
        for name, method, dt, expected in (line for line in REFERENCE if line[0] == "adaptive"):
            with self.subTest(method + " " + dt):
                integral = bp.odeint(function, method=method, dt=float(dt), adaptive=True, tol=1e-3)
                out = integral(*[bm.asarray(v) for v in start], 0., **parameters)
                self.assertEqual(len(out), 3)
                np.testing.assert_allclose(float(out[-1]), float(expected), rtol=1e-9)


class OrdersTest(DoublePrecision):
    ORDERS = dict(euler=1, midpoint=2, heun2=2, ralston2=2, rk2=2, rk3=3, heun3=3, ralston3=3, ssprk3=3, rk4=4, ralston4=4, rk4_38rule=4, rkf12=2,
                  rkf45=5, rkdp=5, ck=5, bs=3, BoSh3=3, heun_euler=2)

    def error(self, method, count):
        """The largest one along x' = (cos t) x, x = exp(sin t)."""
        dt, worst = 2. / count, 0.
        integral, x = bp.odeint(lambda x, t: bm.cos(t) * x, method=method, dt=dt), bm.asarray([1.])
        for k in range(count):
            x = integral(x, k * dt)
            worst = max(worst, abs(float(x[0]) - math.exp(math.sin((k + 1) * dt))))
        return worst

    def test_explicit_methods(self):
        for method, order in self.ORDERS.items():
            counts = (16, 32, 64) if order > 3 else (40, 80, 160)
            with self.subTest(method):
                measured = slope([2. / n for n in counts], [self.error(method, n) for n in counts])
                self.assertGreater(measured, order - 0.25)
                self.assertLess(measured, order + 0.9)

    def test_weights_fit_their_order_conditions(self):
        from ranvier.brainpy.integrators.ode.tableaus import EMBEDDED, EXPLICIT
        for name, (c, rows, *weights) in {**EXPLICIT, **EMBEDDED}.items():
            with self.subTest(name):
                for node, row in zip(c, rows):
                    self.assertAlmostEqual(sum(row), node, places=13)
                for b in weights:
                    self.assertAlmostEqual(sum(b), 1., places=13)
                b = weights[0]
                a = np.zeros((len(c), len(c)))
                for k, row in enumerate(rows):
                    a[k, :len(row)] = row
                order = self.ORDERS[name]
                conditions = [(2, b @ np.array(c), 1 / 2), (3, b @ np.array(c) ** 2, 1 / 3), (3, b @ a @ c, 1 / 6), (4, b @ np.array(c) ** 3, 1 / 4),
                              (4, b @ a @ np.array(c) ** 2, 1 / 12), (4, b @ a @ a @ c, 1 / 24), (4, (b * np.array(c)) @ a @ c, 1 / 8)]
                for wanted, value, exact in conditions:
                    if order >= wanted:
                        self.assertAlmostEqual(float(value), exact, places=13)

    def test_exponential_euler_is_exact_where_linear(self):
        integral = bp.odeint(lambda V, t, I: (-(V + 65.) + I) / 10., method="exp_auto", dt=2.)
        V = integral(bm.asarray([-60., -50.]), 0., I=3.)
        np.testing.assert_allclose(np.asarray(V), -62. + (np.array([-60., -50.]) + 62.) * math.exp(-0.2), rtol=1e-14)
        still = bp.odeint(lambda x, t: 3., method="exp_auto", dt=0.5)(bm.zeros(2), 0.)
        np.testing.assert_allclose(np.asarray(still), 1.5)

    def test_exponential_euler_of_coupled_elements_takes_column_sums(self):
        """As BrainPy's: the slope by an element is the sum over all equations."""
        w = np.array([[-1., 0.3], [0.2, -2.]])
        x = np.array([1., 2.])
        new = bp.odeint(lambda x, t: w @ x, method="exp_auto", dt=0.1)(bm.asarray(x), 0.)
        L = w.sum(axis=0)
        np.testing.assert_allclose(np.asarray(new), x + 0.1 * np.expm1(0.1 * L) / (0.1 * L) * (w @ x), rtol=1e-13)


class DelaysTest(DoublePrecision):
    def exact(self, t):
        """x' = -x(t - 1), x = 1 before 0."""
        return sum((-1) ** k * max(t - (k - 1), 0.) ** k / math.factorial(k) for k in range(0, int(t) + 2))

    def solve(self, method, dt, end=2.5, kind="time"):
        x = bm.Variable(bm.ones(1))
        if kind == "time":
            delay = bm.TimeDelay(x, 1., before_t0=1., dt=dt)
            integral = bp.odeint(lambda x, t: -delay(t - 1.), method=method, dt=dt, state_delays={"x": delay})
        for k in range(round(end / dt)):
            x.value = integral(x, k * dt)
        return float(x[0])

    def test_order_of_delayed_equations(self):
        for method, order in (("euler", 1), ("heun2", 2), ("rk4", 2)):  # rk4: the delay's values are interpolated linearly
            steps = (0.1, 0.05, 0.025)
            with self.subTest(method):
                self.assertGreater(slope(steps, [abs(self.solve(method, dt) - self.exact(2.5)) for dt in steps]), order - 0.2)

    def test_neutral_equation(self):
        """x' = x'(t - 1)/2 with x' = 1 before 0: x' is 1/2, then 1/4."""
        dt, x = 0.1, bm.Variable(bm.zeros(1))
        past = bm.NeuTimeDelay(x, 1., before_t0=1., dt=dt)
        past.reset(bm.ones(1), before_t0=1.)
        integral = bp.odeint(lambda x, t: past(t - 1.) * 0.5, dt=dt, neutral_delays={"x": past})
        for k in range(20):
            x.value = integral(x, k * dt)
        self.assertAlmostEqual(float(x[0]), 0.75, delta=0.05)

    def test_a_delay_of_no_variable(self):
        with self.assertRaisesRegex(bp.errors.DiffEqError, "a delay of 'y'"):
            bp.odeint(lambda x, t: -x, state_delays={"y": bm.TimeDelay(bm.zeros(1), 1.)})


class Paths:
    """Brownian paths on a fine grid, given to sdeint instead of random numbers, on coarser ones."""

    def __init__(self, paths, fine, end, seed, processes=None):
        rng = np.random.default_rng(seed)
        shape = (fine, paths) if processes is None else (fine, paths, processes)
        self.dt = end / fine
        self.w = rng.standard_normal(shape) * math.sqrt(self.dt)
        self.other = rng.standard_normal(shape) * math.sqrt(self.dt)
        self.area = 0.5 * self.dt * (self.w + self.other / math.sqrt(3.))  # the integral of W - W(start) over each fine step

    def final(self):
        return self.w.sum(axis=0)

    def numbers(self, every):
        """For each coarse step the standard normal numbers of dW and of the second integral."""
        dt = every * self.dt
        for k in range(0, len(self.w), every):
            w = self.w[k:k + every]
            before = np.cumsum(w, axis=0) - w
            total, area = w.sum(axis=0), (self.area[k:k + every] + before * self.dt).sum(axis=0)
            yield total / math.sqrt(dt), math.sqrt(3.) * (2. * area / dt - total) / math.sqrt(dt)


class StochasticTest(DoublePrecision):
    A, B, END = 0.4, 0.6, 1.

    def strong(self, method, g=None, exact=None, processes=None, f=None, start=1., **settings):
        paths = Paths(400, 512, self.END, 11, processes)
        f = f or (lambda x, t: self.A * x)
        g = g or (lambda x, t: self.B * x)
        truth = exact(paths.final())
        errors, steps = [], []
        original = bm.random.randn
        try:
            for every in (32, 16, 8, 4):
                dt, feed = every * paths.dt, []
                bm.random.randn = lambda *shape: bm.asarray(feed.pop(0))
                integral, x = bp.sdeint(f=f, g=g, method=method, dt=dt, **settings), bm.ones(400) * start
                for k, pair in enumerate(paths.numbers(every)):
                    feed[:] = pair
                    x = integral(x, k * dt)
                errors.append(np.mean(np.abs(np.asarray(x) - truth)))
                steps.append(dt)
        finally:
            bm.random.randn = original
        return slope(steps, errors)

    def geometric(self, w):
        return np.exp((self.A - 0.5 * self.B ** 2) * self.END + self.B * w)

    def test_strong_orders_of_ito_methods(self):
        for method, order in (("euler", 0.5), ("milstein", 1.), ("milstein_grad_free", 1.), ("milstein2", 1.), ("klpl", 1.), ("srk1w1", 1.5),
                              ("srk2w1", 1.5)):
            with self.subTest(method):
                measured = self.strong(method, exact=self.geometric)
                self.assertGreater(measured, order - 0.15)
                self.assertLess(measured, order + 0.3)

    def test_weak_orders(self):
        """Of the mean, on 20,000 paths: the same paths for each step, so that the difference to the exact solution is known well."""
        paths, original = Paths(20000, 32, self.END, 5), bm.random.randn
        truth, steps = self.geometric(paths.final()), []
        errors = {method: [] for method in ("euler", "milstein", "klpl")}
        try:
            for every in (8, 4, 2):
                steps.append(every * paths.dt)
                for method, found in errors.items():
                    feed = []
                    bm.random.randn = lambda *shape: bm.asarray(feed.pop(0))
                    integral, x = bp.sdeint(f=lambda x, t: self.A * x, g=lambda x, t: self.B * x, method=method, dt=steps[-1]), bm.ones(20000)
                    for k, pair in enumerate(paths.numbers(every)):
                        feed[:] = pair
                        x = integral(x, k * steps[-1])
                    found.append(abs(np.mean(np.asarray(x) - truth)))
        finally:
            bm.random.randn = original
        for method, found in errors.items():
            with self.subTest(method):
                self.assertLess(abs(slope(steps, found) - 1.), 0.3)
                exact = [abs((1 + self.A * dt) ** round(self.END / dt) - math.exp(self.A * self.END)) for dt in steps]
                np.testing.assert_allclose(found, exact, atol=0.004)  # all three have the mean of Euler's recursion

    def test_strong_order_of_exponential_euler(self):
        measured = self.strong("exp_euler", exact=self.geometric)
        self.assertGreater(measured, 0.4)

    def test_stratonovich(self):
        exact = lambda w: np.exp(self.A * self.END + self.B * w)  # noqa: E731
        for method in ("euler", "heun", "milstein", "milstein_grad_free"):
            with self.subTest(method):
                self.assertGreater(self.strong(method, exact=exact, intg_type="Stratonovich"), 0.85)

    def test_nonlinear_noise(self):
        """x = tanh(b W): dx = b (1 - x^2) o dW, in Ito's form with the drift -b^2 x (1 - x^2)."""
        b = 0.8
        g, exact = (lambda x, t: b * (1 - x * x)), (lambda w: np.tanh(np.arctanh(0.2) + b * w))
        for kind, drift in (("Ito", -b * b), ("Stratonovich", 0.)):
            f = lambda x, t, drift=drift: drift * x * (1 - x * x)  # noqa: E731
            for method in ("milstein", "milstein_grad_free") + (("klpl", "srk1w1", "srk2w1") if kind == "Ito" else ("heun",)):
                with self.subTest(kind + " " + method):
                    measured = self.strong(method, g=g, f=f, exact=exact, intg_type=kind, start=0.2)
                    self.assertGreater(measured, 1.3 if method[:3] == "srk" else 0.85)

    def test_vector_wiener(self):
        b = np.array([0.5, -0.3])
        g = lambda x, t: bm.expand_dims(bm.asarray(x), -1) * b  # noqa: E731
        exact = lambda w: np.exp((self.A - 0.5 * b @ b) * self.END + w @ b)  # noqa: E731
        for method, order in (("euler", 0.5), ("milstein", 1.), ("milstein_grad_free", 1.)):
            with self.subTest(method):
                measured = self.strong(method, g=g, exact=exact, processes=2, wiener_type="vector")
                self.assertGreater(measured, order - 0.15)

    def test_two_variables_one_without_noise(self):
        integral = bp.sdeint(f=lambda x, y, t: (-x, x - y), g=lambda x, y, t: (0.3, None), method="milstein", dt=0.1)
        x, y = integral(bm.ones(4), bm.zeros(4), 0.)
        np.testing.assert_allclose(np.asarray(y), 0.1)
        self.assertGreater(np.std(np.asarray(x)), 0.)

    def test_stationary_variance(self):
        """x' = -x/tau + sigma dW/dt by Euler: variance sigma^2 tau/2 / (1 - dt/(2 tau)); 20,000 elements, five standard errors."""
        bm.random.seed(5)
        tau, sigma, dt = 2., 0.5, 0.2
        integral, x = bp.sdeint(f=lambda x, t: -x / tau, g=lambda x, t: sigma, dt=dt), bm.zeros(20000)
        for k in range(100):
            x = integral(x, k * dt)
        variance = sigma ** 2 * tau / 2 / (1 - dt / (2 * tau))
        self.assertLess(abs(np.var(np.asarray(x)) - variance), 5 * variance * math.sqrt(2 / 20000))

    def test_refusals(self):
        f, g = lambda x, t: -x, lambda x, t: x  # noqa: E731
        for settings, text in ((dict(method="heun"), "give intg_type='Stratonovich'"), (dict(method="srk1w1", intg_type="Stratonovich"), "for Ito"),
                               (dict(method="klpl", wiener_type="vector"), "scalar Wiener"), (dict(wiener_type="many"), "wiener_type must be one of"),
                               (dict(method="milsten"), "the nearest are milstein")):
            with self.subTest(text), self.assertRaisesRegex(ValueError, text):
                bp.sdeint(f=f, g=g, **settings)


class FractionalTest(DoublePrecision):
    def relax(self, method, alpha, dt, end=1.):
        count = round(end / dt)
        integral = bp.fdeint(alpha, count + 1, [bm.ones(2)], f=lambda x, t: -x, method=method, dt=dt)
        x = bm.ones(2)
        for k in range(count):
            x = integral(x, k * dt)
        return float(x[1])

    def test_relaxation_is_mittag_leffler(self):
        """D^(1/2) x = -x, x(0) = 1: x = exp(t) erfc(sqrt(t))."""
        exact, steps = math.exp(1.) * math.erfc(1.), (1 / 50, 1 / 100, 1 / 200)
        for method in ("l1", "euler"):
            with self.subTest(method):
                errors = [abs(self.relax(method, 0.5, dt) - exact) for dt in steps]
                self.assertLess(errors[-1], 3e-3)
                self.assertGreater(slope(steps, errors), 0.85)

    def test_order_one_is_euler(self):
        x = self.relax("l1", 1., 0.01)
        self.assertAlmostEqual(x, 0.99 ** 100, places=12)

    def test_short_memory(self):
        """D^a x = 2 t^(2-a) / Gamma(3-a), x = t^2."""
        a, errors, steps = 0.7, [], (1 / 50, 1 / 100, 1 / 200)
        for dt in steps:
            integral = bp.fdeint(a, 1000, [0.], lambda x, t: 0 * x + 2 * t ** (2 - a) / math.gamma(3 - a), "short-memory", dt)
            x = bm.zeros(1)
            for k in range(round(1 / dt)):
                x = integral(x, k * dt)
            errors.append(abs(float(x[0]) - 1.))
        self.assertGreater(slope(steps, errors), 0.85)

    def test_brainpys_coefficients(self):
        """Gruenwald's numbers: (-1)^j binomial(alpha, j)."""
        integral = bp.fde.GLShortMemory(lambda x, t: -x, alpha=0.5, inits=[1.], num_memory=4)
        np.testing.assert_allclose(integral.binomial_coef[:, 0], [-1 / 2, -1 / 8, -1 / 16, -5 / 128], rtol=1e-14)

    def test_history_and_limits(self):
        integral = bp.fdeint(0.8, 3, [bm.ones(1)], f=lambda x, t: -x, dt=0.1)
        x, seen = bm.ones(1), []
        for k in range(3):
            seen.append(float(x[0]))
            x = integral(x, k * 0.1)
        np.testing.assert_allclose(integral.hists("x")[:, 0], seen, rtol=1e-13)
        with self.assertRaisesRegex(ValueError, "needs a memory of 9 steps, num_memory is 3"):
            integral(x, 0.85)
        with self.assertRaisesRegex(bp.UnsupportedError, "orders are in"):
            bp.fdeint(1.5, 3, [1.], f=lambda x, t: -x)


class InterfaceTest(unittest.TestCase):
    def test_joint_equations_share_arguments(self):
        def dV(V, t, w, I, a=2.):
            return a * V - w + I

        def dw(w, t, V, b=3.):
            return V - b * w
        joint = bp.JointEq([dV, dw])
        self.assertEqual(joint.arg_keys, ["V", "w", "t", "I", "a", "b"])
        self.assertEqual(joint(1., 2., 0., 0.5), [0.5, -5.])
        self.assertEqual(joint(1., 2., 0., 0.5, b=1.), [0.5, -1.])
        with self.assertRaisesRegex(TypeError, "the equation of 'V' needs 'I'"):
            joint(1., 2., 0.)

    def test_messages(self):
        for make, text in ((lambda: bp.odeint(lambda x: -x), "there is no 't'"), (lambda: bp.odeint(lambda t, x: -x), "needs a variable before 't'"),
                           (lambda: bp.odeint(lambda x, t, dt: -x), "give this variable or parameter another name"),
                           (lambda: bp.odeint(lambda x, y, t: (x, y), method="exp_auto"), "join them by bp.JointEq"),
                           (lambda: bp.JointEq(lambda x, t: x, lambda x, t: x), "has two equations"),
                           (lambda: bp.JointEq(lambda x, t, a=1.: x, lambda y, t, a=2.: y), "has two defaults"),
                           (lambda: bp.odeint(lambda x, y, t: x)(1., 2., 0.), "2 variables gave 1 results"),
                           (lambda: bp.odeint(lambda x, t: -x, method="rk5"), "no ODE method 'rk5'; the nearest are")):
            with self.subTest(text), self.assertRaisesRegex(ValueError, text):
                make()
        for make, text in ((lambda: bp.odeint(lambda x, t, I: -x)(1., 0.), "'I' is missing"), (lambda: bp.odeint(lambda x, t: -x)(1., 0., 0.1, 3),
                           "4 arguments for 3: x, t, dt"), (lambda: bp.odeint(lambda x, t: -x)(1., 0., J=3), "no argument 'J'")):
            with self.subTest(text), self.assertRaisesRegex(TypeError, text):
                make()

    def test_methods_by_name(self):
        class Twice(bp.ode.ODEIntegrator):
            def step(self, values, dt):
                return [2. * bm.asarray(values[n]) for n in self.variables]
        bp.ode.register_ode_integrator("twice", Twice)
        self.assertEqual(float(bp.odeint(lambda x, t: x, method="twice")(1., 0.)), 2.)
        bp.ode.set_default_odeint("rk4")
        try:
            self.assertEqual(bp.ode.get_default_odeint(), "rk4")
            self.assertIsInstance(bp.odeint(lambda x, t: x), bp.ode.RK4)
        finally:
            bp.ode.set_default_odeint("euler")
        with self.assertRaisesRegex(ValueError, "derived from ODEIntegrator"):
            bp.ode.register_ode_integrator("none", int)

    def test_time_step_is_that_of_when_it_was_made(self):
        integral = bp.odeint(lambda x, t: 1.)
        with bm.environment(dt=0.5):
            self.assertAlmostEqual(float(integral(0., 0.)), 0.1, places=6)
            self.assertAlmostEqual(float(bp.odeint(lambda x, t: 1.)(0., 0.)), 0.5)
            self.assertAlmostEqual(float(integral(0., 0., dt=0.25)), 0.25)


if __name__ == "__main__":
    unittest.main()
