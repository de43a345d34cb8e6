"""Cation channels that open at hyperpolarisation (h currents)."""
from ... import math as bm
from ..._share import share
from ..ions.base import Calcium
from .base import OfNeuron, Relaxing, TableChannel


class Ih_HM1992(OfNeuron, Relaxing):
    """g_max p (E - V) (Huguenard and McCormick 1992, J. Neurophysiol. 68:1373)."""
    _parameters = {"g_max": 10., "E": 43., "phi": 1.}
    _powers = {"p": 1}

    @property
    def phi_p(self):
        return self.phi

    def derivative(self, p, t, V):
        return self.dp(p, t, V)

    def f_p_inf(self, V):
        return 1. / (1. + bm.exp((V + 75.) / 5.5))

    def f_p_tau(self, V):
        return 1. / (bm.exp(-0.086 * V - 14.59) + bm.exp(0.0701 * V - 1.87))


class Ih_De1996(TableChannel):
    """The h current that calcium regulates, g_max (O + g_inc OL)(E - V) (Destexhe et al. 1996, J. Neurophysiol. 76:2049).

    O: open, OL: open and locked by P1, the share of a protein that has bound calcium."""
    _parameters = {"E": -40., "k2": 4e-4, "k4": 1e-3, "V_sh": 0., "g_max": 0.02, "g_inc": 2., "Ca_half": 2e-3, "T": 36., "T_base": 3.,
                   "phi": None}
    _powers = {"O": 1, "OL": 1, "P1": 1}
    master_type = Calcium

    def _temperature(self, given):
        if given["phi"] is None:
            given["phi"] = given["T_base"] ** ((given["T"] - 24.) / 10)

    @property
    def k1(self):
        return self.k2 / self.Ca_half ** 4

    @property
    def k3(self):
        return self.k4 / 0.01

    def dO(self, O, t, OL, V):  # noqa: E741
        inf, tau = self.f_inf(V), self.f_tau(V)
        return inf / tau * (1 - O - OL) - (1 - inf) / tau * O

    def dOL(self, OL, t, O, P1):  # noqa: E741
        return self.k3 * P1 * O - self.k4 * OL

    def dP1(self, P1, t, C_Ca):
        return self.k1 * C_Ca ** 4 * (1 - P1) - self.k2 * P1

    def f_inf(self, V):
        return 1 / (1 + bm.exp((V + 75 - self.V_sh) / 5.5))

    def f_tau(self, V):
        return (20. + 1000 / (bm.exp((V + 71.5 - self.V_sh) / 14.2) + bm.exp(-(V + 89 - self.V_sh) / 11.6))) / self.phi

    def update(self, V, C_Ca, E_Ca):
        self.O.value, self.OL.value, self.P1.value = self.integral(self.O.value, self.OL.value, self.P1.value, share.load("t"), V=V,
                                                                   C_Ca=C_Ca, dt=share.load("dt"))

    def current(self, V, C_Ca, E_Ca):
        return self.g_max * (self.O + self.g_inc * self.OL) * (self.E - V)

    def reset_state(self, V, C_Ca, E_Ca, batch_size=None):
        bound = self.k1 * C_Ca ** 4
        self._set("P1", bound / (bound + self.k2))
        inf, tau = self.f_inf(V), self.f_tau(V)
        opening, closing = inf / tau, (1 - inf) / tau
        self._set("O", opening / (opening + opening * self.k3 * self.P1 / self.k4 + closing))
        self._set("OL", self.k3 * self.P1 * self.O / self.k4)
