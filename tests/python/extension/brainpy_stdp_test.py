"""bp.dyn.STDP_Song2000, compiled, against a loop over synapses and steps that is written out, and against the pair rule's closed form."""
import unittest

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm

DT, PRE, POST, STEPS = 0.1, 4, 3, 400
TAU_S, TAU_T, A1, A2 = 16.8, 33.7, 0.02, 0.03
PAIRS = [(0, 0), (0, 2), (1, 1), (2, 0), (2, 1), (2, 2), (3, 1)]


def spike_times(n, seed):
    """Steps in which each of n elements spikes."""
    return np.random.RandomState(seed).random((STEPS, n)) < 0.03


def source(spikes):
    at, who = np.nonzero(spikes)
    return bp.dyn.SpikeTimeGroup(spikes.shape[1], who, at * DT - DT / 2)


class Net(bp.DynSysGroup):
    def __init__(self, pre, post, comm, delay, syn, out, **more):
        super().__init__()
        self.pre, self.post = source(pre), source(post)
        self.syn = bp.dyn.STDP_Song2000(pre=self.pre, delay=delay, comm=comm, syn=syn, out=out, post=self.post, tau_s=TAU_S, tau_t=TAU_T, A1=A1,
                                        A2=A2, **more)

    def update(self):
        self.syn()
        self.pre()
        self.post()
        return self.syn.comm.weight.value, self.syn.refs["syn"].g.value


def written_out(pre, post, weights, delay, low=-np.inf, high=np.inf):
    """weights: (PRE, POST) with NaN where there is no synapse; their values after each step."""
    trace_pre, trace_post, out = np.zeros(PRE), np.zeros(POST), []
    for k in range(STEPS):
        arrived = pre[k - max(delay, 1)] if k >= max(delay, 1) else np.zeros(PRE, bool)  # what was emitted in step k - 1 is seen in step k
        fired = post[k - 1] if k else np.zeros(POST, bool)
        weights = np.clip(weights - np.outer(arrived, A2 * trace_post) + np.outer(A1 * trace_pre, fired), low, high)
        out.append(weights)
        seen = pre[k - delay] if k >= delay else np.zeros(PRE, bool)
        trace_pre = trace_pre * np.exp(-DT / TAU_S) + seen
        trace_post = trace_post * np.exp(-DT / TAU_T) + post[k]
    return np.stack(out)


class SongTest(unittest.TestCase):
    def setUp(self):
        bm.enable_x64()
        self.pre, self.post = spike_times(PRE, 1), spike_times(POST, 2)

    def tearDown(self):
        bm.disable_x64()

    def run_net(self, comm, delay=None, syn=None, out=None, **more):
        net = Net(self.pre, self.post, comm, delay, syn or bp.dyn.Expon.desc(POST, tau=5.), out or bp.dyn.CUBA.desc(), **more)
        bp.share.save(dt=DT)
        weights, g = bm.for_loop(net.step_run, bm.arange(STEPS))
        return np.asarray(weights), np.asarray(g)

    def test_dense_and_sparse_layers_follow_the_loop(self):
        start = np.linspace(0.1, 0.5, PRE * POST).reshape(PRE, POST)
        pre_ids, post_ids = np.array(PAIRS).T
        conn = bp.conn.IJConn(pre_ids, post_ids)
        for delay, steps in ((None, 0), (0.5, 5)):
            expected = written_out(self.pre, self.post, start, steps)
            self.assertGreater(np.abs(expected[-1] - start).max(), 0.05)
            dense, _ = self.run_net(bp.dnn.AllToAll(PRE, POST, bm.asarray(start)), delay)
            np.testing.assert_allclose(dense, expected, rtol=0, atol=1e-12)
            sparse, _ = self.run_net(bp.dnn.EventCSRLinear(conn(PRE, POST), bm.asarray(start[pre_ids, post_ids])), delay)
            np.testing.assert_allclose(sparse, expected[:, pre_ids, post_ids], rtol=0, atol=1e-12)

    def test_currents_use_the_weights_of_the_step(self):
        start = np.full((PRE, POST), 0.4)
        weights, g = self.run_net(bp.dnn.AllToAll(PRE, POST, bm.asarray(start)), None)
        now, expected = np.zeros(POST), []
        for k in range(STEPS):
            arrived = self.pre[k - 1] if k else np.zeros(PRE, bool)
            now = now + arrived @ weights[k]
            now = now * np.exp(-DT / 5.)  # the target's call decays what was added
            expected.append(now)
        np.testing.assert_allclose(g, np.stack(expected), rtol=1e-12, atol=1e-12)

    def test_bounds(self):
        start = np.full((PRE, POST), 0.1)
        weights, _ = self.run_net(bp.dnn.AllToAll(PRE, POST, 0.1), W_min=0.08, W_max=0.12)
        np.testing.assert_allclose(weights, written_out(self.pre, self.post, start, 0, 0.08, 0.12), rtol=0, atol=1e-12)
        self.assertEqual((weights.min(), weights.max()), (0.08, 0.12))

    def test_one_pair_is_the_exponential_window(self):
        for gap in (20, -30):
            self.pre, self.post = np.zeros((STEPS, 1), bool), np.zeros((STEPS, 1), bool)
            self.pre[100], self.post[100 + gap] = True, True
            net = Net(self.pre, self.post, bp.dnn.OneToOne(1, 0.5), None, bp.dyn.Expon.desc(1, tau=5.), bp.dyn.CUBA.desc())
            weights, _ = bm.for_loop(net.step_run, bm.arange(STEPS))
            change = A1 * np.exp(-gap * DT / TAU_S) if gap > 0 else -A2 * np.exp(gap * DT / TAU_T)
            self.assertAlmostEqual(float(np.asarray(weights)[-1, 0]) - 0.5, change, places=12)

    def test_a_synapse_of_the_source(self):
        weights, g = self.run_net(bp.dnn.AllToAll(PRE, POST, 0.3), None, bp.dyn.NMDA.desc(PRE), bp.dyn.CUBA())
        np.testing.assert_allclose(weights, written_out(self.pre, self.post, np.full((PRE, POST), 0.3), 0), rtol=0, atol=1e-12)
        self.assertEqual(g.shape, (STEPS, PRE))

    def test_a_layer_without_weights_is_refused(self):
        with self.assertRaisesRegex(TypeError, "a layer with weights of its own, not a Identity"):
            self.run_net(bp.dnn.Identity())


if __name__ == "__main__":
    unittest.main()
