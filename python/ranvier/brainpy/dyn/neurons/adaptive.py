"""Integrate-and-fire neurons with more variables than V: adaptation, moving thresholds, recovery. Variants as in integrate_and_fire."""
from ... import math as bm
from ...integrators import JointEq
from .base import RESET_FIRST, Refractory, SpikingNeuron


class _Adapting(SpikingNeuron):
    """A current w that grows by b with each spike: tau_w dw/dt = a (V - V_rest) - w."""
    _states = ("V", "w")
    _initial = {"V": 0., "w": 0.}

    def dw(self, w, t, V):
        return (self.a * (V - self.V_rest) - w) / self.tau_w

    @property
    def derivative(self):
        return JointEq([self.dV, self.dw])

    def _reset(self, spike, fired, new):
        super()._reset(spike, fired, new)
        new["w"] = bm.where(fired, new["w"] + self.b, new["w"])


class AdExIFLTC(_Adapting):
    """tau dV/dt = -(V - V_rest) + delta_T exp((V - V_T)/delta_T) - R w + R I (Brette and Gerstner 2005, J. Neurophysiol. 94:3637)."""
    _parameters = {"V_rest": -65., "V_reset": -68., "V_th": -30., "V_T": -59.9, "delta_T": 3.48, "a": 1., "b": 1., "tau": 10.,
                  "tau_w": 30., "R": 1.}

    def dV(self, V, t, w, I):
        upstroke = self.delta_T * bm.exp((V - self.V_T) / self.delta_T)
        return (self.V_rest - V + upstroke - self.R * w + self.R * self._drive(V, I)) / self.tau


class AdExIF(AdExIFLTC):
    _inputs_inside = False


class AdExIFRefLTC(Refractory, AdExIFLTC):
    _order = RESET_FIRST
    _never = -1e8


class AdExIFRef(AdExIFRefLTC):
    _order = RESET_FIRST
    _inputs_inside = False


class AdQuaIFLTC(_Adapting):
    """tau dV/dt = c (V - V_rest)(V - V_c) - w + I (Izhikevich 2004, IEEE Trans. Neural Netw. 15:1063)."""
    _parameters = {"V_rest": -65., "V_reset": -68., "V_th": -30., "V_c": -50., "a": 1., "b": 0.1, "c": 0.07, "tau": 10., "tau_w": 10.}

    def dV(self, V, t, w, I):
        return (self.c * (V - self.V_rest) * (V - self.V_c) - w + self._drive(V, I)) / self.tau


class AdQuaIF(AdQuaIFLTC):
    _inputs_inside = False


class AdQuaIFRefLTC(Refractory, AdQuaIFLTC):
    _order = RESET_FIRST
    _never = -1e8


class AdQuaIFRef(AdQuaIFRefLTC):
    _order = RESET_FIRST
    _inputs_inside = False


class GifLTC(SpikingNeuron):
    """Generalised integrate-and-fire with two internal currents and a moving threshold (Mihalas and Niebur 2009, Neural Comput. 21:704).

    tau dV/dt = -(V - V_rest) + R (I + I1 + I2), dI_k/dt = -k_k I_k, dV_th/dt = a (V - V_rest) - b (V_th - V_th_inf)."""
    _parameters = {"V_rest": -70., "V_reset": -70., "V_th_inf": -50., "V_th_reset": -60., "R": 20., "tau": 20., "a": 0., "b": 0.01,
                  "k1": 0.2, "k2": 0.02, "R1": 0., "R2": 1., "A1": 0., "A2": 0.}
    _states = ("I1", "I2", "V_th", "V")
    _initial = {"V": -70., "I1": 0., "I2": 0., "V_th": -50.}

    def dI1(self, I1, t):
        return -self.k1 * I1

    def dI2(self, I2, t):
        return -self.k2 * I2

    def dVth(self, V_th, t, V):
        return self.a * (V - self.V_rest) - self.b * (V_th - self.V_th_inf)

    def dV(self, V, t, I1, I2, I):
        return (self.V_rest - V + self.R * (self._drive(V, I) + I1 + I2)) / self.tau

    @property
    def derivative(self):
        return JointEq(self.dI1, self.dI2, self.dVth, self.dV)

    def _reset(self, spike, fired, new):
        super()._reset(spike, fired, new)
        new["I1"] = bm.where(fired, self.R1 * new["I1"] + self.A1, new["I1"])
        new["I2"] = bm.where(fired, self.R2 * new["I2"] + self.A2, new["I2"])
        new["V_th"] = bm.where(fired, bm.maximum(self.V_th_reset, new["V_th"]), new["V_th"])


class Gif(GifLTC):
    _inputs_inside = False


class GifRefLTC(Refractory, GifLTC):
    _order = RESET_FIRST
    _never = -1e8


class GifRef(GifRefLTC):
    _order = RESET_FIRST
    _inputs_inside = False


class IzhikevichLTC(SpikingNeuron):
    """dV/dt = 0.04 V^2 + 5 V + 140 - u + I, du/dt = a (b V - u); V >= V_th: V = c, u += d (Izhikevich 2003, IEEE Trans. Neural Netw. 14:1569).

    `tau` and `R` are accepted and not used."""
    _parameters = {"V_th": 30., "a": 0.02, "b": 0.2, "c": -65., "d": 8., "tau": 10., "R": 1.}
    _states = ("V", "u")
    _initial = {"V": -70., "u": None}

    def u_inf(self, V):
        return self.b * V

    def dV(self, V, t, u, I):
        return 0.04 * V * V + 5 * V + 140 - u + self._drive(V, I)

    def du(self, u, t, V):
        return self.a * (self.b * V - u)

    @property
    def derivative(self):
        return JointEq([self.dV, self.du])

    def _reset(self, spike, fired, new):
        new["V"] = bm.where(fired, self.c, new["V"])
        new["u"] = bm.where(fired, new["u"] + self.d, new["u"])


class Izhikevich(IzhikevichLTC):
    _inputs_inside = False


class IzhikevichRefLTC(Refractory, IzhikevichLTC):
    _order = RESET_FIRST


class IzhikevichRef(IzhikevichRefLTC):
    _order = RESET_FIRST
    _inputs_inside = False
