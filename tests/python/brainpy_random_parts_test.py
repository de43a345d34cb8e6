"""Parts that draw random numbers, against their laws: seeded, so that nothing flickers; limits are 4 standard errors."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402


def run(update, steps, dt=0.1):
    out = []
    for i in range(steps):
        bp.share.save(i=i, t=i * dt, dt=dt)
        out.append(np.array(update()))
    return np.stack(out)


class SourcesTest(unittest.TestCase):
    def setUp(self):
        bm.random.seed(11)

    def test_poisson_group_spikes_at_its_rates(self):
        rates = np.array([20., 100., 400.])
        group = bp.dyn.PoissonGroup(3000, freqs=np.repeat(rates, 1000))
        counts = run(group, 100).sum(axis=0).reshape(3, 1000).mean(axis=1)
        p = rates * 1e-4
        error = np.sqrt(100 * p * (1 - p) / 1000)
        self.assertTrue(np.all(np.abs(counts - 100 * p) < 4 * error), (counts, 100 * p))

    def test_poisson_input_in_both_regimes(self):
        for number, freq in ((50, 100.), (2000, 50.)):
            target = bm.Variable(bm.zeros(4000))
            source = bp.dyn.PoissonInput(target, number, freq, weight=0.5)

            def step():
                target.value = bm.zeros(4000)
                source.update()
                return target.value
            values, p = run(step, 25) / 0.5, freq * 1e-4
            exact = np.sqrt(number * p * (1 - p))
            spread = exact if number * p <= 5 else number * p * (1 - p)  # BrainPy's normal law has the variance as its deviation
            self.assertLess(abs(values.mean() - number * p), 4 * spread / np.sqrt(values.size))
            self.assertLess(abs(values.std() / spread - 1), 4 * np.sqrt(0.5 / values.size) * 1.5)

    def test_ornstein_uhlenbeck_has_its_mean_and_deviation(self):
        mean, sigma, tau, dt = 2., 0.7, 3., 0.1
        process = bp.dyn.OUProcess(4000, mean=mean, sigma=sigma, tau=tau)
        self.assertTrue(np.all(np.asarray(process.x) == np.float32(mean)))
        last = run(process, 150)[-1]
        # the stationary deviation of the exponential step with noise sigma sqrt(dt): sigma sqrt(dt/(1 - exp(-2 dt/tau)))
        expected = sigma * np.sqrt(dt / -np.expm1(-2 * dt / tau))
        self.assertLess(abs(last.mean() - mean), 4 * expected / np.sqrt(last.size))
        self.assertLess(abs(last.std() / expected - 1), 4 / np.sqrt(2 * last.size))

    def test_noise_of_old_neurons_is_of_the_size_that_was_given(self):
        group = bp.neurons.LeakyIntegrator(4000, tau=10., noise=0.5)
        V = run(group, 400)[-1]
        # the Euler-Maruyama or exponential step of dV = -V/tau dt + noise dW: noise sqrt(tau/2) up to a relative dt/tau
        self.assertLess(abs(V.std() / (0.5 * np.sqrt(5.)) - 1), 4 / np.sqrt(8000) + 0.01)

    def test_dropout_keeps_its_share_and_the_mean(self):
        layer = bp.dnn.Dropout(0.7)
        ones = bm.ones(20000)
        self.assertIs(layer(ones), ones)
        out = np.asarray(layer(ones, fit=True))
        np.testing.assert_allclose(np.unique(out), [0., 1 / 0.7], rtol=1e-6)
        self.assertLess(abs((out > 0).mean() - 0.7), 4 * np.sqrt(0.21 / 20000))


class JitConnectionsTest(unittest.TestCase):
    """Connections of a seed: the gaps between connections are uniform on 1 .. 2 ceil(1/p) - 2, so their mean is near 1/p."""

    def matrix(self, layer, n_in):
        return np.stack([np.asarray(layer(bm.asarray(row))) for row in np.eye(n_in)])

    def test_the_same_seed_is_the_same_matrix_and_its_transpose(self):
        forth = self.matrix(bp.dnn.JitFPHomoLinear(60, 40, prob=0.1, weight=0.5, seed=3), 60)
        self.assertTrue(np.array_equal(forth, self.matrix(bp.dnn.JitFPHomoLinear(60, 40, prob=0.1, weight=0.5, seed=3), 60)))
        self.assertFalse(np.array_equal(forth, self.matrix(bp.dnn.JitFPHomoLinear(60, 40, prob=0.1, weight=0.5, seed=4), 60)))
        self.assertEqual(set(np.unique(forth)), {0., 0.5})
        back = self.matrix(bp.dnn.JitFPHomoLinear(60, 40, prob=0.1, weight=0.5, seed=3, transpose=True, atomic=True), 40)
        self.assertTrue(np.array_equal(forth, back.T))

    def test_probability_and_gaps(self):
        matrix = self.matrix(bp.dnn.JitFPHomoLinear(2000, 50, prob=0.05, weight=1., seed=5), 2000)
        gaps = np.concatenate([np.diff(np.flatnonzero(column)) for column in matrix.T])
        self.assertEqual((gaps.min(), gaps.max()), (1, 38))  # ceil(1/0.05) = 20
        self.assertLess(abs(gaps.mean() - 19.5), 4 * np.sqrt((38 ** 2 - 1) / 12 / len(gaps)))
        self.assertLess(abs(matrix.mean() - 1 / 19.5), 0.002)

    def test_weights_follow_their_laws(self):
        uniform = self.matrix(bp.dnn.JitFPUniformLinear(500, 100, prob=0.1, w_low=-1., w_high=2., seed=1), 500)
        normal = self.matrix(bp.dnn.JitFPNormalLinear(500, 100, prob=0.1, w_mu=0.3, w_sigma=0.2, seed=1), 500)
        uniform, normal = uniform[uniform != 0], normal[normal != 0]
        self.assertTrue(uniform.min() >= -1. and uniform.max() <= 2.)
        self.assertLess(abs(uniform.mean() - 0.5), 4 * 3 / np.sqrt(12 * len(uniform)))
        self.assertLess(abs(normal.mean() - 0.3), 4 * 0.2 / np.sqrt(len(normal)))
        self.assertLess(abs(normal.std() / 0.2 - 1), 4 / np.sqrt(2 * len(normal)))

    def test_event_layers_count_what_is_not_zero(self):
        for kind, arguments in (("Homo", {"weight": 0.5}), ("Uniform", {"w_low": 0., "w_high": 1.}), ("Normal", {"w_mu": 0., "w_sigma": 1.})):
            plain = getattr(bp.dnn, f"JitFP{kind}Linear")(30, 20, prob=0.2, seed=2, **arguments)
            event = getattr(bp.dnn, f"EventJitFP{kind}Linear")(30, 20, prob=0.2, seed=2, **arguments)
            x = bm.asarray(np.arange(30) % 3 == 0)
            np.testing.assert_allclose(np.asarray(event(x)), np.asarray(plain(bm.asarray(x, dtype=float))), rtol=1e-6, atol=1e-7)
            np.testing.assert_array_equal(np.asarray(event(x * 5.)), np.asarray(event(x)))

    def test_a_probability_of_zero_or_less_is_refused(self):
        with self.assertRaisesRegex(ValueError, r"must be in \(0, 1\], not 0"):
            bp.dnn.JitFPHomoLinear(3, 3, prob=0., weight=1.)(bm.ones(3))


class DenseTest(unittest.TestCase):
    def test_default_weights_have_xaviers_variance(self):
        bm.random.seed(2)
        layer = bp.dnn.Dense(400, 200)
        W = np.asarray(layer.W)
        self.assertLess(abs(W.std() / np.sqrt(2 / 600) - 1), 4 / np.sqrt(2 * W.size))
        self.assertLess(np.abs(W).max(), 2 * np.sqrt(2 / 600) / .8796 + 1e-6)
        np.testing.assert_allclose(np.asarray(layer(bm.ones(400))), W.sum(axis=0), rtol=2e-4, atol=1e-5)

    def test_flatten_by_axes(self):
        x = bm.zeros((2, 3, 4))
        self.assertEqual(bp.dnn.Flatten()(x).shape, (24,))
        self.assertEqual(bp.dnn.Flatten(start_dim=1)(x).shape, (2, 12))


if __name__ == "__main__":
    unittest.main()
