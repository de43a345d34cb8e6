"""Synapses described by what they do: jumps, decays, resources. update(x) makes one step with x arriving; times in ms."""
from ... import math as bm
from ..._share import share
from ...integrators import JointEq
from ...mixin import AlignPost, ReturnInfo
from .base import TableSynapse


class Delta(TableSynapse, AlignPost):
    """g += x: what arrives is kept as it is."""
    _head = {"keep_size": False, "sharding": None, "name": None, "mode": None}

    def update(self, x=None):
        if x is not None:
            self.g += x
        return self.g.value

    def add_current(self, x):
        self.g += x


class Expon(TableSynapse, AlignPost):
    """dg/dt = -g/tau; arrivals are added after the decay."""
    _parameters = {"tau": 8.}

    def derivative(self, g, t):
        return -g / self.tau

    def update(self, x=None):
        self.g.value = self.integral(self.g.value, share.load("t"), dt=share.load("dt"))
        if x is not None:
            self.add_current(x)
        return self.g.value

    def add_current(self, x):
        self.g += x


class DualExpon(TableSynapse):
    """dh/dt = -h/tau_rise, dg/dt = -g/tau_decay + h; arrivals are added to h."""
    _parameters = {"tau_decay": 10., "tau_rise": 1.}
    _states = {"h": 0., "g": 0.}

    def dh(self, h, t):
        return -h / self.tau_rise

    def dg(self, g, t, h):
        return -g / self.tau_decay + h

    @property
    def derivative(self):
        return JointEq(self.dg, self.dh)

    def update(self, x):
        self.g.value, self.h.value = self.integral(self.g.value, self.h.value, share.load("t"), dt=share.load("dt"))
        self.h += x
        return self.g.value


class DualExponV2(TableSynapse, AlignPost):
    """tau_rise tau_decay/(tau_decay - tau_rise) (g_decay - g_rise), each decaying by itself; arrivals are added to both."""
    _parameters = {"tau_decay": 10., "tau_rise": 1.}
    _states = {"g_rise": 0., "g_decay": 0.}

    @property
    def coeff(self):
        return self.tau_rise * self.tau_decay / (self.tau_decay - self.tau_rise)

    def derivative(self, g, t, tau):
        return -g / tau

    def update(self, x=None):
        t, dt = share.load("t"), share.load("dt")
        self.g_rise.value = self.integral(self.g_rise.value, t, self.tau_rise, dt=dt)
        self.g_decay.value = self.integral(self.g_decay.value, t, self.tau_decay, dt=dt)
        if x is not None:
            self.add_current(x)
        return self._now()

    def _now(self, shape=None):
        return self.coeff * (self.g_decay - self.g_rise)

    def add_current(self, inp):
        self.g_rise += inp
        self.g_decay += inp

    def return_info(self):
        return ReturnInfo(self.varshape, self.sharding, self.mode, self._now)


class Alpha(DualExpon):
    """DualExpon with equal times: the alpha function."""
    _parameters = {"tau_decay": 10.}

    @property
    def tau_rise(self):
        return self.tau_decay


class NMDA(TableSynapse):
    """dx/dt = -x/tau_rise, dg/dt = -g/tau_decay + a x (1 - g); arrivals are added to x (Wang 2002, Neuron 36:955)."""
    _parameters = {"a": 0.5, "tau_decay": 100., "tau_rise": 2.}
    _states = {"g": 0., "x": 0.}

    def dg(self, g, t, x):
        return -g / self.tau_decay + self.a * x * (1 - g)

    def dx(self, x, t):
        return -x / self.tau_rise

    @property
    def derivative(self):
        return JointEq(self.dg, self.dx)

    def update(self, pre_spike):
        self.g.value, self.x.value = self.integral(self.g.value, self.x.value, share.load("t"), dt=share.load("dt"))
        self.x += pre_spike
        return self.g.value


class STD(TableSynapse):
    """Depression: dx/dt = (1 - x)/tau; a spike takes U x (Tsodyks and Markram 1997, PNAS 94:719). Gives x."""
    _parameters = {"tau": 200., "U": 0.07}
    _states = {"x": 1.}

    def derivative(self, x, t):
        return (1 - x) / self.tau

    def update(self, pre_spike):
        x = self.integral(self.x.value, share.load("t"), dt=share.load("dt"))
        self.x.value = x - pre_spike * self.U * self.x
        return self.x.value

    def return_info(self):
        return self.x


class STP(TableSynapse):
    """Facilitation and depression: du/dt = U - u/tau_f, dx/dt = (1 - x)/tau_d; a spike adds U (1 - u) to u, then takes u x. Gives u x.

    (Tsodyks, Pawelzik and Markram 1998, Neural Comput. 10:821; the drive of u is U per ms, as in BrainPy.)"""
    _parameters = {"U": 0.15, "tau_f": 1500., "tau_d": 200.}
    _states = {"x": 1.}

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        self.u = self.init_variable(lambda shape: bm.ones(shape) * self.U, batch_size)

    def du(self, u, t):
        return self.U - u / self.tau_f

    def dx(self, x, t):
        return (1 - x) / self.tau_d

    @property
    def derivative(self):
        return JointEq(self.du, self.dx)

    def update(self, pre_spike):
        u, x = self.integral(self.u.value, self.x.value, share.load("t"), dt=share.load("dt"))
        u = u + pre_spike * (self.U * (1 - self.u))
        x = x - pre_spike * (u * self.x)
        self.x.value, self.u.value = x, u
        return u * x

    def return_info(self):
        return ReturnInfo(self.varshape, self.sharding, self.mode, lambda shape: self.u * self.x)
