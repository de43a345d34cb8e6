"""Programs in the manner of several years of BrainPy: older and newer classes side by side, rules of learning, buffers, batches, all projections."""
import numpy as np
from common import DT, pairs, program, run


@program
def one_group(bp, bm):
    """Excitatory and inhibitory neurons are parts of one group; all is called with the shared arguments, as programs of BrainPy 2.1 do."""
    class Net(bp.Network):
        def __init__(self, num_exc, num_inh, method="exp_auto", **kwargs):
            super().__init__(**kwargs)
            self.N = bp.neurons.LIF(num_exc + num_inh, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5., method=method,
                                    V_initializer=bm.linspace(-60., -50.5, num_exc + num_inh))
            matrix = np.random.RandomState(40).rand(num_exc + num_inh, num_exc + num_inh) < 0.25
            self.Esyn = bp.synapses.Exponential(self.N[:num_exc], self.N, bp.conn.MatConn(matrix[:num_exc]), output=bp.synouts.COBA(E=0.), g_max=0.8, tau=5.,
                                                method=method)
            self.Isyn = bp.synapses.Exponential(self.N[num_exc:], self.N, bp.conn.MatConn(matrix[num_exc:]), output=bp.synouts.COBA(E=-80.), g_max=2.,
                                                tau=10., method=method)

        def update(self, tdi):
            self.Esyn(tdi)
            self.Isyn(tdi)
            self.N(tdi)
            self.update_local_delays()
    net = Net(24, 6)
    return run(bp, net, 60., {"V": net.N.V, "spike": net.N.spike}, [(net.N.input, 20.)])


@program
def working_memory(bp, bm):
    """Items kept by facilitation (Mi, Katkov and Tsodyks 2017): Euler's steps written by hand, inputs of a matrix by steps."""
    class Memory(bp.DynamicalSystem):
        def __init__(self, num=6, alpha=1.5, U=0.3, tau_f=1.5, tau_d=.3, tau=8e-3, J_ee=8., J_ei=1.75, J_ie=1.1, I_b=8.):
            super().__init__()
            self.alpha, self.U, self.tau_f, self.tau_d, self.tau, self.J_ee, self.J_ei, self.J_ie, self.I_b = alpha, U, tau_f, tau_d, tau, J_ee, J_ei, J_ie, I_b
            self.u, self.x, self.h = bm.Variable(bm.ones(num) * U), bm.Variable(bm.ones(num)), bm.Variable(bm.zeros(num))
            self.r, self.input, self.inh_h = bm.Variable(self.rate(self.h)), bm.Variable(bm.zeros(num)), bm.Variable(bm.zeros(1))
            self.inh_r = bm.Variable(self.rate(self.inh_h), batch_axis=None)

        def rate(self, h):
            return self.alpha * bm.log(1. + bm.exp(h / self.alpha))

        def update(self, tdi):
            uxr = self.u * self.x * self.r
            du, dx = (self.U - self.u) / self.tau_f + self.U * (1 - self.u) * self.r, (1 - self.x) / self.tau_d - uxr
            dh = (-self.h + self.J_ee * uxr - self.J_ei * self.inh_r + self.input + self.I_b) / self.tau
            dhi = (-self.inh_h + self.J_ie * bm.sum(self.r)) / self.tau
            self.u += du * tdi.dt
            self.x += dx * tdi.dt
            self.h += dh * tdi.dt
            self.inh_h += dhi * tdi.dt
            self.r.value, self.inh_r.value = self.rate(self.h), self.rate(self.inh_h)
            self.input[:] = 0.
    inputs = np.zeros((600, 6))
    for item in range(4):
        inputs[50 + 100 * item:80 + 100 * item, item] = 225.
    model = Memory()
    runner = bp.DSRunner(model, monitors=["u", "x", "h"], inputs=("input", inputs, "iter"), dt=1e-3, progress_bar=False)
    runner.run(.6)
    return {key: np.asarray(runner.mon[key]) for key in ("u", "x", "h")}


@program
def associative_memory(bp, bm):
    """Hopfield's network: patterns stored by a loop of Python's, recalled one unit after another (traced indices) and all at once."""
    rng = np.random.RandomState(41)
    patterns = bm.asarray(np.sign(rng.randn(3, 40)))
    W = bm.Variable(bm.zeros((40, 40)))
    for p in patterns:
        W += bm.outer(p, p) / 40
    bm.fill_diagonal(W, 0.)
    noisy = np.array(patterns[0])
    noisy[:12] *= -1
    state = bm.Variable(bm.asarray(noisy))

    def one(i):
        state[i] = bm.where(bm.dot(W[i], state) >= 0, 1., -1.)
        return -0.5 * state @ W @ state

    def all_at_once(_):
        state.value = bm.sign(W @ state)
        return state.value
    energy = bm.for_loop(one, bm.asarray(rng.permutation(80) % 40))
    states = bm.for_loop(all_at_once, bm.arange(20))
    return {"energy": np.asarray(energy), "states": np.asarray(states)}


@program
def rules_of_learning(bp, bm):
    """Weights that learn by Oja's rule, and by Bienenstock, Cooper and Munro's with a sliding threshold; layers in a bm.NodeList."""
    class Rule(bp.NeuGroupNS):
        def __init__(self, n_in, n_out, eta, seed, bcm=False):
            super().__init__(n_out)
            self.eta, self.bcm = eta, bcm
            self.w = bm.Variable(bm.asarray(np.random.RandomState(seed).rand(n_in, n_out) * .2 + .1))
            self.theta, self.y = bm.Variable(bm.ones(n_out)), bm.Variable(bm.zeros(n_out))

        def update(self, x):
            y = x @ self.w
            self.y.value = y
            if self.bcm:
                self.theta += (y ** 2 - self.theta) * bp.share["dt"] / 10.
                change = bm.outer(x, y * (y - self.theta))
            else:
                change = x.reshape(-1, 1) * y - y ** 2 * self.w
            self.w.value = bm.maximum(self.w + self.eta * change, 0.)
            return y

    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.rules = bm.NodeList([Rule(6, 2, .05, 1), Rule(6, 3, .02, 2, True)])

        def update(self, x):
            return bm.concatenate([rule(x) for rule in self.rules])
    net = Net()
    runner = bp.DSRunner(net, monitors={"oja": net.rules[0].w, "bcm": net.rules[1].w}, dt=DT, progress_bar=False)
    y = runner.run(inputs=bm.asarray(np.abs(np.random.RandomState(42).randn(200, 6))))
    return {"y": np.asarray(y), "oja": np.asarray(runner.mon.oja), "bcm": np.asarray(runner.mon["bcm"])}


@program
def eight_projections(bp, bm):
    """Every projection of bp.dyn onto one group of Hodgkin and Huxley's neurons."""
    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            d, zero = bp.dyn, bp.init.ZeroInit()
            self.pre = d.Lif(4, tau=8., V_th=1., V_reset=0., V_rest=0., V_initializer=zero)
            self.post = d.HH(3, V_initializer=bp.init.Constant(-65.), m_initializer=bp.init.Constant(.05), h_initializer=bp.init.Constant(.6),
                             n_initializer=bp.init.Constant(.32))
            W, post = bm.asarray(np.random.RandomState(43).rand(4, 3) * .2), self.post
            self.p1 = d.ProjAlignPostMg1(bp.dnn.AllToAll(4, 3, W), syn=d.Expon.desc(3, tau=4.), out=d.COBA.desc(E=0.), post=post)
            self.p2 = d.ProjAlignPostMg2(self.pre, .7, bp.dnn.AllToAll(4, 3, W), syn=d.Expon.desc(3, tau=5.), out=d.COBA.desc(E=-80.), post=post)
            self.p3 = d.ProjAlignPost1(bp.dnn.AllToAll(4, 3, W), syn=d.Expon(3, tau=4.), out=d.CUBA(), post=post)
            self.p4 = d.ProjAlignPost2(self.pre, .3, bp.dnn.AllToAll(4, 3, W), syn=d.Expon(3, tau=3.), out=d.MgBlock(E=0.), post=post)
            self.p5 = d.ProjAlignPreMg1(self.pre, d.DualExpon.desc(4), .4, bp.dnn.AllToAll(4, 3, W), d.COBA(E=0.), post)
            self.p6 = d.ProjAlignPreMg2(self.pre, .4, d.NMDA.desc(4), bp.dnn.AllToAll(4, 3, W), d.COBA(E=0.), post)
            self.p7 = d.ProjAlignPre1(self.pre, d.GABAa(4), None, bp.dnn.AllToAll(4, 3, W), d.COBA(E=-70.), post)
            self.p8 = d.ProjAlignPre2(self.pre, .2, d.Alpha(4), bp.dnn.AllToAll(4, 3, W), d.COBA(E=0.), post)

        def update(self, x):
            self.p1(self.pre.spike)
            self.p3(self.pre.spike)
            for projection in (self.p2, self.p4, self.p5, self.p6, self.p7, self.p8):
                projection()
            self.pre(x)
            self.post(6.)
            return self.post.V.value, self.pre.spike.value
    net = Net()
    V, spike = bm.for_loop(lambda i, x: net.step_run(i, x), (np.arange(300), bm.asarray(1. + np.random.RandomState(44).rand(300, 4))))
    return {"V": np.asarray(V), "spike": np.asarray(spike)}


@program
def buffers(bp, bm):
    """Rings written by hand: rows and elements at places known at run time; times of events."""
    class Ring(bp.DynamicalSystem):
        def __init__(self, num, length):
            super().__init__()
            self.length, self.steps = length, bm.asarray(np.random.RandomState(45).randint(0, length, num))
            self.ring, self.at = bm.Variable(bm.zeros((length, num))), bm.Variable(bm.zeros(1, dtype=bm.int32))
            self.last = bm.Variable(bm.ones(num) * -1e7)

        def update(self, x):
            at = self.at[0]
            each = self.ring[(at + self.steps) % self.length, bm.arange(self.ring.shape[1])]
            row = self.ring[(at - 3) % self.length]
            self.ring[at] = x
            self.last.value = bm.where(x > .8, bp.share["t"], self.last)
            self.at += 1
            self.at.value = bm.where(self.at >= self.length, 0, self.at)
            return each, row, bm.roll(x, 1), self.last.value
    ring = Ring(5, 7)
    out = bm.for_loop(lambda i, x: ring.step_run(i, x), (bm.arange(200), bm.asarray(np.random.RandomState(46).rand(200, 5))))
    return {key: np.asarray(value) for key, value in zip(("each", "row", "rolled", "last"), out)}


@program
def rates_with_delays(bp, bm):
    """Rates of excitation and inhibition with a delay for each unit in steps, and one in ms with a past that is a function of time."""
    class Net(bp.Network):
        def __init__(self, num_exc=20, num_inh=5):
            super().__init__()
            rng, num = np.random.RandomState(47), num_exc + num_inh
            self.W = bm.asarray(rng.rand(num, num) / 6)
            self.W[num_exc:] *= -3
            self.r, self.steps, self.num = bm.Variable(bm.asarray(rng.rand(num))), bm.asarray(rng.randint(0, 20, (num,))), num
            self.by_steps = bm.LengthDelay(self.r, 20, initial_delay_data=self.r)
            self.by_time = bm.TimeDelay(self.r, 3., before_t0=lambda t: self.r * bm.exp(t / 3.))

        def update(self, tdi):
            dr = -self.r + bm.relu(self.by_steps(self.steps, bm.arange(self.num)) @ self.W + 0.5) + 0.1 * bm.tanh(self.by_time(tdi.t - 1.23)[::-1])
            self.by_steps.update(self.r)
            self.r += dr / 10. * tdi.dt
            self.by_time.update(self.r)
    net = Net()
    return run(bp, net, 30., {"r": net.r})


@program
def layers_over_time(bp, bm):
    """Recurrent cells and spiking layers in batches: bp.LoopOverTime with several inputs, runners with the axes (batch, time, ...)."""
    class Cell(bp.DynamicalSystem):
        def __init__(self):
            super().__init__()
            self.h = bm.Variable(bm.zeros((1, 4)), batch_axis=0)
            self.w = bm.TrainVar(bm.asarray(np.random.RandomState(48).randn(4, 4) * 0.3))
            self.w_in = bm.TrainVar(bm.asarray(np.random.RandomState(49).randn(2, 4)))

        def reset_state(self, batch_size=1):
            self.h.value = bm.zeros((batch_size, 4))

        def update(self, inputs):
            x, gain = inputs
            self.h.value = bm.tanh(x @ self.w_in + gain * (self.h @ self.w))
            return self.h.value

    class Spiking(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.inp = bp.dnn.Dense(3, 5, W_initializer=bm.asarray(np.random.RandomState(50).rand(3, 5) * 4), b_initializer=bp.init.ZeroInit())
            self.lif = bp.dyn.Lif(5, V_rest=0., V_th=1., V_reset=0., tau=5., V_initializer=bp.init.ZeroInit())
            self.syn = bp.dyn.Expon(5, tau=8.)

        def update(self, x):
            return x >> self.inp >> self.lif >> self.syn
    rng = np.random.RandomState(51)
    with bm.training_environment():
        cell, net = Cell(), Spiking()
    cell.reset_state(3)
    h = bp.LoopOverTime(cell, data_first_axis="T")((bm.asarray(rng.randn(60, 3, 2)), bm.asarray(rng.rand(60, 3, 1))))
    net.reset_state(4)
    runner = bp.DSRunner(net, monitors={"V": net.lif.V}, dt=DT, progress_bar=False)
    out = runner.predict(inputs=bm.asarray((rng.rand(4, 80, 3) < .3).astype(float)))
    swapped = [np.swapaxes(np.asarray(v), 0, 1) for v in (out, runner.mon.V)]  # time first: every 20th step is kept
    return {"h": np.asarray(h), "g": swapped[0], "V": swapped[1]}


@program
def older_synapses(bp, bm):
    """Four of the older synapses onto one group: depression, facilitation, a delay for each source, dense and sparse."""
    class Net(bp.Network):
        def __init__(self):
            super().__init__()
            self.pre = bp.neurons.SpikeTimeGroup(5, times=np.arange(1., 41., 1.), indices=np.arange(40) * 3 % 5)
            self.post = bp.neurons.LIF(4, V_rest=-60., V_th=-50., V_reset=-60., tau=10., V_initializer=bp.init.OneInit(-60.))
            i, j = pairs(52, 5, 4, 0.7)
            self.s1 = bp.synapses.Exponential(self.pre, self.post, bp.conn.IJConn(i, j), g_max=2., tau=5., output=bp.synouts.CUBA(),
                                              stp=bp.synplast.STP(U=.2, tau_d=100., tau_f=50.), comp_method="sparse", delay_step=3)
            self.s2 = bp.synapses.DualExponential(self.pre, self.post, bp.conn.IJConn(i, j), g_max=.3, output=bp.synouts.COBA(E=0.), comp_method="dense",
                                                  delay_step=np.array([1, 2, 3, 4, 5]))
            self.s3 = bp.synapses.NMDA(self.pre, self.post, bp.conn.All2All(), g_max=.1, output=bp.synouts.MgBlock(E=0.), comp_method="dense")
            self.s4 = bp.synapses.Delta(self.pre, self.post, bp.conn.All2All(), g_max=.4,
                                        stp=bp.synplast.STD(tau=50., U=.3), delay_step=2)
    net = Net()
    return run(bp, net, 45., {"V": net.post.V, "spike": net.post.spike, "g1": net.s1.g, "g2": net.s2.g, "g3": net.s3.g})


@program
def reductions_over_synapses(bp, bm):
    """Sums, means, extremes and softmax over synapses in one body, with events of a potential that is kept by hand."""
    matrix = np.random.RandomState(53).rand(7, 5) < .4
    pre_ids, post_ids, pre2post, dense = bp.conn.MatConn(matrix)(7, 5).require("pre_ids", "post_ids", "pre2post", "conn_mat")
    weights = bm.asarray(np.random.RandomState(54).rand(len(pre_ids)))
    g, V = bm.Variable(bm.zeros(5)), bm.Variable(bm.asarray(np.random.RandomState(55).rand(7)))

    def step(_):
        V.value = V * .97 + .03 * bm.roll(V, 1) + 0.02
        spikes = V > 0.7
        V.value = bm.where(spikes, 0., V)
        g.value = .9 * g + bm.pre2post_event_sum(spikes, pre2post, 5, weights)
        of_synapses = bm.pre2syn(V, pre_ids) * weights
        return (g.value, bm.syn2post_mean(of_synapses, post_ids, 5), bm.syn2post_max(of_synapses, post_ids, 5), bm.pre2post_sum(V, 5, post_ids, pre_ids),
                bm.syn2post_softmax(bm.pre2syn(V, pre_ids), post_ids, 5), spikes.astype(float) @ dense)
    out = bm.for_loop(step, bm.arange(200))
    return {key: np.asarray(value) for key, value in zip(("g", "mean", "max", "sum", "softmax", "product"), out)}
