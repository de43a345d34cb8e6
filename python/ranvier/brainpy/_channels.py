"""Conductance-based neurons, channels, synapses, outputs and projections; own words for BrainPy's semantics of version 2.4.4."""
import numpy as np

from . import math as bm
from ._array import Variable
from ._errors import UnsupportedError
from ._share import share
from ._system import Dynamic, DynamicalSystem, NeuDyn, Projection
from .integrators import JointEq, odeint


class Channel(Dynamic):
    """A current of a neuron: current(V), and gates that update(V) moves on."""

    def update(self, V):
        pass


class IL(Channel):
    """g_max (E - V)."""

    def __init__(self, size, g_max=0.1, E=-70., method=None, **keywords):
        super().__init__(size, **keywords)
        self.g_max, self.E = g_max, E

    def current(self, V):
        return self.g_max * (self.E - V)


def _over_expm1(x):
    """x / (exp(x) - 1), 1 at 0: BrainPy's quotient is NaN there, and its neuron is lost. The series is exact to 1e-12 within its range."""
    near = bm.abs(x) < 1e-2
    away = bm.where(near, 1., x)
    return bm.where(near, 1. - x / 2. + x * x / 12. - x * x * x * x / 720., away / bm.expm1(away))


class INa_TM1991(Channel):
    """Traub and Miles's sodium current, g_max p^3 q (E - V)."""

    def __init__(self, size, E=50., g_max=120., phi=1., V_sh=-63., method="exp_auto", **keywords):
        super().__init__(size, **keywords)
        self.E, self.g_max, self.phi, self.V_sh = E, g_max, phi, V_sh
        self.p, self.q = Variable(bm.zeros(self.varshape)), Variable(bm.zeros(self.varshape))
        self.integral = odeint(JointEq([self.dp, self.dq]), method=method)

    def f_p_alpha(self, V):
        return 1.28 * _over_expm1((13 - V + self.V_sh) / 4)

    def f_p_beta(self, V):
        return 1.4 * _over_expm1((V - self.V_sh - 40) / 5)

    def f_q_alpha(self, V):
        return 0.128 * bm.exp((17 - V + self.V_sh) / 18)

    def f_q_beta(self, V):
        return 4. / (1 + bm.exp(-(V - self.V_sh - 40) / 5))

    def dp(self, p, t, V):
        return self.phi * (self.f_p_alpha(V) * (1. - p) - self.f_p_beta(V) * p)

    def dq(self, q, t, V):
        return self.phi * (self.f_q_alpha(V) * (1. - q) - self.f_q_beta(V) * q)

    def update(self, V):
        self.p.value, self.q.value = self.integral(self.p, self.q, share["t"], V, dt=share["dt"])

    def current(self, V):
        return self.g_max * self.p * self.p * self.p * self.q * (self.E - V)


class IK_TM1991(Channel):
    """Traub and Miles's potassium current, g_max p^4 (E - V)."""

    def __init__(self, size, E=-90., g_max=10., phi=1., V_sh=-60., method="exp_auto", **keywords):
        super().__init__(size, **keywords)
        self.E, self.g_max, self.phi, self.V_sh = E, g_max, phi, V_sh
        self.p = Variable(bm.zeros(self.varshape))
        self.integral = odeint(self.derivative, method=method)

    def derivative(self, p, t, V):
        c = 15 - V + self.V_sh
        alpha = 0.16 * _over_expm1(c / 5)
        beta = 0.5 * bm.exp((10 - V + self.V_sh) / 40)
        return self.phi * (alpha * (1. - p) - beta * p)

    def update(self, V):
        self.p.value = self.integral(self.p, share["t"], V, dt=share["dt"])

    def current(self, V):
        square = self.p * self.p
        return self.g_max * square * square * (self.E - V)


class CondNeuGroupLTC(NeuDyn):
    """dV/dt = (input + projections + channels)/C; all currents inside of the derivative. A spike: V passes V_th upwards."""

    def __init__(self, size, keep_size=False, C=1., A=1e-3, V_th=0., V_initializer=None, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size, name, mode)
        self.C, self.A, self.V_th = C, A, V_th
        if V_initializer is None:
            start = bm.random.uniform(-70., -60., self.varshape)
        else:
            start = V_initializer(self.varshape) if callable(V_initializer) else bm.ones(self.varshape) * V_initializer
        self.V = Variable(start)
        self.input = Variable(bm.zeros(self.varshape))
        self.spike = Variable(bm.zeros(self.varshape, dtype=bool))
        for key, channel in channels.items():
            setattr(self, key, channel)
        self.integral = odeint(self.derivative, method=method)

    def _channels(self):
        return [c for c in vars(self).values() if isinstance(c, Channel)]

    def derivative(self, V, t, I):
        total = self.sum_inputs(V, init=I)
        for channel in self._channels():
            total = total + channel.current(V)
        return total / self.C

    def update(self, x=None):
        current = self.input if x is None else self.input + x
        if self.A != 1e-3:
            current = current * (1e-3 / self.A)
        V = self.integral(self.V, share["t"], current, dt=share["dt"])
        for channel in self._channels():
            channel.update(self.V)
        self.spike.value = bm.logical_and(V >= self.V_th, self.V < self.V_th)
        self.V.value = V
        return self.spike.value

    def clear_input(self):
        self.input[:] = 0.


class Expon(Dynamic):
    """An exponential synapse: dg/dt = -g/tau, arrivals add to g."""

    def __init__(self, size, keep_size=False, tau=8., method="exp_auto", name=None, mode=None):
        super().__init__(size, keep_size, name, mode)
        self.tau = tau
        self.g = Variable(bm.zeros(self.varshape))
        self.integral = odeint(lambda g, t: -g / self.tau, method=method)

    def update(self, x=None):
        self.g.value = self.integral(self.g, share["t"], dt=share["dt"])
        if x is not None:
            self.add_current(x)
        return self.g.value

    def add_current(self, x):
        self.g.value = self.g + x

    def return_info(self):
        return self.g


class SynOut(DynamicalSystem):
    def __init__(self, name=None):
        super().__init__(name)
        self.conductance = None

    def bind_cond(self, g):
        self.conductance = g


class DynCOBA(SynOut):
    """g (E - V)."""

    def __init__(self, E, name=None):
        super().__init__(name)
        self.E = E

    def __call__(self, V):
        return self.conductance * (self.E - V)


class DynCUBA(SynOut):
    """g."""

    def __call__(self, V=None):
        return self.conductance


class ProjAlignPostMg1(Projection):
    """comm, then a synapse at the target that all projections of equal `syn` and `out` share. The sum acts in this step, then decays."""

    def __init__(self, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(name, mode)
        self.comm = comm
        key = f"{out_label} // {syn.identifier} // {out.identifier}"
        pair = post.before_updates.get(key)
        if pair is None:
            pair = _SharedSynapse(syn(), out())
            pair.out.bind_cond(pair.syn.g)
            post.before_updates[key] = pair
            post.cur_inputs[key] = pair.out
        self._pair, self._post = [pair], [post]

    syn = property(lambda self: self._pair[0].syn)
    out = property(lambda self: self._pair[0].out)
    post = property(lambda self: self._post[0])

    def children(self):
        return []

    def update(self, x):
        current = self.comm(x)
        self.syn.add_current(current)
        return current


class _SharedSynapse:
    def __init__(self, syn, out):
        self.syn, self.out = syn, out

    def __call__(self):
        self.out.bind_cond(self.syn())


class EventCSRLinear(DynamicalSystem):
    """y[j] = the sum of weights of true x[i] with a synapse i -> j. weight: a number or one a synapse."""

    def __init__(self, conn, weight, sharding=None, name=None, mode=None):
        super().__init__(name, mode)
        self.conn, self.weight = conn, weight
        indices, indptr = conn.require("csr")
        self.csr = np.asarray(indices), np.asarray(indptr)
        count = np.size(np.asarray(weight))
        if count not in (1, len(self.csr[0])):
            raise ValueError(f"{count} weights for {len(self.csr[0])} synapses")

    def update(self, x):
        return bm.pre2post_event_sum(x, self.csr, self.conn.post_num, self.weight)


class OldCOBA:
    """post.input += g (E - V), with the V of before the step."""

    def __init__(self, E=0.):
        self.E = E

    def __call__(self, g, post):
        post.input += g * (self.E - post.V)


class OldCUBA:
    """post.input += g."""

    def __call__(self, g, post):
        post.input += g


class TwoEndConn(Projection):
    """Base of synapses between two groups: conn is applied to their sizes."""

    def __init__(self, pre, post, conn=None, name=None, mode=None, **_):
        super().__init__(name, mode)
        self._ends = [lambda: (pre, post)]
        self.conn = conn(pre.size, post.size) if conn is not None else None

    pre = property(lambda self: self._ends[0]()[0])
    post = property(lambda self: self._ends[0]()[1])

    def _check(self, group, which, names):
        for name in names:
            if not hasattr(group, name):
                raise AttributeError(f"{type(self).__name__} needs {which}.{name}, which {group.name} does not have")

    def check_pre_attrs(self, *names):
        self._check(self.pre, "pre", names)

    def check_post_attrs(self, *names):
        self._check(self.post, "post", names)


class Exponential(TwoEndConn):
    """An exponential synapse between two groups: decay, then arrivals, then the output."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="sparse", g_max=1., delay_step=None, tau=8.0,
                 method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, name=name, mode=mode)
        if stp is not None or delay_step is not None or comp_method != "sparse":
            raise UnsupportedError("Exponential with stp, delay_step or comp_method='dense'", "use comp_method='sparse' without them")
        self.check_pre_attrs("spike")
        self.output, self.g_max, self.tau = output or OldCUBA(), g_max, tau
        self.pre2post = self.conn.require("pre2post")
        self.g = Variable(bm.zeros(post.num))
        self.integral = odeint(lambda g, t: -g / self.tau, method=method)

    def update(self):
        self.g.value = self.integral(self.g, share["t"], dt=share["dt"])
        self.g += bm.pre2post_event_sum(self.pre.spike, self.pre2post, self.post.num, self.g_max)
        self.output(self.g, self.post)
