"""Potassium channels that calcium opens, g_max p^2 (E - V) (Destexhe et al. 1994, J. Neurophysiol. 72:803)."""
from ... import math as bm
from ..._share import share
from ...mixin import joint_type
from ..ions.base import Calcium, Potassium
from .base import TableChannel
from .calcium import CalciumChannel
from .potassium import PotassiumChannel


class KCaChannel(PotassiumChannel, CalciumChannel):
    """Base of parts of a calcium and a potassium ion together (bp.dyn.mix_ions)."""
    master_type = joint_type(Calcium, Potassium)


class _AHP(TableChannel):
    """dp/dt = phi (alpha C^n (1 - p) - beta p), written as relaxation."""
    _powers = {"p": 2}

    def dp(self, p, t, C_Ca):
        opening = self.alpha * bm.power(C_Ca, self.n)
        total = opening + self.beta
        return self.phi * (opening / total - p) * total

    def _advance(self, C_Ca):
        self.p.value = self.integral(self.p.value, share.load("t"), C_Ca, dt=share.load("dt"))

    def _settle(self, C_Ca):
        opening = self.alpha * bm.power(C_Ca, self.n)
        self._set("p", opening / (opening + self.beta))


class IAHP_De1994(_AHP):
    """A part of a calcium ion; E is a parameter."""
    _parameters = {"E": -95., "n": 2, "g_max": 10., "alpha": 48., "beta": 0.09, "phi": 1.}
    master_type = Calcium

    def update(self, V, C_Ca, E_Ca):
        self._advance(C_Ca)

    def current(self, V, C_Ca, E_Ca):
        return self._conductance() * (self.E - V)

    def reset_state(self, V, C_Ca, E_Ca, batch_size=None):
        self._settle(C_Ca)


class IAHP_De1994v2(_AHP, KCaChannel):
    """A part of calcium and potassium together, which give C and E."""
    _parameters = {"n": 2, "g_max": 10., "alpha": 48., "beta": 0.09, "phi": 1.}
    master_type = joint_type(Calcium, Potassium)

    def update(self, V, Ca_info, K_info):
        self._advance(Ca_info["C"])

    def current(self, V, Ca_info, K_info):
        return self._conductance() * (K_info["E"] - V)

    def reset_state(self, V, Ca_info, K_info, batch_size=None):
        self._settle(Ca_info["C"])
