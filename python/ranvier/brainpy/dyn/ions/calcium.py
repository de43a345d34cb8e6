"""Calcium whose concentration moves with its current. C in mM, E in mV, currents in uA/cm^2, times in ms."""
from ... import math as bm
from ..._share import share
from ..._tables import initial_value
from ...integrators import odeint
from .base import Calcium


class CalciumDyna(Calcium):
    """Base: dC/dt is given by derivative(C, t, V); E = R T/(2 F) log(C0/C)."""
    R, F = 8.31441, 96.489  # J/(mol K) and C/mmol, so that E is in mV

    def __init__(self, size, keep_size=False, C0=2., T=36., C_initializer=2.4e-4, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size=keep_size, method=method, name=name, mode=mode, **channels)
        self.C0, self.T = self.init_param(C0), self.init_param(T)
        self._constant = self.R / (2 * self.F) * (273.15 + self.T)
        self._C_initializer = initial_value(C_initializer)
        self.C = self.init_variable(self._C_initializer, self.mode)
        self.E = bm.Variable(self._reversal_potential(self.C), batch_axis=self.C.batch_axis)
        self.integral = odeint(self.derivative, method=method)

    def derivative(self, C, t, V):
        raise NotImplementedError(f"{type(self).__name__} has no derivative()")

    def _reversal_potential(self, C):
        return self._constant * bm.log(self.C0 / C)

    def reset_state(self, V, C_Ca=None, E_Ca=None, batch_size=None):
        self.C = self.init_variable(self._C_initializer, batch_size) if C_Ca is None else C_Ca
        self.E.value = self._reversal_potential(self.C)
        for node in self._channels():
            node.reset_state(V, self.C, self.E, batch_size)

    def update(self, V):
        for node in self._channels():
            node.update(V, self.C.value, self.E.value)
        self.C.value = self.integral(self.C.value, share.load("t"), V, dt=share.load("dt"))
        self.E.value = self._reversal_potential(self.C.value)


class CalciumDetailed(CalciumDyna):
    """dC/dt = max(-I_Ca/(2 F d), 0) + (C_rest - C)/tau, in a shell of the depth d [um] (Destexhe et al. 1993, Biophys. J. 65:1538)."""

    def __init__(self, size, keep_size=False, T=36., d=1., C_rest=2.4e-4, tau=5., C0=2., C_initializer=2.4e-4, method="exp_auto", name=None,
                 mode=None, **channels):
        super().__init__(size, keep_size, C0, T, C_initializer, method, name, mode, **channels)
        self.d, self.C_rest, self.tau = self.init_param(d), self.init_param(C_rest), self.init_param(tau)

    def derivative(self, C, t, V):
        current = self.current(V, C, self.E, external=True)
        return bm.maximum(-current / (2 * self.F * self.d), 0.) + (self.C_rest - C) / self.tau


class CalciumFirstOrder(CalciumDyna):
    """dC/dt = max(-alpha I_Ca, 0) - beta C (Bazhenov et al. 1998, J. Neurophysiol. 79:2730)."""

    def __init__(self, size, keep_size=False, T=36., alpha=0.13, beta=0.075, C0=2., C_initializer=2.4e-4, method="exp_auto", name=None,
                 mode=None, **channels):
        super().__init__(size, keep_size, C0, T, C_initializer, method, name, mode, **channels)
        self.alpha, self.beta = self.init_param(alpha), self.init_param(beta)

    def derivative(self, C, t, V):
        return bm.maximum(-self.alpha * self.current(V, C, self.E, external=True), 0.) - self.beta * C
