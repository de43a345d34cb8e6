"""Neurons, synapses, networks that users write themselves, with Variables, integrals and array functions alone."""
import numpy as np
from common import DT, pairs, program, run


@program
def fitzhugh_nagumo(bp, bm):
    """A group in the oldest style: update(self, tdi), equations as methods joined by a property, two runs one after the other."""
    class FitzHughNagumo(bp.NeuGroup):
        def __init__(self, size, a=0.7, b=0.8, tau=12.5, Vth=1.8, method="exp_auto", name=None):
            super(FitzHughNagumo, self).__init__(size=size, name=name)
            self.a, self.b, self.tau, self.Vth = a, b, tau, Vth
            self.V, self.w, self.input = (bm.Variable(bm.zeros(self.num)) for _ in range(3))
            self.spike = bm.Variable(bm.zeros(self.num, dtype=bool))
            self.integral = bp.odeint(f=self.derivative, method=method)

        def dV(self, V, t, w, Iext=0.):
            return V - V * V * V / 3 - w + Iext

        def dw(self, w, t, V):
            return (V + self.a - self.b * w) / self.tau

        @property
        def derivative(self):
            return bp.JointEq([self.dV, self.dw])

        def update(self, tdi):
            V, w = self.integral(self.V, self.w, tdi["t"], self.input, tdi.dt)
            self.spike[...] = bm.logical_and(V > self.Vth, self.V < self.Vth)
            self.V.update(V)
            self.w.value = w
            self.input[:] = 0.
    group = FitzHughNagumo(10)
    group.V[:] = bm.asarray(np.random.RandomState(20).rand(10))
    runner = bp.dyn.DSRunner(group, monitors=["V", ("w", [0, 3]), ("spike", 2)], inputs=("input", bm.asarray(np.linspace(0.5, 1., 10))), progress_bar=False)
    out = {}
    for part in ("first", "second"):
        runner.run(40.)
        out.update({f"{part} {key}": np.asarray(runner.mon[key]) for key in ("V", "w", "spike", "ts")})
    return out


@program
def conductances_of_synapses(bp, bm):
    """A synapse with a conductance for each pair and a delay (a LengthDelay of the source's spikes), and one with a matrix of open channels."""
    class Exponential(bp.TwoEndConn):
        def __init__(self, pre, post, conn, g_max=1., delay=0., tau=8., E=0.):
            super().__init__(pre=pre, post=post, conn=conn)
            self.check_pre_attrs("spike")
            self.check_post_attrs("input", "V")
            self.E, self.tau, self.g_max, self.delay_step = E, tau, g_max, int(delay / bm.get_dt())
            self.pre_ids, self.post_ids = self.conn.require("pre_ids", "post_ids")
            self.g = bm.Variable(bm.zeros(len(self.pre_ids)))
            self.pre_spike = bm.LengthDelay(self.pre.spike, self.delay_step)
            self.integral = bp.odeint(lambda g, t: -g / self.tau, method="exp_auto")

        def update(self):
            spikes = bm.pre2syn(self.pre_spike(self.delay_step), self.pre_ids)
            self.g.value = self.integral(self.g, bp.share["t"], dt=bp.share["dt"]) + spikes * self.g_max
            self.post.input += bm.syn2post(self.g, self.post_ids, self.post.num) * (self.E - self.post.V)
            self.pre_spike.update(self.pre.spike)

    class AMPA(bp.synapses.TwoEndConn):
        def __init__(self, pre, post, conn, g_max=0.3, alpha=0.98, beta=0.18, T=0.5, T_duration=0.5):
            super().__init__(pre, post, conn)
            self.conn_mat = self.conn.require("conn_mat")
            self.g_max, self.T, self.T_duration = g_max, T, T_duration
            self.s = bm.Variable(bm.zeros(bm.shape(self.conn_mat)))
            self.t_last = bm.Variable(-1e7 * bm.ones(bm.shape(self.conn_mat)))
            self.integral = bp.odeint(lambda s, t, TT: alpha * TT * (1 - s) - beta * s, method="rk2")

        def update(self):
            t = bp.share.load("t")
            self.t_last.value = bm.where(bm.unsqueeze(self.pre.spike, 1) * self.conn_mat, t, self.t_last)
            self.s.value = self.integral(self.s, t, ((t - self.t_last) < self.T_duration) * self.T)
            self.post.input += bm.sum(self.g_max * self.s, axis=0) * (0. - self.post.V)
    bm.set_dt(DT)
    A, B, C = (bp.neurons.LIF(n, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5., V_initializer=bp.init.Constant(-60.)) for n in (20, 30, 10))
    A.V[:] = bm.asarray(np.random.RandomState(21).normal(-55, 2, 20))
    syn = Exponential(A, B, bp.conn.IJConn(*pairs(22, 20, 30, 0.2)), g_max=0.3, delay=2.)
    net = bp.Network(syn, AMPA(B, C, bp.connect.IJConn(*pairs(23, 30, 10, 0.4))), A=A, B=B, C=C)
    return run(bp, net, 80., {"A.spike": A.spike, "B.V": B.V, "B.spike": B.spike, "C.V": C.V, "C.spike": C.spike, "g": syn.g},
               [("A.input", 15.), (B.input, 5., "fix", "+")])


@program
def izhikevich_2003(bp, bm):
    """Izhikevich's network (2003) as its short script is carried over: Variables in a function, two half steps for v."""
    rng, ne, ni = np.random.RandomState(24), 80, 20
    re, ri = rng.rand(ne), rng.rand(ni)
    a, b = np.r_[0.02 * np.ones(ne), 0.02 + 0.08 * ri], np.r_[0.2 * np.ones(ne), 0.25 - 0.05 * ri]
    c, d = np.r_[-65 + 15 * re ** 2, -65 * np.ones(ni)], np.r_[8 - 6 * re ** 2, 2 * np.ones(ni)]
    a, b, c, d = (bm.asarray(x) for x in (a, b, c, d))
    S = bm.asarray(np.c_[2. * rng.rand(ne + ni, ne), -4. * rng.rand(ne + ni, ni)])
    noise = rng.randn(300, ne + ni) * np.r_[5 * np.ones(ne), 2 * np.ones(ni)]
    v, u = bm.Variable(-65. * bm.ones(ne + ni)), bm.Variable(b * -65.)

    def step(I):
        fired = v >= 30.
        v.value, u.value = bm.where(fired, c, v), bm.where(fired, u + d, u)
        I = I + bm.sum(S * fired, axis=1)
        for _ in range(2):
            v.value += 0.5 * (0.04 * v ** 2 + 5 * v + 140 - u + I)
        u.value += a * (b * v - u)
        return {"fired": fired, "states": (v.value, u.value)}
    out = bm.for_loop(step, noise)
    return {"fired": np.asarray(out["fired"]), "v": np.asarray(out["states"][0]), "u": np.asarray(out["states"][1])}


@program
def sheet(bp, bm):
    """A plane of excitable units, (8, 12), coupled to their neighbours by slices of a padded array and by a roll."""
    class Sheet(bp.dyn.NeuDyn):
        def __init__(self, size):
            super().__init__(size, keep_size=True)
            self.V, self.W = bm.Variable(bm.zeros(self.varshape)), bm.Variable(bm.zeros(self.varshape))
            self.integral = bp.odeint(bp.JointEq(lambda V, t, W, I: V - V ** 3 / 3 - W + I, lambda W, t, V: 0.08 * (V + 0.7 - 0.8 * W)), method="heun2")

        def update(self, x):
            wide = bm.pad(self.V.value, 1, mode="edge")
            near = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:] - 4 * self.V + 0.2 * (bm.roll(self.V, 1, axis=1) - self.V)
            self.V.value, self.W.value = self.integral(self.V, self.W, bp.share["t"], x + 0.5 * near, bp.share["dt"])
            return self.V.value
    plane, stimulus = Sheet((8, 12)), np.zeros((300, 8, 12))
    stimulus[:100, 2:4, 2:5] = 1.
    bp.share.save(dt=DT)
    return {"V": np.asarray(bm.for_loop(plane.step_run, (np.arange(300), stimulus)))}


@program
def cable(bp, bm):
    """Three cells of ten compartments each: axial currents by differences along the second axis, ends by a list of indices."""
    class Cable(bp.DynamicalSystem):
        def __init__(self, cells, compartments):
            super().__init__()
            self.V = bm.Variable(bm.full((cells, compartments), -65.))
            self.g = bm.asarray(np.linspace(0.3, 1., compartments - 1))
            self.integral = bp.odeint(self.dV, method="rk4")

        def dV(self, V, t, I):
            flow, none = bm.diff(V, axis=1) * self.g, bm.zeros((V.shape[0], 1))
            return -0.1 * (V + 65.) + bm.concatenate([flow, none], axis=1) - bm.concatenate([none, flow], axis=1) + I

        def update(self, current):
            I = bm.zeros_like(self.V)
            I[:, 0] = current
            self.V.value = self.integral(self.V, bp.share["t"], I, bp.share["dt"])
            return self.V[:, [0, -1]]
    cells = Cable(3, 10)
    bp.share.save(dt=DT)
    ends = bm.for_loop(lambda i, x: cells.step_run(i, x), (bm.arange(400), bm.asarray(np.random.RandomState(25).rand(400, 3) * 5)))
    return {"ends": np.asarray(ends), "last": np.asarray(cells.V.value).T}


@program
def plasticity_of_pairs(bp, bm):
    """Spike-timing-dependent plasticity by traces and outer products, between given spikes and neurons that they drive."""
    class Plastic(bp.Projection):
        def __init__(self, pre, post, W0, A=0.05):
            super().__init__()
            self.pre, self.post, self.A = pre, post, A
            self.w, self.p, self.m = bm.Variable(bm.asarray(W0)), bm.Variable(bm.zeros(pre.num)), bm.Variable(bm.zeros(post.num))
            self.decay = [bp.odeint(lambda a, t, tau=tau: -a / tau, method="exp_auto") for tau in (15., 20.)]

        def update(self):
            t, dt = bp.share["t"], bp.share["dt"]
            self.p.value = self.decay[0](self.p, t, dt=dt) + self.pre.spike * self.A
            self.m.value = self.decay[1](self.m, t, dt=dt) + self.post.spike * self.A * 1.05
            w = self.w - bm.outer(self.pre.spike.astype(bm.float_), self.m) + bm.outer(self.p, self.post.spike.astype(float))
            self.w.value = bm.clip(w, 0., 1.)
            return bm.dot(self.pre.spike.astype(float), self.w)

    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            rng = np.random.RandomState(26)
            self.pre = bp.dyn.SpikeTimeGroup(10, indices=bm.asarray(rng.randint(0, 10, 100)), times=bm.asarray(np.sort(rng.rand(100) * 79)))
            self.post = bp.dyn.LifRef(4, V_rest=-60., V_th=-55., V_reset=-60., tau=10., tau_ref=2., V_initializer=bp.init.Constant(-60.))
            self.syn = Plastic(self.pre, self.post, rng.rand(10, 4))

        def update(self):
            self.pre()
            self.post(self.syn() * 60.)
    net = Net()
    bp.share.save(dt=DT)

    def step(i):
        net.step_run(i)
        return net.syn.w.value, net.pre.spike.value, net.post.spike.value
    w, pre, post = bm.for_loop(step, np.arange(800))
    return {"w": np.asarray(w), "pre": np.asarray(pre), "post": np.asarray(post)}


@program
def own_channel(bp, bm):
    """A potassium channel of the user's among channels of the library."""
    class IK(bp.dyn.IonChannel):
        master_type = bp.dyn.HHTypedNeuron

        def __init__(self, size, E=-77., g_max=36.):
            super().__init__(size)
            self.g_max, self.E = g_max, E
            self.n = bm.Variable(bm.zeros(size) + 0.3)
            self.integral = bp.odeint(self.dn, method="exp_euler")

        def dn(self, n, t, V):
            return 0.01 * (V + 55.3) / (1 - bm.exp(-(V + 55.3) / 10)) * (1. - n) - 0.125 * bm.exp(-(V + 65) / 80) * n

        def update(self, V):
            self.n.value = self.integral(self.n, bp.share.load("t"), V, bp.share.load("dt"))

        def current(self, V):
            return self.g_max * self.n ** 4 * (self.E - V)

        def reset_state(self, V, batch_size=None):
            self.n.value = bm.zeros_like(V) + 0.3

    class Cell(bp.CondNeuGroup):
        def __init__(self, size):
            super().__init__(size, A=1e-3, V_initializer=bm.asarray(np.linspace(-70, -60.5, size)))
            self.IK, self.IL = IK(size), bp.dyn.IL(size, E=-54.387, g_max=0.03)
            self.INa = bp.dyn.INa_HH1952(size, E=50., g_max=120., V_sh=-45.3)
    cell = Cell(4)
    runner = bp.DSRunner(cell, monitors=["V", "IK.n", "INa.p"], inputs=(cell.input, 8.), progress_bar=False, dt=0.02)
    runner.run(20.)
    return {key: np.asarray(runner.mon[key]) for key in ("V", "IK.n", "INa.p")}
