"""The notebook's three networks as a user of BrainPy writes them, for `bp` and `bm` of either package.

    make = networks(bp, bm); net = make[1](); spikes = run(bp, net, 1000.)
"""
import numpy as np


def equations(bp, bm):
    """The first implementation's parts: (neuron, synapse), by their equations."""
    class HH(bp.dyn.NeuDyn):
        def __init__(self, size, V):
            super().__init__(size)
            self.V = bm.Variable(bm.zeros(size) + V)
            self.m, self.n, self.h = bm.Variable(bm.zeros(self.num)), bm.Variable(bm.zeros(self.num)), bm.Variable(bm.zeros(self.num))
            self.spike, self.input = bm.Variable(bm.zeros(self.num, dtype=bool)), bm.Variable(bm.zeros(size))

            def dV(V, t, m, h, n, Isyn):
                return (-10. * (V + 60.) - 20000. * (m * m * m) * h * (V - 50.) - 6000. * (n * n * n * n) * (V + 90.) + Isyn) / 200

            def dm(m, t, V):
                alpha = 0.32 * (13 - V - 63.) / (bm.exp((13 - V - 63.) / 4) - 1.)
                return alpha * (1 - m) - 0.28 * (V + 63. - 40) / (bm.exp((V + 63. - 40) / 5) - 1) * m

            def dh(h, t, V):
                return 0.128 * bm.exp((17 - V - 63.) / 18) * (1 - h) - 4. / (1 + bm.exp(-(V + 63. - 40) / 5)) * h

            def dn(n, t, V):
                c = 15 - V - 63.
                return 0.032 * c / (bm.exp(c / 5) - 1.) * (1 - n) - .5 * bm.exp((10 - V - 63.) / 40) * n
            self.integral = bp.odeint(bp.JointEq([dV, dm, dh, dn]), method="exp_auto")

        def update(self):
            tdi = bp.share.get_shargs()
            V, m, h, n = self.integral(self.V, self.m, self.h, self.n, tdi.t, Isyn=self.input, dt=tdi.dt)
            self.spike.value = bm.logical_and(self.V < -20., V >= -20.)
            self.m.value, self.h.value, self.n.value, self.V.value = m, h, n, V
            self.input[:] = 0.

    class ExpCOBA(bp.synapses.TwoEndConn):
        def __init__(self, pre, post, conn, g_max, tau, E):
            super().__init__(pre=pre, post=post, conn=conn)
            self.E, self.g_max = E, g_max
            self.pre2post = self.conn.require("pre2post")
            self.g = bm.Variable(bm.zeros(self.post.num))
            self.integral = bp.odeint(lambda g, t: -g / tau, method="exp_auto")

        def update(self):
            self.g.value = self.integral(self.g, bp.share["t"], dt=bp.share["dt"])
            self.g.value += bm.pre2post_event_sum(self.pre.spike, self.pre2post, self.post.num, self.g_max)
            self.post.input += self.g * (self.E - self.post.V)
    return HH, ExpCOBA


def channels(bp):
    """The neuron of the second and third implementation."""
    class HH(bp.dyn.CondNeuGroupLTC):
        def __init__(self, size, **options):
            super().__init__(size, **options)
            self.INa = bp.channels.INa_TM1991(size, g_max=100., V_sh=-63.)
            self.IK = bp.channels.IK_TM1991(size, g_max=30., V_sh=-63.)
            self.IL = bp.channels.IL(size, E=-60., g_max=0.05)
    return HH


def _first(bp, bm):
    HH, ExpCOBA = equations(bp, bm)

    def at_random(pre, post, *parameters):
        return ExpCOBA(pre, post, bp.conn.FixedProb(prob=0.02), *parameters)

    class Net(bp.Network):
        def __init__(self):
            E, I = (HH(n, -60. + (bm.random.randn(n) * 5 - 5)) for n in (3200, 800))
            synapses = [at_random(E, E, 6., 5., 0.), at_random(E, I, 6., 5., 0.), at_random(I, I, 67., 10., -80.), at_random(I, E, 67., 10., -80.)]
            super().__init__(*synapses, E=E, I=I)
            self.monitors = {"E": E.spike, "I": I.spike}
    return Net


def _second(bp, bm):
    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.N = channels(bp)(4000)
            self.E = bp.synapses.Exponential(self.N[:3200], self.N, bp.conn.FixedProb(0.02), g_max=0.03, tau=5, output=bp.synouts.COBA(E=0.))
            self.I = bp.synapses.Exponential(self.N[3200:], self.N, bp.conn.FixedProb(0.02), g_max=0.335, tau=10., output=bp.synouts.COBA(E=-80))
            self.monitors = {"N": self.N.spike}
    return Net


def _third(bp, bm):
    class Synapses(bp.Projection):
        def __init__(self, num, post, g_max, tau, E):
            super().__init__()
            self.proj = bp.dyn.ProjAlignPostMg1(comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=num, post=post.num), g_max),
                                                syn=bp.dyn.Expon.desc(size=post.num, tau=tau), out=bp.dyn.COBA.desc(E=E), post=post)

        def update(self, spikes):
            return self.proj(spikes)

    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.N = channels(bp)(4000)
            self.E, self.I = Synapses(3200, self.N, 0.03, 5., 0.), Synapses(800, self.N, 0.335, 10., -80)
            self.monitors = {"N": self.N.spike}

        def update(self):
            self.E(self.N.spike[:3200])
            self.I(self.N.spike[3200:])
            self.N()
    return Net


def networks(bp, bm):
    return {1: _first(bp, bm), 2: _second(bp, bm), 3: _third(bp, bm)}


def run(bp, net, duration):
    """Spikes as a (steps, 4000) matrix, E first."""
    runner = bp.DSRunner(net, monitors=net.monitors, progress_bar=False)
    runner.run(duration)
    return np.concatenate([np.asarray(runner.mon[key]) for key in net.monitors], axis=1)
