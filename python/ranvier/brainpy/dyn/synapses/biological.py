"""Synapses described by receptors: transmitter of the concentration T [mM] is there for T_dur ms after a spike. Rates in 1/ms."""
from ... import math as bm
from ..._share import share
from ...integrators import JointEq
from .base import TableSynapse


class _Transmitter(TableSynapse):
    """`spike_arrival_time`: of the last spike."""
    _parameters = {"T": 0.5, "T_dur": 0.5}
    _states = {"g": 0., "spike_arrival_time": -1e7}

    def _concentration(self, pre_spike):
        t = share.load("t")
        self.spike_arrival_time.value = bm.where(pre_spike, t, self.spike_arrival_time.value)
        return bm.where(t - self.spike_arrival_time < self.T_dur, 1., 0.) * self.T


class AMPA(_Transmitter):
    """dg/dt = alpha T (1 - g) - beta g (Destexhe, Mainen and Sejnowski 1994, Neural Comput. 6:14)."""
    _parameters = {"alpha": 0.98, "beta": 0.18, "T": 0.5, "T_dur": 0.5}

    def dg(self, g, t, TT):
        return self.alpha * TT * (1 - g) - self.beta * g

    @property
    def derivative(self):
        return self.dg

    @property
    def T_duration(self):
        return self.T_dur

    def update(self, pre_spike):
        now = self._concentration(pre_spike)
        self.g.value = self.integral(self.g.value, share.load("t"), now, dt=share.load("dt"))
        return self.g.value


class GABAa(AMPA):
    """The same equation with the values of GABA_A."""
    _parameters = {"alpha": 0.53, "beta": 0.18, "T": 1., "T_dur": 1.}


class BioNMDA(_Transmitter):
    """dx/dt = alpha2 T (1 - x) - beta2 x, dg/dt = alpha1 x (1 - g) - beta1 g."""
    _parameters = {"alpha1": 2., "beta1": 0.01, "alpha2": 1., "beta2": 0.5, "T": 1., "T_dur": 0.5}
    _states = {"g": 0., "x": 0., "spike_arrival_time": -1e7}

    def dg(self, g, t, x):
        return self.alpha1 * x * (1 - g) - self.beta1 * g

    def dx(self, x, t, T):
        return self.alpha2 * T * (1 - x) - self.beta2 * x

    @property
    def derivative(self):
        return JointEq([self.dg, self.dx])

    def update(self, pre_spike):
        now = self._concentration(pre_spike)
        self.g.value, self.x.value = self.integral(self.g.value, self.x.value, share.load("t"), now, dt=share.load("dt"))
        return self.g.value
