"""`bp.synplast`: short-term plasticity of the synapses in `bp.synapses` (stp=): it scales what a source sends. Times in ms."""
from . import math as bm
from ._names import absent
from ._parameters import variable_
from ._share import share
from .integrators import JointEq, odeint
from .synapses.base import SynSTP


def _positive(name, value):
    if not float(value) > 0:
        raise ValueError(f"{name} must be a number above 0, not {value}")
    return float(value)


class STD(SynSTP):
    """Depression: dx/dt = (1 - x)/tau, a spike takes U x; scales by x."""

    def __init__(self, tau=200., U=0.07, method="exp_auto", name=None):
        super().__init__(name=name)
        self.tau, self.U, self.method = _positive("tau", tau), _positive("U", U), method
        self.integral = odeint(lambda x, t: (1 - x) / self.tau, method=method)

    def clone(self):
        return STD(self.tau, self.U, self.method)

    def _registered_with(self, master):
        self.x = variable_(bm.ones, master.pre.num, master.mode)

    def reset_state(self, batch_size=None):
        self.x.value = variable_(bm.ones, self.master.pre.num, self.master.mode if batch_size is None else batch_size).value

    def update(self, pre_spike):
        x = self.integral(self.x.value, share.load("t"), dt=share.load("dt"))
        self.x.value = bm.where(pre_spike, x - self.U * self.x, x)

    def filter(self, g):
        return bm.asarray(g) * self.x


class STP(SynSTP):
    """Facilitation and depression: du/dt = U - u/tau_f, dx/dt = (1 - x)/tau_d; a spike adds U (1 - u), then takes u x; scales by u x."""

    def __init__(self, U=0.15, tau_f=1500., tau_d=200., method="exp_auto", name=None):
        super().__init__(name=name)
        self.U, self.tau_f, self.tau_d = _positive("U", U), _positive("tau_f", tau_f), _positive("tau_d", tau_d)
        self.method = method
        self.integral = odeint(JointEq(self.du, self.dx), method=method)

    def du(self, u, t):
        return self.U - u / self.tau_f

    def dx(self, x, t):
        return (1 - x) / self.tau_d

    def clone(self):
        return STP(self.U, self.tau_f, self.tau_d, self.method)

    def _start(self, batch):
        return variable_(bm.ones, self.master.pre.num, batch), variable_(lambda n: bm.ones(n) * self.U, self.master.pre.num, batch)

    def _registered_with(self, master):
        self.x, self.u = self._start(master.mode)

    def reset_state(self, batch_size=None):
        x, u = self._start(self.master.mode if batch_size is None else batch_size)
        self.x.value, self.u.value = x.value, u.value

    def update(self, pre_spike):
        u, x = self.integral(self.u.value, self.x.value, share.load("t"), dt=share.load("dt"))
        u = bm.where(pre_spike, u + self.U * (1 - self.u), u)
        self.x.value = bm.where(pre_spike, x - u * self.x, x)
        self.u.value = u

    def filter(self, g):
        return bm.asarray(g) * self.x * self.u


__getattr__ = absent(__name__, "bp.synplast")
