"""Integrators whose steps are traced and compiled: IntegratorRunner, loops, delays."""
import sys
import unittest
import warnings

import numpy as np
import ranvier.brainpy as bp
import ranvier.brainpy.math as bm


class DoublePrecision(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()

    def tearDown(self):
        bm.disable_x64()


class RunnerTest(DoublePrecision):
    def test_van_der_pol_and_parameters(self):
        @bp.odeint(method="rk4", dt=0.01)
        def step(x, y, t, mu, I):
            return y, mu * (1 - x * x) * y - x + I
        runner = bp.IntegratorRunner(step, monitors=["x", "y"], inits=[1., 0.], args=dict(mu=0.), dt=0.01, progress_bar=False)
        runner.run(2., dyn_args=dict(I=np.zeros(200)))
        self.assertEqual(runner.mon.x.shape, (200, 1))
        np.testing.assert_allclose(runner.mon.x[:, 0], np.cos(runner.mon.ts), atol=1e-8)
        runner.run(1., dyn_args=dict(I=np.zeros(100)))
        np.testing.assert_allclose(runner.mon.ts[[0, -1]], [2.01, 3.])
        np.testing.assert_allclose(runner.mon.y[:, 0], -np.sin(runner.mon.ts), atol=1e-8)
        with self.assertRaisesRegex(ValueError, "has 3 values for 100 steps"):
            runner.run(1., dyn_args=dict(I=np.zeros(3)))
        with self.assertRaisesRegex(bp.errors.MonitorError, "there is no variable 'z'"):
            bp.IntegratorRunner(step, monitors=["z"])


class CompiledTest(DoublePrecision):
    """The same numbers from a loop that is compiled as from one that is run step by step."""

    def same(self, make, count=40, rtol=1e-11):
        results = []
        for jit in (None, False):
            step = make()
            results.append(np.asarray(bm.for_loop(step, bm.arange(float(count)), jit=jit)))
        self.assertTrue(np.all(np.isfinite(results[1])))
        np.testing.assert_allclose(results[0], results[1], rtol=rtol, atol=1e-13)

    def test_methods(self):
        def dV(V, t, w, I=0.5):
            return V - V * V * V / 3. - w + I * bm.cos(t)

        def dw(w, t, V):
            return 0.08 * (V + 0.7 - 0.8 * w)
        for method in bp.ode.get_supported_methods():
            def make():
                V, w = bm.Variable(bm.asarray([-1.5, 0.3, 2.])), bm.Variable(bm.zeros(3))
                integral = bp.odeint(bp.JointEq([dV, dw]), method=method, dt=0.1)

                def step(k):
                    V.value, w.value = integral(V, w, k * 0.1)
                    return V.value
                return step
            with self.subTest(method):
                self.same(make)

    def test_time_delay(self):
        def make():
            x = bm.Variable(bm.ones(2))
            delay = bm.TimeDelay(x, 1., before_t0=lambda t: bm.asarray([1., 2.]) - t, dt=0.1)
            integral = bp.odeint(lambda x, t: -delay(t - 0.83), method="rk4", dt=0.1, state_delays={"x": delay})

            def step(k):
                x.value = integral(x, k * 0.1)
                return x.value
            return step
        self.same(make)

    def test_fractional(self):
        for method in ("l1", "euler", "short-memory"):
            def make():
                x = bm.Variable(bm.ones(3))
                integral = bp.fdeint(0.6, 60, [bm.ones(3)], f=lambda x, t: -x + bm.sin(t), method=method, dt=0.1)

                def step(k):
                    x.value = integral(x, k * 0.1)
                    return x.value
                return step
            with self.subTest(method):
                self.same(make)

    def test_exponential_euler_of_coupled_elements(self):
        w = np.random.default_rng(1).normal(size=(4, 4))

        def make():
            x = bm.Variable(bm.asarray([1., 2., -1., 0.5]))
            integral = bp.odeint(lambda x, t: -x + bm.tanh(w @ x) + bm.mean(x), method="exp_auto", dt=0.1)

            def step(k):
                x.value = integral(x, k * 0.1)
                return x.value
            return step
        self.same(make)


class NoiseTest(DoublePrecision):
    """x' = -x/2 + noise of each method in a compiled loop: the stationary variance, of 20,000 elements within five standard errors."""

    def variance(self, g=lambda x, t: 0.5, **settings):
        bm.random.seed(7)
        x = bm.Variable(bm.zeros(20000))
        integral = bp.sdeint(f=lambda x, t: -x / 2., g=g, dt=0.05, **settings)

        def step(k):
            x.value = integral(x, k * 0.05)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a loop that is run step by step warns
            bm.for_loop(step, bm.arange(400.))
        return np.var(np.asarray(x))

    def test_every_method(self):
        for method in bp.sde.get_supported_methods():
            kind = "Stratonovich" if method == "heun" else "Ito"
            with self.subTest(method):
                found = self.variance(method=method, intg_type=kind)
                self.assertLess(abs(found / 0.25 - 1), 0.013 + 5 * np.sqrt(2 / 20000))  # Euler's is 1/(1 - dt/4) = 1.0127 times as large

    def test_vector_wiener(self):
        """Two processes with 0.3 and 0.4 are one with 0.5."""
        found = self.variance(g=lambda x, t: bm.expand_dims(x, -1) * 0. + bm.asarray([0.3, 0.4]), wiener_type="vector")
        self.assertLess(abs(found / 0.25 - 1), 0.013 + 5 * np.sqrt(2 / 20000))


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
