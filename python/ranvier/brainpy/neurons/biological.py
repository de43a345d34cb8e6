"""Conductance-based neurons of the old interface."""
from .. import math as bm
from .._rates import over_expm1
from .._share import share
from ..dyn.neurons import HH as _HH, MorrisLecar as _MorrisLecar, WangBuzsakiHH as _WangBuzsakiHH
from ..integrators import JointEq
from .base import Noisy, WithInput
from .reduced import _Model


class HH(WithInput, _HH):
    """dyn.HH with `input` and noise."""


class MorrisLecar(WithInput, _MorrisLecar):
    """dyn.MorrisLecar with `input` and noise."""


class WangBuzsakiModel(WithInput, _WangBuzsakiHH):
    """dyn.WangBuzsakiHH with `input` and noise."""


class PinskyRinzelModel(Noisy, _Model):
    """A pyramidal cell of CA3 in two compartments, soma and dendrite (Pinsky and Rinzel 1994, J. Comput. Neurosci. 1:39).

    `Is`, `Id`: currents into them, cleared after each step by a runner. The current I_C is g_C min(Ca/250, 1) (Vd - EK): as in BrainPy,
    the gate c does not enter it."""
    _parameters = {"gNa": 30., "gK": 15., "gCa": 10., "gAHP": 0.8, "gC": 15., "gL": 0.1, "ENa": 60., "EK": -75., "ECa": 80., "EL": -60.,
                   "gc": 2.1, "V_th": 20., "Cm": 3., "p": 0.5, "A": 1.}
    _order = "keep_size gNa gK gCa gAHP gC gL ENa EK ECa EL gc V_th Cm p A Vs_initializer Vd_initializer Ca_initializer noise method name mode"
    _states = ("Vs", "Vd", "Ca", "h", "n", "s", "c", "q")
    _initial = {"Vs": -64.6, "Vd": -64.5, "Ca": 0.2}
    _gates = {"h": "Vs", "n": "Vs", "s": "Vd", "c": "Vd", "q": "Ca"}
    _has_spike = False

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        for gate, of in self._gates.items():
            value = bm.asarray(getattr(self, f"inf_{gate}")(getattr(self, of).value))
            setattr(self, gate, bm.Variable(value, batch_axis=self.Vs.batch_axis))
        self.Id = self.init_variable(bm.zeros, batch_size)
        self.Is = self.init_variable(bm.zeros, batch_size)

    def update(self, x=None):
        if x is not None:
            raise ValueError("PinskyRinzelModel takes no input by update(x): add it to Is or Id")
        values = {state: getattr(self, state).value for state in self._states}
        new = self.integral(**values, t=share.load("t"), dt=share.load("dt"))
        self._take(dict(zip(self._states, new)))

    def clear_input(self, *args, **keywords):
        self.Id.value = bm.zeros_like(self.Id)
        self.Is.value = bm.zeros_like(self.Is)

    def return_info(self):
        return self.Vs

    @property
    def derivative(self):
        return JointEq(self.dVs, self.dVd, self.dCa, self.dh, self.dn, self.ds, self.dc, self.dq)

    def dVs(self, Vs, t, h, n, Vd):
        sodium = self.gNa * self.inf_m(Vs) ** 2 * h * (Vs - self.ENa)
        potassium = self.gK * n * (Vs - self.EK)
        leak = self.gL * (Vs - self.EL)
        return (self.gc / self.p * (Vd - Vs) + self.Is / self.p - sodium - potassium - leak) / self.Cm

    def dVd(self, Vd, t, s, q, Ca, Vs):
        share_d = 1 - self.p
        leak = self.gL * (Vd - self.EL)
        calcium = self.gCa * s * s * (Vd - self.ECa)
        slow = self.gAHP * q * (Vd - self.EK)
        fast = self.gC * bm.minimum(Ca / 250., 1.) * (Vd - self.EK)
        return (self.gc / share_d * (Vs - Vd) + self.Id / share_d - leak - calcium - slow - fast) / self.Cm

    def dCa(self, Ca, t, s, Vd):
        return -0.13 * (self.gCa * s * s * (Vd - self.ECa)) - 0.075 * Ca

    def dh(self, h, t, Vs):
        return self.alpha_h(Vs) * (1 - h) - self.beta_h(Vs) * h

    def dn(self, n, t, Vs):
        return self.alpha_n(Vs) * (1 - n) - self.beta_n(Vs) * n

    def ds(self, s, t, Vd):
        return self.alpha_s(Vd) * (1 - s) - self.beta_s(Vd) * s

    def dc(self, c, t, Vd):
        return self.alpha_c(Vd) * (1 - c) - self.beta_c(Vd) * c

    def dq(self, q, t, Ca):
        return self.alpha_q(Ca) * (1 - q) - self.beta_q(Ca) * q

    def _steady(self, gate, x):
        alpha, beta = getattr(self, f"alpha_{gate}")(x), getattr(self, f"beta_{gate}")(x)
        return alpha / (alpha + beta)

    def inf_m(self, Vs):
        return self._steady("m", Vs)

    def inf_h(self, Vs):
        return self._steady("h", Vs)

    def inf_n(self, Vs):
        return self._steady("n", Vs)

    def inf_s(self, Vd):
        return self._steady("s", Vd)

    def inf_c(self, Vd):
        return self._steady("c", Vd)

    def inf_q(self, Ca):
        return self._steady("q", Ca)

    def alpha_m(self, Vs):
        return 1.28 * over_expm1((13.1 - (Vs + 60.)) / 4.)

    def beta_m(self, Vs):
        return 1.4 * over_expm1((Vs + 60. - 40.1) / 5.)

    def alpha_n(self, Vs):
        return 0.08 * over_expm1((35.1 - (Vs + 60.)) / 5)

    def beta_n(self, Vs):
        return 0.25 * bm.exp(0.5 - 0.025 * (Vs + 60.))

    def alpha_h(self, Vs):
        return 0.128 * bm.exp((17. - (Vs + 60.)) / 18.)

    def beta_h(self, Vs):
        return 4. / (1 + bm.exp((40. - (Vs + 60.)) / 5))

    def alpha_s(self, Vd):
        return 1.6 / (1 + bm.exp(-0.072 * (Vd + 60. - 65.)))

    def beta_s(self, Vd):
        return 0.1 * over_expm1((Vd + 60. - 51.1) / 5.)

    def _c_low(self, Vd):
        return (bm.exp((Vd + 50.) / 11.) - bm.exp((Vd + 53.5) / 27.)) / 18.975

    def _c_high(self, Vd):
        return 2. * bm.exp((6.5 - (Vd + 60.)) / 27.)

    def alpha_c(self, Vd):
        return bm.where(Vd + 60. <= 50., self._c_low(Vd), self._c_high(Vd))

    def beta_c(self, Vd):
        return bm.where(Vd + 60. <= 50., self._c_high(Vd) - self._c_low(Vd), 0.)

    def alpha_q(self, Ca):
        return bm.minimum(2e-5 * Ca, 1e-2)

    def beta_q(self, Ca):
        return 0.001
