"""Calcium channels: parts of a calcium ion. V in mV, rates in 1/ms, times in ms, C in mM."""
from ... import math as bm
from ..._rates import over_expm1
from ..ions.base import Calcium
from ..ions.calcium import CalciumDyna
from .base import IonChannel, OfIon, Opening, Relaxing


class CalciumChannel(IonChannel):
    """Base of parts of a calcium ion."""
    master_type: type = Calcium


class _TwoGates:
    """Speeds of the gates from the temperature: phi = T_base^((T - `_T0`)/10)."""
    _powers = {"p": 2, "q": 1}
    _T0 = 24.
    master_type: type = Calcium

    def _temperature(self, given):
        for gate in ("p", "q"):
            phi = given.get(f"phi_{gate}")
            if phi is None:
                phi = given[f"T_base_{gate}"] ** ((given["T"] - self._T0) / 10)
            given[f"phi_{gate}"] = phi
            setattr(self, f"phi_{gate}", self.init_param(phi))


class ICaN_IS2008(OfIon, Relaxing, CalciumChannel):
    """The calcium-activated non-selective cation current, g_max C/(C + 0.2) p (E - V) (Inoue and Strowbridge 2008, J. Neurophysiol. 99:187)."""
    _parameters = {"E": 10., "g_max": 1., "phi": 1.}
    _powers = {"p": 1}
    master_type = CalciumDyna

    @property
    def phi_p(self):
        return self.phi

    def derivative(self, p, t, V):
        return self.dp(p, t, V)

    def f_p_inf(self, V):
        return 1. / (1 + bm.exp(-(V + 43.) / 5.2))

    def f_p_tau(self, V):
        return 2.7 / (bm.exp(-(V + 55.) / 15.) + bm.exp((V + 55.) / 15.)) + 1.6

    def current(self, V, C, E):
        return self.g_max * (C / (C + 0.2)) * self.p * (self.E - V)


class _HM1992(_TwoGates, OfIon, Relaxing, CalciumChannel):
    """g_max p^2 q (E - V) of Huguenard and McCormick 1992, J. Neurophysiol. 68:1373."""

    def f_p_inf(self, V):
        return 1. / (1 + bm.exp(-(V + 59. - self.V_sh) / 6.2))

    def f_p_tau(self, V):
        V = V - self.V_sh
        return 1. / (bm.exp(-(V + 132.) / 16.7) + bm.exp((V + 16.8) / 18.2)) + 0.612

    def f_q_inf(self, V):
        return 1. / (1. + bm.exp((V + 83. - self.V_sh) / 4.))

    def f_q_tau(self, V):
        x = V - self.V_sh
        return bm.where(V >= -80. + self.V_sh, bm.exp(-(x + 22.) / 10.5) + 28., bm.exp((x + 467.) / 66.6))


class ICaT_HM1992(_HM1992):
    """The low-threshold (T) current."""
    _parameters = {"T": 36., "T_base_p": 3.55, "T_base_q": 3., "g_max": 2., "V_sh": -3., "phi_p": None, "phi_q": None}


class ICaHT_HM1992(_HM1992):
    """The high-threshold current: the T current's gates, shifted."""
    _parameters = {"T": 36., "T_base_p": 3.55, "T_base_q": 3., "g_max": 2., "V_sh": 25.}


class ICaT_HP1992(_TwoGates, OfIon, Relaxing, CalciumChannel):
    """The T current of the reticular nucleus (Huguenard and Prince 1992, J. Neurosci. 12:3804)."""
    _parameters = {"T": 36., "T_base_p": 5., "T_base_q": 3., "g_max": 1.75, "V_sh": -3., "phi_p": None, "phi_q": None}

    def f_p_inf(self, V):
        return 1. / (1. + bm.exp(-(V + 52. - self.V_sh) / 7.4))

    def f_p_tau(self, V):
        V = V - self.V_sh
        return 3. + 1. / (bm.exp((V + 27.) / 10.) + bm.exp(-(V + 102.) / 15.))

    def f_q_inf(self, V):
        return 1. / (1. + bm.exp((V + 80. - self.V_sh) / 5.))

    def f_q_tau(self, V):
        V = V - self.V_sh
        return 85. + 1. / (bm.exp((V + 48.) / 4.) + bm.exp(-(V + 407.) / 50.))


class ICaHT_Re1993(_TwoGates, OfIon, Opening, CalciumChannel):
    """The high-threshold current of Reuveni et al. 1993, J. Neurosci. 13:4609."""
    _parameters = {"T": 36., "T_base_p": 2.3, "T_base_q": 2.3, "phi_p": None, "phi_q": None, "g_max": 1., "V_sh": 0.}
    _one_phi, _T0 = False, 23.

    def f_p_alpha(self, V):
        return 0.209 * over_expm1((-27 - V + self.V_sh) / 3.8)

    def f_p_beta(self, V):
        return 0.94 * bm.exp((-75. - V + self.V_sh) / 17.)

    def f_q_alpha(self, V):
        return 0.000457 * bm.exp((-13. - V + self.V_sh) / 50.)

    def f_q_beta(self, V):
        return 0.0065 / (bm.exp((-15. - V + self.V_sh) / 28.) + 1.)


class ICaL_IS2008(_TwoGates, OfIon, Relaxing, CalciumChannel):
    """The L current (Inoue and Strowbridge 2008, J. Neurophysiol. 99:187)."""
    _parameters = {"T": 36., "T_base_p": 3.55, "T_base_q": 3., "g_max": 1., "V_sh": 0.}

    def f_p_inf(self, V):
        return 1. / (1 + bm.exp(-(V + 10. - self.V_sh) / 4.))

    def f_p_tau(self, V):
        V = V - self.V_sh
        return 0.4 + 0.7 / (bm.exp(-(V + 5.) / 15.) + bm.exp((V + 5.) / 15.))

    def f_q_inf(self, V):
        return 1. / (1. + bm.exp((V + 25. - self.V_sh) / 2.))

    def f_q_tau(self, V):
        V = V - self.V_sh
        return 300. + 100. / (bm.exp((V + 40) / 9.5) + bm.exp(-(V + 40) / 9.5))
