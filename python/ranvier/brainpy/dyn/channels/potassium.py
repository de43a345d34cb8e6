"""Potassium channels."""
from ... import math as bm
from ..._array import Variable
from ..._share import share
from ...integrators import odeint
from ._rates import over_expm1
from .base import Channel


class IK_TM1991(Channel):
    """Traub and Miles's potassium current, g_max p^4 (E - V)."""

    def __init__(self, size, E=-90., g_max=10., phi=1., V_sh=-60., method="exp_auto", **keywords):
        super().__init__(size, **keywords)
        self.E, self.g_max, self.phi, self.V_sh = E, g_max, phi, V_sh
        self.p = Variable(bm.zeros(self.varshape))
        self.integral = odeint(self.derivative, method=method)

    def derivative(self, p, t, V):
        c = 15 - V + self.V_sh
        alpha = 0.16 * over_expm1(c / 5)
        beta = 0.5 * bm.exp((10 - V + self.V_sh) / 40)
        return self.phi * (alpha * (1. - p) - beta * p)

    def update(self, V):
        self.p.value = self.integral(self.p, share["t"], V, dt=share["dt"])

    def current(self, V):
        square = self.p * self.p
        return self.g_max * square * square * (self.E - V)
