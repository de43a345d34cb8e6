"""Sodium channels."""
from ... import math as bm
from ..._array import Variable
from ..._share import share
from ...integrators import JointEq, odeint
from ._rates import over_expm1
from .base import Channel


class INa_TM1991(Channel):
    """Traub and Miles's sodium current, g_max p^3 q (E - V)."""

    def __init__(self, size, E=50., g_max=120., phi=1., V_sh=-63., method="exp_auto", **keywords):
        super().__init__(size, **keywords)
        self.E, self.g_max, self.phi, self.V_sh = E, g_max, phi, V_sh
        self.p, self.q = Variable(bm.zeros(self.varshape)), Variable(bm.zeros(self.varshape))
        self.integral = odeint(JointEq([self.dp, self.dq]), method=method)

    def f_p_alpha(self, V):
        return 1.28 * over_expm1((13 - V + self.V_sh) / 4)

    def f_p_beta(self, V):
        return 1.4 * over_expm1((V - self.V_sh - 40) / 5)

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
