"""Circuits and models of the library's parts, in the older and the newer style."""
import numpy as np
from common import DT, pairs, program, run


@program
def coba_ei(bp, bm):
    """Vogels and Abbott's network of conductances (2005), 80 + 20 neurons: projections merged at the target."""
    class EINet(bp.DynSysGroup):
        def __init__(self, ne=80, ni=20):
            super().__init__()
            n, V0 = ne + ni, np.random.RandomState(1).normal(-55., 4., ne + ni)
            self.ne = ne
            self.N = bp.dyn.LifRef(n, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5., V_initializer=bm.asarray(V0))
            E, I = bp.conn.IJConn(*pairs(2, ne, n, 0.2))(ne, n), bp.conn.IJConn(*pairs(3, ni, n, 0.2))(ni, n)
            self.E = bp.dyn.ProjAlignPostMg1(comm=bp.dnn.EventCSRLinear(E, 0.6), syn=bp.dyn.Expon.desc(n, tau=5.), out=bp.dyn.COBA.desc(E=0.),
                                             post=self.N)
            self.I = bp.dyn.ProjAlignPostMg1(comm=bp.dnn.EventCSRLinear(I, 6.7), syn=bp.dyn.Expon.desc(n, tau=10.), out=bp.dyn.COBA.desc(E=-80.),
                                             post=self.N)

        def update(self, current):
            self.E(self.N.spike[:self.ne])
            self.I(self.N.spike[self.ne:])
            self.N(current)
            return self.N.spike.value, self.N.V.value
    net = EINet()
    bp.share.save(dt=DT)
    spike, V = bm.for_loop(lambda i: net.step_run(i, 22.), np.arange(1000))
    return {"spike": np.asarray(spike), "V": np.asarray(V)}


@program
def cuba_ei(bp, bm):
    """The same with currents, in the older style: groups, two-ended synapses, a Network."""
    E, I = (bp.neurons.LIF(n, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5.) for n in (80, 20))
    rng = np.random.RandomState(4)
    E.V.value, I.V.value = bm.asarray(rng.normal(-55., 4., 80)), bm.asarray(rng.normal(-55., 4., 20))
    synapses = []
    for seed, pre, post, g, tau in ((5, E, E, 0.9, 5.), (6, E, I, 0.9, 5.), (7, I, E, -5., 10.), (8, I, I, -5., 10.)):
        synapses.append(bp.synapses.Exponential(pre, post, bp.conn.IJConn(*pairs(seed, pre.num, post.num, 0.2)), output=bp.synouts.CUBA(), g_max=g,
                                                tau=tau))
    return run(bp, bp.Network(*synapses, E=E, I=I), 100., {"E.spike": E.spike, "I.spike": I.spike, "V": E.V},
               [("E.input", 20.), ("I.input", 20.)])


@program
def hodgkin_huxley(bp, bm):
    """Four neurons under steps of current, given row by row."""
    current, duration = bp.inputs.section_input([0., 5., 10.], [10., 30., 30.], dt=DT, return_length=True)
    neuron = bp.neurons.HH(4, V_initializer=bm.asarray([-70., -66., -62., -58.]))
    return run(bp, neuron, duration, {"V": neuron.V, "m": neuron.m, "spike": neuron.spike}, [("input", current, "iter")])


@program
def adex(bp, bm):
    """Adaptation and bursts: AdEx neurons of four parameters a, by a ramp of current as a function of time."""
    neuron = bp.neurons.AdExIF(4, a=bm.asarray([0.5, 1., 2., 4.]), V_initializer=bm.asarray([-65., -64., -63., -62.]), tau=10., tau_w=30.)
    return run(bp, neuron, 150., {"V": neuron.V, "w": neuron.w, "spike": neuron.spike}, [("input", lambda: 40. + 0.3 * bp.share["t"], "func")])


@program
def decision(bp, bm):
    """Two pools that inhibit one another: AMPA from outside, recurrent NMDA with its magnesium block, GABA (Wang 2002, in small)."""
    rng = np.random.RandomState(9)
    rates = np.repeat([0.06, 0.03], 10)
    drive = rng.random((1000, 20)) < rates
    A = bp.neurons.LIF(20, V_rest=-70., V_reset=-55., V_th=-50., tau=20., tau_ref=2., R=1., V_initializer=bm.asarray(rng.uniform(-70., -52., 20)))
    I = bp.neurons.LIF(10, V_rest=-70., V_reset=-55., V_th=-50., tau=10., tau_ref=1., R=1., V_initializer=bm.asarray(rng.uniform(-70., -52., 10)))

    class Outside(bp.dyn.NeuDyn):
        def __init__(self, size):
            super().__init__(size)
            self.spike, self.input = bm.Variable(bm.zeros(size, dtype=bool)), bm.Variable(bm.zeros(size))

        def update(self):
            self.spike.value = self.input > 0.5
            self.input[:] = 0.
    out = Outside(20)
    one, all_ = bp.conn.One2One(), bp.conn.All2All(include_self=True)
    net = bp.Network(
        bp.synapses.Exponential(out, A, one, tau=2., g_max=1.2, output=bp.synouts.COBA(E=0.)),
        bp.synapses.NMDA(A, A, bp.conn.IJConn(*pairs(10, 20, 20, 0.3)), g_max=0.08, output=bp.synouts.MgBlock(E=0., cc_Mg=1.)),
        bp.synapses.AMPA(A, I, all_, g_max=0.4, output=bp.synouts.COBA(E=0.)),
        bp.synapses.Exponential(I, A, bp.conn.All2All(include_self=True), tau=5., g_max=0.02, output=bp.synouts.COBA(E=-70.)), out=out, A=A, I=I)
    return run(bp, net, 100., {"A.V": A.V, "A.spike": A.spike, "I.spike": I.spike}, [("out.input", drive.astype(float), "iter")])


@program
def gamma_oscillation(bp, bm):
    """Wang and Buzsaki's interneurons (1996), written as equations, inhibiting one another."""
    class WB(bp.dyn.NeuDyn):
        def __init__(self, size, V0):
            super().__init__(size)
            self.V, self.spike = bm.Variable(V0), bm.Variable(bm.zeros(size, dtype=bool))
            self.h, self.n = bm.Variable(bm.ones(size) * 0.6), bm.Variable(bm.ones(size) * 0.3)
            self.input = bm.Variable(bm.zeros(size))
            self.integral = bp.odeint(bp.JointEq([self.dV, self.dh, self.dn]), method="exp_auto")

        def dh(self, h, t, V):
            return 5. * (0.07 * bm.exp(-(V + 58) / 20) * (1 - h) - h / (bm.exp(-0.1 * (V + 28)) + 1))

        def dn(self, n, t, V):
            return 5. * (-0.01 * (V + 34) / (bm.exp(-0.1 * (V + 34)) - 1) * (1 - n) - 0.125 * bm.exp(-(V + 44) / 80) * n)

        def dV(self, V, t, h, n, I):
            alpha, beta = -0.1 * (V + 35) / (bm.exp(-0.1 * (V + 35)) - 1), 4. * bm.exp(-(V + 60) / 18)
            m = alpha / (alpha + beta)
            return -35. * m ** 3 * h * (V - 55.) - 9. * n ** 4 * (V + 90.) - 0.1 * (V + 65.) + I

        def update(self):
            V, h, n = self.integral(self.V, self.h, self.n, bp.share["t"], self.input, dt=bp.share["dt"])
            self.spike.value = bm.logical_and(self.V < 0., V >= 0.)
            self.V.value, self.h.value, self.n.value = V, h, n
            self.input[:] = 0.
    neurons = WB(20, bm.asarray(np.random.RandomState(11).uniform(-70., -50., 20)))
    synapse = bp.synapses.GABAa(neurons, neurons, bp.conn.IJConn(*pairs(12, 20, 20, 0.5)), g_max=0.02, alpha=12., beta=0.1,
                                output=bp.synouts.COBA(E=-75.))
    return run(bp, bp.Network(synapse, N=neurons), 100., {"V": neurons.V, "spike": neurons.spike}, [("N.input", 1.2)])


@program
def short_term_plasticity(bp, bm):
    """Facilitation and depression of one train of spikes."""
    pre = bp.neurons.SpikeTimeGroup(1, times=[5., 10., 15., 20., 25., 60.], indices=[0] * 6)
    out = {}
    for name, rule in (("facilitating", bp.synplast.STP(U=0.1, tau_d=10., tau_f=100.)), ("depressing", bp.synplast.STD(U=0.4, tau=100.))):
        post = bp.neurons.LIF(1, V_rest=-60., V_th=-40., V_reset=-60., tau=10., V_initializer=bm.asarray([-60.]))
        synapse = bp.synapses.Exponential(pre, post, bp.conn.All2All(), tau=4., stp=rule, output=bp.synouts.CUBA(), g_max=8.)
        pre.reset_state()
        got = run(bp, bp.Network(pre, synapse, post), 80., {"g": synapse.g, "V": post.V})
        out.update({f"{name} {key}": value for key, value in got.items()})
    return out


@program
def thalamus(bp, bm):
    """A thalamocortical cell of channels: leak, sodium, delayed rectifier, h, T calcium within a calcium pool."""
    class Cell(bp.dyn.CondNeuGroupLTC):
        def __init__(self, size):
            super().__init__(size, V_initializer=bm.asarray(np.linspace(-75., -60., size)), V_th=20.)
            self.IL = bp.dyn.IL(size, g_max=0.05, E=-70.)
            self.INa = bp.channels.INa_TM1991(size, V_sh=-50.)
            self.IK = bp.channels.IK_TM1991(size, V_sh=-50.)
            self.Ih = bp.dyn.Ih_HM1992(size, g_max=0.01, E=-43.)
            self.Ca = bp.dyn.CalciumDetailed(size, C_rest=5e-5, tau=10., d=0.5, ICaT=bp.channels.ICaT_HM1992(size))
    cell = Cell(4)
    return run(bp, cell, 100., {"V": cell.V, "spike": cell.spike}, [("input", 1.)])


@program
def ring_attractor(bp, bm):
    """A bump of activity that stays (Wu, Hamaguchi and Amari 2008)."""
    class CANN(bp.dyn.NeuDyn):
        def __init__(self, num):
            super().__init__(num)
            self.x = bm.linspace(-bm.pi, bm.pi, num)
            d = bm.abs(bm.reshape(self.x, (-1, 1)) - self.x)
            d = bm.minimum(d, 2 * bm.pi - d)
            self.weights = 4. * bm.exp(-0.5 * bm.square(d / 0.5)) / (bm.sqrt(2 * bm.pi) * 0.5)
            self.u, self.r, self.input = (bm.Variable(bm.zeros(num)) for _ in range(3))
            self.integral = bp.odeint(lambda u, t, I: -u + I, method="euler")

        def update(self):
            square = bm.square(self.u)
            self.r.value = square / (1. + 0.1 * bm.sum(square))
            self.u.value = self.integral(self.u, bp.share["t"], bm.dot(self.weights, self.r) + self.input, dt=bp.share["dt"])
            self.input[:] = 0.
    net = CANN(64)
    bump = 10. * np.exp(-0.25 * (np.linspace(-np.pi, np.pi, 64) / 0.5) ** 2)
    stimulus = np.concatenate([np.tile(bump, (80, 1)), np.zeros((80, 64))])
    return run(bp, net, 16., {"u": net.u, "r": net.r}, [("input", stimulus, "iter")])


@program
def synfire_chain(bp, bm):
    """Five groups of twenty, each to the next, with a delay of 2 ms."""
    groups, n = 5, 20

    class Chain(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            V0 = np.random.RandomState(13).uniform(-70., -66., groups * n)
            self.N = bp.dyn.LifRef(groups * n, V_rest=-70., V_th=-55., V_reset=-70., tau=10., tau_ref=2., V_initializer=bm.asarray(V0))
            pre = np.repeat(np.arange((groups - 1) * n), n)
            post = (pre // n + 1) * n + np.tile(np.arange(n), (groups - 1) * n)
            self.proj = bp.dyn.ProjAlignPostMg2(
                pre=self.N, delay=2., comm=bp.dnn.EventCSRLinear(bp.conn.IJConn(pre, post)(groups * n, groups * n), 7.),
                syn=bp.dyn.Expon.desc(groups * n, tau=3.), out=bp.dyn.CUBA.desc(), post=self.N)
            self.first = bm.asarray(np.arange(groups * n) < n)

        def update(self):
            self.proj()
            self.N(bm.where(bm.logical_and(self.first, bp.share["t"] < 8.), 40., 0.))
            return self.N.spike.value, self.N.V.value
    net = Chain()
    bp.share.save(dt=DT)
    spike, V = bm.for_loop(net.step_run, np.arange(600))
    return {"spike": np.asarray(spike), "V": np.asarray(V)}


@program
def rate_model(bp, bm):
    """FitzHugh-Nagumo units of a whole-brain model, coupled by differences with a delay for each pair."""
    rng = np.random.RandomState(14)
    unit = bp.rates.FHN(8, x_initializer=bm.asarray(rng.uniform(0, 0.05, 8)), y_initializer=bm.asarray(rng.uniform(0, 0.05, 8)), method="exp_auto")
    coupling = bp.synapses.DiffusiveCoupling(unit.x, unit.x, var_to_output=unit.input, conn_mat=bm.asarray(rng.random((8, 8)) * 0.1),
                                             delay_steps=bm.asarray(rng.randint(1, 40, (8, 8))), initial_delay_data=bm.asarray(np.full(8, 0.02)))
    return run(bp, bp.Network(unit, coupling), 100., {"x": unit.x, "y": unit.y}, [(unit.input, 0.6)])


@program
def gap_junctions(bp, bm):
    """Neurons that pull one another's potential, one of which alone is driven; the loop is the user's own."""
    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.N = bp.dyn.Izhikevich(4, V_initializer=bm.asarray([-65., -64., -63., -62.]), u_initializer=bm.asarray(np.full(4, -13.)))
            weights = np.random.RandomState(15).random((4, 4)) * 0.3
            self.weights = bm.asarray((weights + weights.T) * (1 - np.eye(4)))

        def update(self, current):
            pull = bm.sum(self.weights * (bm.expand_dims(self.N.V.value, 1) - self.N.V.value), axis=0)
            self.N(pull + current)
            return self.N.V.value, self.N.u.value, self.N.spike.value
    net = Net()
    drive = np.zeros((1000, 4))
    drive[:, 0] = 14.

    def step(i, current):
        bp.share.save(i=i, t=i * DT, dt=DT)
        return net(current)
    V, u, spike = bm.for_loop(step, (np.arange(1000), drive))
    return {"V": np.asarray(V), "u": np.asarray(u), "spike": np.asarray(spike)}
