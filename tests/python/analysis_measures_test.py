"""ranvier.analysis against closed forms: Poisson, gamma renewal and regular trains, Ornstein-Uhlenbeck noise.

Bounds are five standard errors.
"""
import sys
import unittest
from math import erf, exp, gamma, pi, sqrt

try:
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import pure_packages

pure_packages.make_importable()
from ranvier import analysis as an  # noqa: E402

STOP = 200_000.0  # ms


def renewal(shape, rate, n, stop=STOP, seed=1):
    """Stationary gamma renewal trains (warmed up for 20 intervals' time), list of arrays in ms."""
    rng = np.random.default_rng(seed)
    mean, warm = 1000.0 / rate, 20_000.0 / rate
    trains = []
    for _ in range(n):
        size = int((stop + warm) / mean * 1.2 + 100)
        t = np.cumsum(rng.gamma(shape, mean / shape, size)) - warm
        assert t[-1] > stop
        trains.append(t[(t >= 0) & (t <= stop)])
    return trains


class Renewal(unittest.TestCase):
    """n = 40 neurons of 20 Hz for 200 s: 160,000 intervals."""

    @classmethod
    def setUpClass(cls):
        cls.n, cls.rate = 40, 20.0
        cls.of = {k: an.spikes(renewal(k, cls.rate, cls.n, seed=k), start=0, stop=STOP) for k in (1, 2, 4)}

    def within_error(self, values, wanted, slack=0.0):
        error = values.std(ddof=1) / sqrt(len(values))
        self.assertLess(error, 0.02 * max(wanted, 1.0), "the test would not see much")
        self.assertLess(abs(values.mean() - wanted), 5 * error + slack, (values.mean(), wanted))

    def test_rates(self):
        for k, s in self.of.items():
            r = an.rates(s)
            self.assertEqual(r.shape, (self.n,))
            self.within_error(r, self.rate)
            self.assertAlmostEqual(an.mean_rate(s), r.mean(), 10)

    def test_cv_and_lv(self):
        for k, s in self.of.items():
            # Of 4,000 intervals the bias of CV is some 1e-4.
            self.within_error(an.cv(s), 1 / sqrt(k), slack=1e-3)
            self.within_error(an.lv(s), 3 / (2 * k + 1))
            beta = gamma(k) ** 2 / gamma(2 * k)
            self.within_error(an.cv2(s), 2 / (k * beta * 2 ** (2 * k - 1)))
            np.testing.assert_allclose(an.lvr(s, refractoriness=0), an.lv(s), rtol=1e-12)

    def test_lvr_of_a_dead_time(self):
        # Poisson with a dead time R: I + I' = 2 R + S; LvR's second factor is (1 + 4R/(2R + S)), here integrated for S ~ gamma(2).
        rng = np.random.default_rng(3)
        trains = [np.cumsum(5.0 + rng.exponential(20.0, 20_000)) for _ in range(20)]
        x = (np.arange(400_000) + 0.5) * 1e-3 * 1.0
        weight = x * np.exp(-x)                       # S / 20 ms
        total = 10 + 20 * x
        # (I - I')^2 given S: uniform over +-S, so that its mean is S^2 / 3.
        wanted = float((weight * (20 * x) ** 2 / total ** 2 * (1 + 20 / total)).sum() * 1e-3)
        self.within_error(an.lvr(trains, refractoriness=5.0), wanted)

    def test_fano_factor(self):
        for k, s in self.of.items():
            # Stationary renewal counts: variance -> CV^2 mean + 1/6 + CV^4/2 - skewness term/3 (Cox 1962, 4.5); for gamma k:
            # mu3/m^3 = 2/k^2, so that the constant is 1/6 + 1/(2 k^2) - 2/(3 k^2).
            # The remainder falls exponentially with the window; 200 windows of 40 neurons: a standard error of sqrt(2/200/40) for k = 1.
            window = 1000.0
            mean = self.rate * window / 1000
            self.within_error(an.fano_factor(s, window=window), 1 / k + (1 / 6 + 1 / (2 * k * k) - 2 / (3 * k * k)) / mean, slack=2e-3)

    def test_interval_density(self):
        for k, s in self.of.items():
            edges, density = an.isi_histogram(s, bins=25, longest=150.0)
            x = np.linspace(0, 150, 25 * 200 + 1)
            x = 0.5 * (x[1:] + x[:-1])
            b = k * self.rate / 1000
            wanted = (b ** k * x ** (k - 1) * np.exp(-b * x) / gamma(k)).reshape(25, 200).mean(1)
            error = np.sqrt(wanted / (6.0 * len(an.pooled_isi(s))))
            self.assertLess(np.max(np.abs(density - wanted) / error), 5, k)
            _, found = an.isi_histogram(s, bins=edges, density=False)
            np.testing.assert_allclose(found / 6.0 / len(an.pooled_isi(s)), density, rtol=1e-12)

    def test_rate_spectrum(self):
        for k, s in self.of.items():
            f, power = an.rate_spectrum(s, bin=1.0, segment=500)
            keep = (f > 5) & (f < 200)
            # Binned at 1 kHz: each alias of f with the weight of a bin, sinc^2. The weights add up to 1: what is beyond is flat.
            wanted, weights = 0.0, 0.0
            for alias in range(-5, 6):
                g = f + 1000 * alias
                ft = (1 + 2j * pi * np.where(g != 0, g, 1) / (k * self.rate)) ** -k
                wanted, weights = wanted + np.real((1 + ft) / (1 - ft)) * np.sinc(g / 1000) ** 2, weights + np.sinc(g / 1000) ** 2
            wanted = 2 * self.rate / self.n * (wanted + 1 - weights)
            pieces = 2 * STOP / 500
            error = sqrt(11 / 9 / (pieces / 2) / 2 * 2)  # Hann, half overlapped: 1.22 times the variance of independent pieces
            self.assertLess(np.max(np.abs(power / wanted - 1)[keep]), 5 * error + 0.03, k)
            self.assertLess(abs(np.mean((power / wanted)[keep]) - 1), 0.02, k)

    def test_autocorrelogram(self):
        # The renewal density of a gamma process of shape 2: rate (1 - exp(-4 rate t)).
        s = self.of[2]
        lags, rate = an.cross_correlogram(s, np.arange(self.n), np.arange(self.n), bin=5.0, longest=50.0)
        # Pooled: each neuron's own density, and n - 1 independent ones.
        t = np.abs(lags)
        x = t[:, None] + (np.arange(100) + 0.5 - 50)[None, :] * 0.05
        wanted = (self.rate * (1 - np.exp(-4 * self.rate * np.abs(x) / 1000))).mean(1) + (self.n - 1) * self.rate
        error = wanted / np.sqrt(rate.mean() / 1000 * 5.0 * len(s))
        # Pairs of neurons fluctuate together with the rates over the whole recording: 2 sqrt(1/(k spikes)) relative.
        self.assertLess(np.max(np.abs(rate - wanted)), 5 * error.max() + 10 * wanted.max() / sqrt(2 * len(s)))
        lags, own = an.cross_correlogram(s, 3, 3, bin=5.0, longest=50.0)
        np.testing.assert_array_equal(own, own[::-1])
        self.assertLess(own[10], 0.3 * self.rate)

    def test_correlations(self):
        c = an.correlations(self.of[1], bin=50.0)
        pairs = c[np.triu_indices(self.n, 1)]
        np.testing.assert_array_equal(np.round(np.diag(c), 12), 1)
        self.assertLess(np.abs(pairs).max(), 6 / sqrt(STOP / 50))
        self.assertLess(abs(an.mean_correlation(self.of[1], bin=50.0)), 5 / sqrt(STOP / 50 * len(pairs)))

    def test_chi_of_independent_neurons(self):
        self.assertAlmostEqual(an.spike_chi(self.of[1], bin=50.0), 1 / sqrt(self.n), delta=5 / sqrt(self.n) / sqrt(2 * STOP / 50))


class Shared(unittest.TestCase):
    """Poisson trains with a common part: each has 15 Hz of its own and 5 Hz that both share 3 ms apart."""

    def test_correlation_and_lag(self):
        rng = np.random.default_rng(5)
        stop = 400_000.0
        common = np.sort(rng.uniform(0, stop, rng.poisson(5 * stop / 1000)))
        own = [rng.uniform(0, stop, rng.poisson(15 * stop / 1000)) for _ in range(2)]
        s = an.spikes([np.r_[common, own[0]], np.r_[common, own[1]]], stop=stop)
        c = an.correlations(s, bin=20.0)
        self.assertAlmostEqual(c[0, 1], 0.25, delta=5 / sqrt(stop / 20))
        late = an.spikes([np.r_[common, own[0]], np.r_[common + 3.0, own[1]]], stop=stop)
        lags, rate = an.cross_correlogram(late, 0, 1, bin=1.0, longest=10.0)
        peak = int(np.argmax(rate))
        self.assertEqual(lags[peak], 3.0)
        # A quarter of 0's spikes have a partner of 1 in that bin: 250 Hz over the mean of 20 Hz.
        self.assertAlmostEqual(rate[peak], 250 + 20, delta=5 * sqrt(0.25 / 8000) * 1000 * 1.2)
        others = np.delete(rate, peak)
        self.assertLess(np.max(np.abs(others - 20)), 5 * sqrt(0.02 / 8000) * 1000)
        _, excess = an.cross_correlogram(late, 0, 1, bin=1.0, longest=10.0, scale="excess")
        np.testing.assert_allclose(excess, rate / (len(late.train(1)) * 1000 / stop) - 1, rtol=1e-9)
        _, back = an.cross_correlogram(late, 1, 0, bin=1.0, longest=10.0, scale="counts")
        _, there = an.cross_correlogram(late, 0, 1, bin=1.0, longest=10.0, scale="counts")
        # A lag is on an edge of a bin with probability zero.
        np.testing.assert_array_equal(back[::-1], there)


class Regular(unittest.TestCase):
    def test_everything_is_exact(self):
        s = an.spikes([np.arange(1, 101) * 10.0, np.arange(1, 51) * 20.0, [], [7.0]], start=0, stop=1000)
        self.assertEqual(s.n, 4)
        np.testing.assert_allclose(an.rates(s), [100, 50, 0, 1])
        for measure in (an.cv, an.cv2, an.lv, an.lvr):
            np.testing.assert_allclose(measure(s), [0, 0, np.nan, np.nan], atol=1e-12)
        t, rate = an.population_rate(s, bin=100.0)
        np.testing.assert_array_equal(t, 50 + 100 * np.arange(10))
        # Spikes at 10, ..., 1000: 9 in the first bin, the one at the very end in the last.
        np.testing.assert_allclose(rate, (np.array([9 + 4 + 1] + [10 + 5] * 8 + [11 + 6])) / 4 / 0.1)
        self.assertEqual(an.counts(s, bin=100.0).sum(), len(s))
        np.testing.assert_array_equal(an.fano_factor([np.arange(100) + 0.5], window=10, stop=100), [0])

    def test_edges_survive_rounding(self):
        # Steps of 0.1 ms: 0.1 * 3 is more than 0.3. Each bin of 0.3 ms must hold three.
        t = np.arange(3000) * 0.1
        self.assertEqual(set(an.counts((t, np.zeros(3000, int)), bin=0.3, n=1, stop=300.0)[:, 0]), {3})
        self.assertEqual(len(an.counts((t, np.zeros(3000, int)), bin=0.3, n=1, stop=300.0)), 1000)

    def test_smoothed_rate(self):
        one = ([500.0], [0])
        t, r = an.smoothed_rate(one, width=10.0, n=2, stop=1000.0)
        np.testing.assert_allclose(r, np.exp(-0.5 * ((t - 500) / 10) ** 2) / (10 * sqrt(2 * pi)) * 500, atol=1e-12)
        t, r = an.smoothed_rate(one, width=10.0, kernel="exponential", n=1, stop=1000.0)
        np.testing.assert_allclose(r, np.where(t >= 500, np.exp(-(t - 500) / 10) * 100, 0), atol=1e-12)
        # A constant rate stays one up to the edges.
        many = (np.arange(0.05, 1000, 0.1), np.zeros(10_000, int))
        for kernel in ("gaussian", "box"):
            _, r = an.smoothed_rate(many, width=20.0, kernel=kernel, n=1, stop=1000.0)
            np.testing.assert_allclose(r, 10_000, rtol=0.01)

    def test_vector_strength(self):
        locked = an.vector_strength(np.arange(200) * 25.0 + 5.0, frequency=40.0)
        self.assertAlmostEqual(locked.strength, 1.0, 12)
        self.assertAlmostEqual(locked.phase, 2 * pi * 0.2, 12)
        self.assertLess(locked.p, 1e-80)
        rng = np.random.default_rng(2)
        jittered = an.vector_strength(np.arange(20_000) * 25.0 + rng.normal(0, 4.0, 20_000), frequency=40.0)
        self.assertAlmostEqual(jittered.strength, exp(-0.5 * (2 * pi * 0.04 * 4) ** 2), delta=5 / sqrt(2 * 20_000))
        p = [an.vector_strength(None, phases=rng.uniform(0, 2 * pi, 100)).p for _ in range(4000)]
        for level in (0.05, 0.5):
            self.assertAlmostEqual(np.mean(np.array(p) < level), level, delta=5 * sqrt(level * (1 - level) / 4000))


class Signals(unittest.TestCase):
    def test_ornstein_uhlenbeck(self):
        rng = np.random.default_rng(4)
        dt, tau, sigma, size = 1.0, 20.0, 3.0, 400_000
        a = exp(-dt / tau)
        noise = rng.normal(0, sigma * sqrt(1 - a * a), size)
        x, value = np.empty(size), rng.normal(0, sigma)
        for k in range(size):
            x[k] = value = a * value + noise[k]
        f, power = an.welch(x, dt, segment=2000)
        wanted = 2 * sigma ** 2 * (1 - a * a) * dt / 1000 / (1 - 2 * a * np.cos(2 * pi * f * dt / 1000) + a * a)
        ratio = (power / wanted)[2:-1]
        self.assertLess(np.abs(ratio - 1).max(), 6 * sqrt(1.1 / (size / 1000)))
        self.assertLess(abs(ratio.mean() - 1), 0.02)
        self.assertAlmostEqual(power.sum() * f[1] / sigma ** 2, 1, delta=5 * sqrt(2 * tau / size))

    def test_sine(self):
        t = np.arange(10_000)
        f, power = an.welch(2 * np.sin(2 * pi * 0.04 * t), 1.0, segment=1000)
        self.assertEqual(an.peak_frequency(f, power), 40.0)
        self.assertAlmostEqual(power.sum() * f[1], 2.0, 6)

    def test_columns_and_scipy(self):
        x = np.random.default_rng(1).normal(size=(5000, 3))
        f, power = an.welch(x, 0.5, segment=512)
        np.testing.assert_allclose(an.welch(x[:, 1], 0.5, segment=512)[1], power[:, 1], rtol=1e-12)
        try:
            from scipy.signal import welch
        except ImportError:
            self.skipTest("SciPy is not installed")
        theirs = welch(x, fs=2000.0, window="hann", nperseg=512, noverlap=256, axis=0)
        np.testing.assert_allclose(f, theirs[0])
        np.testing.assert_allclose(power, theirs[1], rtol=1e-9)

    def test_chi(self):
        rng = np.random.default_rng(6)
        one = rng.normal(size=(4000, 1))
        self.assertAlmostEqual(an.chi(np.repeat(one, 10, axis=1)), 1.0, 12)
        # A common part of variance c: chi^2 = c + (1 - c)/n.
        x = sqrt(0.3) * rng.normal(size=(20_000, 1)) + sqrt(0.7) * rng.normal(size=(20_000, 50))
        self.assertAlmostEqual(an.chi(x) ** 2, 0.3 + 0.7 / 50, delta=5 * 0.314 * sqrt(2 / 20_000))
        self.assertTrue(np.isnan(an.chi(np.ones((5, 2)))))

    def test_lfp(self):
        e, i = np.arange(100.0), -np.arange(100.0) ** 2
        x = an.lfp_proxy(np.stack([e, e], 1) / 2, i, dt=0.5, normalise=False)
        self.assertTrue(np.isnan(x[:12]).all())
        np.testing.assert_allclose(x[12:], e[:-12] + 1.65 * e[12:] ** 2)
        y = an.lfp_proxy(e, i, dt=0.5)[12:]
        self.assertAlmostEqual(y.mean(), 0, 12)
        self.assertAlmostEqual(y.std(), 1, 12)


class Distances(unittest.TestCase):
    def test_victor_purpura(self):
        vp = an.victor_purpura
        self.assertEqual(vp([], [], cost=1), 0)
        self.assertEqual(vp([1, 2, 3], [], cost=0.1), 3)
        self.assertAlmostEqual(vp([10.0], [12.5], cost=0.1), 0.25)
        self.assertEqual(vp([10.0], [100.0], cost=0.1), 2)
        self.assertEqual(vp([1, 2, 3, 4], [7], cost=0), 3)
        rng = np.random.default_rng(7)

        def plain(a, b, q):
            d = np.add.outer(np.arange(len(a) + 1.0), np.arange(len(b) + 1.0))
            for i in range(1, len(a) + 1):
                for j in range(1, len(b) + 1):
                    d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + q * abs(a[i - 1] - b[j - 1]))
            return d[-1, -1]
        for _ in range(20):
            a, b, c = (np.sort(rng.uniform(0, 100, rng.integers(0, 15))) for _ in range(3))
            q = rng.uniform(0, 0.3)
            self.assertAlmostEqual(vp(a, b, cost=q), plain(a, b, q), 9)
            self.assertAlmostEqual(vp(a, b, cost=q), vp(b, a, cost=q), 9)
            self.assertLessEqual(vp(a, c, cost=q), vp(a, b, cost=q) + vp(b, c, cost=q) + 1e-9)

    def test_van_rossum(self):
        vr = an.van_rossum
        self.assertAlmostEqual(vr([5.0], [], tau=10), sqrt(0.5), 12)
        self.assertAlmostEqual(vr([5.0], [8.0], tau=10), sqrt(1 - exp(-0.3)), 12)
        rng = np.random.default_rng(8)
        a, b = rng.uniform(0, 100, 12), rng.uniform(0, 100, 9)
        t = np.arange(0, 400, 0.002) + 0.001
        f = sum(np.where(t >= s, np.exp(-np.maximum(t - s, 0) / 10), 0) for s in a) - sum(
            np.where(t >= s, np.exp(-np.maximum(t - s, 0) / 10), 0) for s in b)
        self.assertAlmostEqual(vr(a, b, tau=10), sqrt((f * f).sum() * 0.002 / 10), 4)
        self.assertLess(vr(a, a[::-1], tau=10), 1e-6)

    def test_isi_distance(self):
        d = an.isi_distance
        regular = lambda p: np.arange(p, 1000, p)
        self.assertEqual(d(regular(10.0), regular(10.0), start=0, stop=1000), 0)
        self.assertAlmostEqual(d(regular(10.0), regular(20.0), start=0, stop=1000), 0.5, 12)
        self.assertAlmostEqual(d([], [500.0], start=0, stop=1000), 0.5, 12)
        m = an.distance_matrix([[1.0], [2.0], []], an.victor_purpura, cost=0.1)
        np.testing.assert_allclose(m, [[0, 0.1, 1], [0.1, 0, 1], [1, 1, 0]])

    def test_elephant(self):
        try:
            import elephant.spike_train_dissimilarity as d
            import elephant.statistics as st
            import neo
            import quantities as pq
        except ImportError as error:
            self.skipTest(str(error))
        trains = renewal(2, 20.0, 3, stop=5000.0, seed=9)
        theirs = [neo.SpikeTrain(t * pq.ms, t_start=0 * pq.ms, t_stop=5000 * pq.ms) for t in trains]
        s = an.spikes(trains, stop=5000.0)
        np.testing.assert_allclose(an.rates(s), [float(st.mean_firing_rate(t).rescale("Hz")) for t in theirs])
        np.testing.assert_allclose(an.cv2(s), [st.cv2(st.isi(t)) for t in theirs])
        np.testing.assert_allclose(an.lv(s), [st.lv(st.isi(t)) for t in theirs])
        np.testing.assert_allclose(an.lvr(s), [st.lvr(st.isi(t), R=5 * pq.ms) for t in theirs])
        np.testing.assert_allclose(an.cv(s), [st.cv(st.isi(t).magnitude) for t in theirs])
        vp = d.victor_purpura_distance(theirs, cost_factor=50 / pq.s)
        np.testing.assert_allclose(an.distance_matrix(trains, an.victor_purpura, cost=0.05), vp, atol=1e-9)
        # Theirs has the norm of one spike at 1, ours (the paper's) at sqrt(1/2).
        vr = d.van_rossum_distance(theirs, time_constant=10 * pq.ms)
        np.testing.assert_allclose(an.distance_matrix(trains, an.van_rossum, tau=10.0) * sqrt(2), vr, atol=1e-6)


class Seeds(unittest.TestCase):
    def test_student(self):
        from ranvier.analysis.seeds import student_quantile
        # Tables: two-sided 95% and 99%.
        for freedom, t95, t99 in ((1, 12.7062, 63.6567), (4, 2.7764, 4.6041), (9, 2.2622, 3.2498), (30, 2.0423, 2.7500),
                                  (1000, 1.9623, 2.5808)):
            self.assertAlmostEqual(student_quantile(0.95, freedom), t95, 4)
            self.assertAlmostEqual(student_quantile(0.99, freedom), t99, 4)
        # One and two degrees of freedom have closed forms.
        self.assertAlmostEqual(student_quantile(0.8, 1), np.tan(pi / 2 * 0.8), 10)
        self.assertAlmostEqual(student_quantile(0.8, 2), 0.8 * sqrt(2 / (1 - 0.64)), 10)

    def test_coverage(self):
        rng = np.random.default_rng(10)
        for method, count, wanted in (("t", 5, 0.9), ("bootstrap", 40, 0.9)):
            inside = sum(3.0 in an.confidence(rng.normal(3, 2, count), level=0.9, method=method, resamples=400, seed=k)
                         for k in range(1000))
            # The bootstrap of 40 values is short by some 1%.
            self.assertAlmostEqual(inside / 1000, wanted, delta=5 * sqrt(0.09 / 1000) + (0.015 if method == "bootstrap" else 0))

    def test_over_seeds(self):
        runs = [renewal(1, 20.0, 5, stop=10_000.0, seed=100 + k) for k in range(10)]
        found = an.over_seeds(lambda r: an.mean_rate(r, stop=10_000.0), runs, level=0.999)
        self.assertIn(20.0, found)
        self.assertEqual(found.n, 10)
        each = an.over_seeds(lambda r: an.rates(r, stop=10_000.0), runs, method="bootstrap", resamples=200)
        self.assertEqual(each.low.shape, (5,))
        self.assertTrue((each.low < each.mean).all() and (each.mean < each.high).all())
        again = an.over_seeds(lambda r: an.rates(r, stop=10_000.0), runs, method="bootstrap", resamples=200)
        np.testing.assert_array_equal(each.low, again.low)


class Result:
    def __init__(self, times, ids, **more):
        self.times, self.ids = times, ids
        self.__dict__.update(more)


class Unit(np.ndarray):
    unit = "s"


class Input(unittest.TestCase):
    def test_forms_are_equal(self):
        times, ids = np.array([1.0, 3.0, 2.0]), np.array([1, 0, 1])
        forms = [an.spikes(times, ids, n=2, stop=10), an.spikes((times, ids), n=2, stop=10), an.spikes([[3.0], [1.0, 2.0]], stop=10),
                 an.spikes(Result(times, ids, n=2, duration=10.0)), an.spikes(Result((times / 1000).view(Unit), ids), n=2, stop=10)]
        for s in forms:
            np.testing.assert_allclose(s.times, [3, 1, 2])
            np.testing.assert_array_equal(s.ids, [0, 1, 1])
            self.assertEqual((s.n, s.start, s.stop), (2, 0, 10))
        cut = an.spikes(forms[0], start=2, stop=3)
        np.testing.assert_array_equal(cut.times, [3, 2])
        locked = times.copy()
        locked.flags.writeable = False
        self.assertEqual(len(an.spikes(locked[::-1], ids.astype(np.uint8), n=2, stop=10)), 3)

    def test_empty(self):
        s = an.spikes([], [], n=3, stop=100)
        np.testing.assert_array_equal(an.rates(s), [0, 0, 0])
        self.assertTrue(np.isnan(an.cv(s)).all() and np.isnan(an.fano_factor(s, window=10)).all())
        self.assertEqual(an.pooled_isi(s).size, 0)
        self.assertTrue(np.isnan(an.mean_correlation(s, bin=10)))

    def test_errors(self):
        good = ([1.0, 2.0], [0, 1])
        for text, call in (
            ("pass n=", lambda: an.rates(good, stop=10)),
            ("pass start= and stop=", lambda: an.rates(good, n=2)),
            ("hold nan at index 1", lambda: an.cv(([1.0, np.nan], [0, 1]))),
            ("hold inf", lambda: an.cv(([np.inf, 1.0], [0, 1]))),
            ("one id for each spike", lambda: an.cv(([1.0, 2.0], [0]))),
            ("zero-based", lambda: an.cv(([1.0], [-1]))),
            ("were times and ids exchanged", lambda: an.cv(([0, 1], [0.5, 1.5]))),
            ("but n is 1", lambda: an.rates(good, n=1, stop=10)),
            ("must not be empty", lambda: an.rates(good, n=2, start=10, stop=5)),
            ("do not fit", lambda: an.population_rate(good, n=2, stop=10, bin=20)),
            ("bin must be a positive number", lambda: an.population_rate(good, n=2, stop=10, bin=0)),
            ("bin must be a positive number", lambda: an.population_rate(good, n=2, stop=10, bin=float("nan"))),
            ("one-dimensional", lambda: an.spikes(np.ones((2, 2)), np.ones((2, 2), int))),
            ("one of gaussian, box, exponential", lambda: an.smoothed_rate(good, n=2, stop=10, kernel="gauss")),
            ("longer than the signal", lambda: an.welch(np.ones(10), 1.0, segment=20)),
            ("NaN or infinity", lambda: an.welch([1.0, np.nan], 1.0)),
            ("shape (times, neurons)", lambda: an.chi(np.ones(5))),
            ("either frequency", lambda: an.vector_strength([1.0])),
            ("must not be negative", lambda: an.victor_purpura([1.0], [2.0], cost=-1)),
            ("tau must be a positive", lambda: an.van_rossum([1.0], [2.0], tau=0)),
            ("outside of 0 to 10", lambda: an.isi_distance([11.0], [2.0], start=0, stop=10)),
            ("recorded together", lambda: an.lfp_proxy([1.0], [1.0, 2.0], dt=1)),
            ("two seeds", lambda: an.confidence([1.0])),
            ("NaN or infinite", lambda: an.confidence([1.0, np.nan])),
            ("one of t, bootstrap", lambda: an.confidence([1.0, 2.0], method="bca")),
            ("below 1", lambda: an.confidence([1.0, 2.0], level=95)),
            ("different shapes", lambda: an.over_seeds(np.asarray, [[1.0], [1.0, 2.0]])),
            ("need a longer window", lambda: an.cross_correlogram(good, 0, 1, n=2, stop=10)),
            ("array of different ids", lambda: an.cross_correlogram(good, [0, 0], 1, n=2, stop=10)),
            ("neuron 5 is not in 0 to 1", lambda: an.cross_correlogram(good, 5, 1, n=2, stop=10, longest=3)),
        ):
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                call()
            self.assertIn(text, str(caught.exception))
        for text, call in (
            ("(times, ids), a list", lambda: an.rates(3.0)),
            ("array of real numbers", lambda: an.cv((["a"], [0]))),
            ("ids must be integers", lambda: an.cv(([1.0], ["a"]))),
            ("n must be a whole number", lambda: an.rates(good, n=2.5, stop=10)),
            ("n must be a whole number", lambda: an.rates(good, n=float("nan"), stop=10)),
            ("n must be a whole number", lambda: an.rates(good, n="two", stop=10)),
            ("must be a number, not str", lambda: an.rates(good, n=2, stop="10 ms")),
        ):
            with self.subTest(text), self.assertRaises(TypeError) as caught:
                call()
            self.assertIn(text, str(caught.exception))


if __name__ == "__main__":
    unittest.main()
