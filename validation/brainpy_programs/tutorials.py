"""Programs in the manner of introductions and courses: integrals and their runner, mean fields, delays, layers, hierarchies, sweeps."""
import numpy as np
from common import DT, pairs, program, run


@program
def integrals(bp, bm):
    """Lorenz's equations, and FitzHugh and Nagumo's under steps of current, by bp.IntegratorRunner; the latter also by a loop of Python's."""
    @bp.odeint(method="rk4", dt=0.01)
    def lorenz(x, y, z, t, sigma=10., beta=8 / 3, rho=28.):
        return sigma * (y - x), x * (rho - z) - y, x * y - beta * z

    @bp.odeint
    def integral(V, w, t, Iext, a, b, tau):
        return V - V ** 3 / 3 - w + Iext, (V + a - b * w) / tau
    runner = bp.IntegratorRunner(lorenz, monitors=["x", "z"], inits=[1., 1., 1.], dt=0.01, progress_bar=False)
    runner.run(8.)
    out = {"lorenz x": runner.mon.x, "lorenz z": runner.mon["z"]}
    current, duration = bp.inputs.section_input([0., 0.8], [20., 60.], dt=DT, return_length=True)
    runner = bp.IntegratorRunner(integral, monitors=["V", "w"], inits=dict(V=0., w=0.), args=dict(a=0.7, b=0.8, tau=12.5), dyn_args=dict(Iext=current),
                                 dt=DT, progress_bar=False)
    runner.run(duration)
    V, w, hand = 0., 0., []
    for t in np.arange(0, 1., 0.01):
        V, w = integral(V, w, t, 0.8, 0.7, 0.8, 12.5, 0.01)
        hand.append(float(V))
    return {key: np.asarray(value) for key, value in {**out, "V": runner.mon.V, "w": runner.mon.w, "hand": hand}.items()}


@program
def jansen_rit(bp, bm):
    """Jansen and Rit's cortical column (1995): six equations, inputs given to run(), outputs returned by it."""
    class Column(bp.DynamicalSystem):
        def __init__(self, size, A=3.25, B=22., a=0.1, b=0.05, C=135.):
            super().__init__()
            self.y0, self.y1, self.y2, self.y3, self.y4, self.y5 = (bm.Variable(bm.zeros(size)) for _ in range(6))

            def S(v):
                return 5e-3 / (1 + bm.exp(0.56 * (6. - v)))
            self.integral = bp.odeint(bp.JointEq(
                lambda y0, t, y3: y3, lambda y1, t, y4: y4, lambda y2, t, y5: y5,
                lambda y3, t, y0, y1, y2: A * a * S(y1 - y2) - 2 * a * y3 - a ** 2 * y0,
                lambda y4, t, y0, y1, p: A * a * (p + 0.8 * C * S(C * y0)) - 2 * a * y4 - a ** 2 * y1,
                lambda y5, t, y0, y2: B * b * 0.25 * C * S(0.25 * C * y0) - 2 * b * y5 - b ** 2 * y2), method="rk4")

        def update(self, p):
            (self.y0.value, self.y1.value, self.y2.value, self.y3.value, self.y4.value, self.y5.value) = self.integral(
                self.y0, self.y1, self.y2, self.y3, self.y4, self.y5, bp.share["t"], p=p, dt=bp.share["dt"])
            return self.y1 - self.y2
    column = Column(3)
    runner = bp.DSRunner(column, monitors=["y0"], dt=1., progress_bar=False)
    eeg = runner.run(inputs=bm.asarray(0.12 + np.random.RandomState(30).rand(800, 3) * 0.2))
    return {"eeg": np.asarray(eeg), "y0": np.asarray(runner.mon.y0)}


@program
def moving_bump(bp, bm):
    """A continuous attractor that follows a stimulus: distances by bm.remainder, positions of all steps at once."""
    class CANN1D(bp.NeuGroupNS):
        def __init__(self, num, tau=1., k=0.1, a=0.5, A=10., J0=4., z_min=-bm.pi, z_max=bm.pi, **kwargs):
            super().__init__(size=num, **kwargs)
            self.tau, self.k, self.a, self.A, self.J0, self.z_range = tau, k, a, A, J0, z_max - z_min
            self.x = bm.linspace(z_min, z_max, num)
            d = self.dist(bm.reshape(self.x, (-1, 1)) - bm.repeat(self.x.reshape((1, -1)), len(self.x), axis=0))
            self.conn_mat = self.J0 * bm.exp(-0.5 * bm.square(d / self.a)) / (bm.sqrt(2 * bm.pi) * self.a)
            self.r, self.u, self.input = (bm.Variable(bm.zeros(num)) for _ in range(3))
            self.integral = bp.odeint(lambda u, t, Irec, Iext: (-u + Irec + Iext) / self.tau)

        def dist(self, d):
            d = bm.remainder(d, self.z_range)
            return bm.where(d > 0.5 * self.z_range, d - self.z_range, d)

        def get_stimulus_by_pos(self, pos):
            return self.A * bm.exp(-0.25 * bm.square(self.dist(self.x - pos) / self.a))

        def update(self, x=None):
            r1 = bm.square(self.u)
            self.r.value = r1 / (1.0 + self.k * bm.sum(r1))
            self.u.value = self.integral(self.u, bp.share["t"], bm.dot(self.conn_mat, self.r), self.input, bp.share["dt"])
            self.input[:] = 0.
    cann = CANN1D(num=64)
    position = np.concatenate([np.zeros(50), np.linspace(0., 12., 200), np.full(50, 12.)]).reshape((-1, 1))
    return run(bp, cann, 30., {"u": cann.u, "r": cann.r}, ("input", cann.get_stimulus_by_pos(position), "iter"))


@program
def bifurcation_sweep(bp, bm):
    """Morris and Lecar's neuron: amplitudes by a loop over runners, then a slow ramp over seven neurons at a finer time step."""
    class MorrisLecar(bp.dyn.NeuDyn):
        def __init__(self, size):
            super().__init__(size)
            self.V, self.W = bm.Variable(bm.ones(size) * -60.), bm.Variable(bm.ones(size) * 0.02)
            self.input = bm.Variable(bm.zeros(size))
            self.integral = bp.odeint(bp.JointEq(self.dV, self.dW), method="rk4")

        def dV(self, V, t, W, I_ext):
            M_inf = (1 / 2) * (1 + bm.tanh((V + 1.2) / 18.))
            return (- 4.4 * M_inf * (V - 130.) - 8. * W * (V + 84.) - 2. * (V + 60.) + I_ext) / 20.

        def dW(self, W, t, V):
            return ((1 / 2) * (1 + bm.tanh((V - 2.) / 30.)) - W) * (0.04 * bm.cosh((V - 2.) / (2 * 30.)))

        def update(self, x=None):
            if x is not None:
                self.input += x
            self.V.value, self.W.value = self.integral(self.V, self.W, bp.share.load("t"), self.input, bp.share.load("dt"))
            self.input[:] = 0.
    amplitudes = []
    for I in np.arange(60., 120., 20.):
        runner = bp.DSRunner(MorrisLecar(1), monitors=["V"], inputs=["input", I], progress_bar=False, dt=DT)
        runner.run(200.)
        amplitudes += [np.ptp(np.asarray(runner.mon.V[1000:]))] * 20  # every 20th value is kept
    neuron = MorrisLecar(7)
    with bm.environment(dt=0.05):
        bp.share.save(dt=0.05)
        V = bm.for_loop(lambda i, x: (neuron.step_run(i, x), neuron.V.value)[1], (np.arange(400), np.linspace(0, 150., 400)))
    bp.share.save(dt=DT)
    return {"amplitudes": np.asarray(amplitudes), "V": np.asarray(V)}


@program
def delays(bp, bm):
    """TimeDelay, LengthDelay (one delay, and one an element), VarDelay in one system; Mackey and Glass's equation with `state_delays`."""
    class Delayed(bp.DynamicalSystem):
        def __init__(self):
            super().__init__()
            self.x = bm.Variable(bm.asarray([1., 2., 3.]))
            self.td = bm.TimeDelay(self.x, delay_len=2., dt=DT, before_t0=lambda t: bm.ones(3) * t, t0=0.)
            self.ld = bm.LengthDelay(self.x, 10, initial_delay_data=0.5)
            self.vd = bp.VarDelay(self.x, entries={"a": 0.3, "b": 1.})

        def update(self):
            t = bp.share["t"]
            got = self.td(t - 1.05), self.ld(4), self.ld(bm.asarray([1, 3, 7]), bm.arange(3)), self.vd.at("a"), self.vd.at("b", 1)
            self.x.value = self.x * 0.98 + 0.1 * bm.sin(t)
            for delay in (self.td, self.ld, self.vd):
                delay.update(self.x)
            return got
    bm.set_dt(DT)
    bp.share.save(dt=DT)
    out = {f"delay {k}": np.asarray(v) for k, v in enumerate(bm.for_loop(Delayed().step_run, bm.arange(200)))}
    past = bm.TimeDelay(bm.asarray([1.2]), delay_len=2., dt=0.01, before_t0=1.2, interp_method="linear_interp")
    integral = bp.odeint(lambda x, t: past(t - 2.) / (1 + past(t - 2.) ** 10) - 0.5 * x, method="rk4", state_delays={"x": past})
    runner = bp.IntegratorRunner(integral, monitors=["x"], inits=[1.2], dt=0.01, progress_bar=False)
    runner.run(10.)
    return {**out, "mackey_glass": np.asarray(runner.mon.x)}


@program
def layers(bp, bm):
    """A reservoir that a dense layer reads, with batches first; a spiking layer with a surrogate gradient in training mode, a batch of five."""
    rng = np.random.RandomState(31)

    def numbers(*shape, scale=1.):
        return bm.asarray(rng.normal(0., scale, shape))

    class Echo(bp.DynamicalSystem):
        def __init__(self):
            super().__init__()
            self.r = bp.dnn.Reservoir(3, 30, Win_initializer=numbers(3, 30, scale=0.1), Wrec_initializer=numbers(30, 30, scale=0.1), leaky_rate=0.5,
                                      in_connectivity=1., rec_connectivity=1., spectral_radius=1.)
            self.o = bp.dnn.Dense(30, 2, W_initializer=numbers(30, 2), mode=bm.training_mode)

        def update(self, x):
            return self.o(self.r(x))

    class Spiking(bp.DynamicalSystem):
        def __init__(self):
            super().__init__()
            self.l1 = bp.Sequential(bp.dnn.Dense(10, 30, W_initializer=numbers(10, 30)),
                                    bp.dyn.Lif(30, V_rest=0., V_reset=0., V_th=1., tau=2., spk_fun=bm.surrogate.arctan, V_initializer=bp.init.ZeroInit()))
            self.l2 = bp.dnn.Linear(30, 4, W_initializer=numbers(30, 4), b_initializer=bp.init.ZeroInit())
            self.s, self.o = bp.dyn.Expon(4, tau=10.), bp.dyn.Integrator(4, tau=5.)

        def update(self, spike):
            return self.o(self.s(self.l2(self.l1(spike))))
    with bm.environment(mode=bm.batching_mode):
        echo = Echo()
    echo.reset_state(2)
    runner = bp.DSRunner(echo, monitors={"state": echo.r.state}, progress_bar=False)
    read = runner.predict(inputs=bm.asarray(rng.rand(2, 60, 3)), reset_state=True)
    with bm.training_environment():
        net = Spiking()
    net.reset_state(5)
    bp.share.save(t=0., i=0, dt=DT)
    out = bm.for_loop(net, bm.asarray((rng.rand(60, 5, 10) < 0.3).astype(float)))
    return {"read": np.swapaxes(np.asarray(read), 0, 1), "state": np.swapaxes(np.asarray(runner.mon["state"]), 0, 1), "spiking": np.asarray(out)}


@program
def hierarchy(bp, bm):
    """Areas in a NodeList, each a Network of its own, joined by synapses with delays; the loop and clear_input() are the user's."""
    class Area(bp.Network):
        def __init__(self, n, seed):
            super().__init__()
            rng = np.random.RandomState(seed)
            self.E = bp.neurons.AdExIF(n, V_initializer=bm.asarray(rng.uniform(-65, -50, n)), tau=15., a=.5)
            self.I = bp.neurons.QuaIF(n // 2, V_initializer=bm.asarray(rng.uniform(-65, -52, n // 2)))
            self.ei = bp.synapses.AMPA(self.E, self.I, bp.conn.IJConn(*pairs(seed + 1, n, n // 2, 0.4)), g_max=.2, output=bp.synouts.COBA(E=0.))
            self.ie = bp.synapses.GABAa(self.I, self.E, bp.conn.IJConn(*pairs(seed + 2, n // 2, n, 0.4)), g_max=.2, output=bp.synouts.COBA(E=-80.))

    class Hierarchy(bp.DynamicalSystem):
        def __init__(self):
            super().__init__()
            self.areas = bm.NodeList([Area(8, 40 + 10 * k) for k in range(3)])
            self.links = bm.NodeList([bp.synapses.DualExponential(
                self.areas[k].E, self.areas[k + 1].E, bp.conn.IJConn(*pairs(45 + 10 * k, 8, 8, 0.4)), delay_step=10 * (k + 1), g_max=.1, tau_rise=1.,
                tau_decay=8., output=bp.synouts.COBA(E=0.)) for k in range(2)])

        def update(self, I):
            self.areas[0].E.input += I
            for part in (*self.links, *self.areas):
                part()
            return [area.E.V.value for area in self.areas], bm.stack([area.I.V.value for area in self.areas])

        def clear_input(self):
            for area in self.areas:
                area.clear_input()
    net = Hierarchy()
    bp.share.save(dt=DT)

    def step(i):
        out = net.step_run(i, 40.)
        net.clear_input()
        return out
    E, I = bm.for_loop(step, np.arange(500))
    count = len(net.nodes().subset(bp.dyn.NeuDyn).unique())
    return {"first E": np.asarray(E[0]), "last E": np.asarray(E[2]), "I": np.asarray(I), "groups": np.full(20, count)}


@program
def parts_of_a_group(bp, bm):
    """One group whose slices are the excitatory and the inhibitory neurons, as sources of projections and of a synapse of the older style."""
    class Net(bp.DynSysGroup):
        def __init__(self):
            super().__init__()
            self.N = bp.dyn.LifRef(50, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5.,
                                   V_initializer=bm.asarray(np.random.RandomState(32).normal(-55, 3, 50)))
            self.E, self.I = self.N[:40], self.N[40:]
            E, I = bp.conn.IJConn(*pairs(33, 40, 50, 0.3))(40, 50), bp.conn.IJConn(*pairs(34, 10, 50, 0.5))(10, 50)
            self.e2n = bp.dyn.ProjAlignPostMg1(comm=bp.dnn.EventCSRLinear(E, 0.6), syn=bp.dyn.Expon.desc(50, tau=5.), out=bp.dyn.COBA.desc(E=0.), post=self.N)
            self.i2n = bp.dyn.ProjAlignPost1(comm=bp.dnn.CSRLinear(I, 6.7), syn=bp.dyn.Expon(50, tau=10.), out=bp.dyn.COBA(E=-80.), post=self.N)

        def update(self, x):
            self.e2n(self.E.spike)
            self.i2n(self.I.spike.astype(float))
            self.N(x)
            return self.E.V.value, self.N.spike.value
    net = Net()
    bp.share.save(dt=DT)
    V, spike = bm.for_loop(net.step_run, (bm.arange(800), bm.linspace(15., 25., 800)))
    g, h = (bp.neurons.LIF(n, V_rest=0., V_th=10., V_reset=0., tau=10., V_initializer=bp.init.ZeroInit()) for n in (10, 4))
    g.V[:] = bm.asarray(np.linspace(0, 9, 10))
    synapse = bp.synapses.Exponential(g[2:6], h, bp.conn.One2One(), tau=5., g_max=3., output=bp.synouts.CUBA())
    older = run(bp, bp.Network(synapse, g=g, h=h), 60., {"g.V": g.V, "h.V": h.V}, ("g.input", 12.))
    return {"V": np.asarray(V), "spike": np.asarray(spike), **older}


@program
def over_time(bp, bm):
    """bp.LoopOverTime: recurrent cells in a chain with a batch, both orders of axes, states watched; a neuron for a duration, then with inputs."""
    rng = np.random.RandomState(35)

    def numbers(*shape):
        return bm.asarray(rng.randn(*shape) * 0.3)
    with bm.batching_environment():
        model = bp.Sequential(l1=bp.dnn.RNNCell(6, 20, Wi_initializer=numbers(6, 20), Wh_initializer=numbers(20, 20), b_initializer=numbers(20)), l2=bm.relu,
                              l3=bp.dnn.RNNCell(20, 2, Wi_initializer=numbers(20, 2), Wh_initializer=numbers(2, 2)))
    loop = bp.LoopOverTime(model, out_vars=model["l1"].state, data_first_axis="T")
    loop.reset_state(4)
    first, state = loop(bm.asarray(rng.rand(40, 4, 6)))
    loop = bp.LoopOverTime(model, out_vars={"state": model["l1"].state}, data_first_axis="B")
    loop.reset_state(4)
    second, states = loop(bm.asarray(rng.rand(4, 40, 6)))
    neuron = bp.neurons.HH(1, V_initializer=bp.init.Constant(-65.))
    loop = bp.LoopOverTime(neuron, out_vars=neuron.V, dt=DT)
    silent, driven = loop(20.)[1], loop(bm.ones(200) * 5)[1]
    dense = bp.LoopOverTime(bp.dnn.Dense(6, 3, W_initializer=numbers(6, 3), mode=bm.batching_mode), no_state=True)
    return {key: np.asarray(value) for key, value in {"first": first, "state": state, "second": second, "states": states["state"], "silent": silent,
                                                      "driven": driven, "dense": dense(bm.asarray(rng.rand(40, 4, 6)))}.items()}
