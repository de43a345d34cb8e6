"""Potassium channels: with their own E, and as parts of a potassium ion (v2). V in mV, rates in 1/ms, times in ms."""
from ... import math as bm
from ..._rates import over_expm1
from ..ions.base import Potassium
from .base import IonChannel, OfIon, OfNeuron, Opening, Relaxing


class PotassiumChannel(IonChannel):
    """Base of parts of a potassium ion."""
    master_type = Potassium


class _Delayed(Opening):
    """The delayed rectifier, g_max p^4 (E - V)."""
    _powers = {"p": 4}

    def derivative(self, p, t, V):
        return self.dp(p, t, V)


class _DRBa2002(_Delayed):
    """Bazhenov et al. 2002, J. Neurosci. 22:8691; phi = T_base^((T - 36)/10)."""

    def _temperature(self, given):
        if given["phi"] is None:
            given["phi"] = given["T_base"] ** ((given["T"] - 36) / 10)

    def f_p_alpha(self, V):
        return 0.16 * over_expm1(-(V - self.V_sh - 15.) / 5.)

    def f_p_beta(self, V):
        return 0.5 * bm.exp(-(V - self.V_sh - 10.) / 40.)


class _TM1991(_Delayed):
    """Traub and Miles 1991, Neuronal Networks of the Hippocampus."""

    def f_p_alpha(self, V):
        return 0.16 * over_expm1((15 - V + self.V_sh) / 5)

    def f_p_beta(self, V):
        return 0.5 * bm.exp((10 - V + self.V_sh) / 40)


class _HH1952(_Delayed):
    """Hodgkin and Huxley 1952, J. Physiol. 117:500."""

    def f_p_alpha(self, V):
        return 0.1 * over_expm1(-(V - self.V_sh + 10) / 10)

    def f_p_beta(self, V):
        return 0.125 * bm.exp(-(V - self.V_sh + 20) / 80)


class _A(Relaxing):
    """The rapidly inactivating current, g_max p^4 q (E - V) (Huguenard and McCormick 1992, J. Neurophysiol. 68:1373)."""
    _powers = {"p": 4, "q": 1}

    def f_p_tau(self, V):
        V = V - self.V_sh
        return 1. / (bm.exp((V + 35.8) / 19.7) + bm.exp(-(V + 79.7) / 12.7)) + 0.37

    def f_q_inf(self, V):
        return 1. / (1. + bm.exp((V - self.V_sh + 78.) / 6.))

    def f_q_tau(self, V):
        x = V - self.V_sh
        return bm.where(V < -63 + self.V_sh, 1. / (bm.exp((x + 46.) / 5.) + bm.exp(-(x + 238.) / 37.5)), 19.)


class _A1(_A):
    def f_p_inf(self, V):
        return 1. / (1. + bm.exp(-(V - self.V_sh + 60.) / 8.5))


class _A2(_A):
    def f_p_inf(self, V):
        return 1. / (1. + bm.exp(-(V - self.V_sh + 36.) / 20.))


class _K2(Relaxing):
    """The slowly inactivating current, g_max p q (E - V) (Huguenard and McCormick 1992, J. Neurophysiol. 68:1373)."""
    _powers = {"p": 1, "q": 1}

    def f_p_inf(self, V):
        return 1. / (1. + bm.exp(-(V - self.V_sh + 43.) / 17.))

    def f_p_tau(self, V):
        V = V - self.V_sh
        return 1. / (bm.exp((V - 81.) / 25.6) + bm.exp(-(V + 132) / 18.)) + 9.9

    def f_q_inf(self, V):
        return 1. / (1. + bm.exp((V - self.V_sh + 58.) / 10.6))

    def f_q_tau(self, V):
        V = V - self.V_sh
        return 1. / (bm.exp((V - 1329.) / 200.) + bm.exp(-(V + 130.) / 7.1))


class _K2A(_K2):
    """Component A."""


class _K2B(_K2):
    def f_q_tau(self, V):
        return bm.where(V < -70 + self.V_sh, super().f_q_tau(V), 8.9)


class _NI(Relaxing):
    """The slow non-inactivating current, g_max p (E - V) (Yamada, Koch and Adams 1989)."""
    _powers = {"p": 1}

    def f_p_inf(self, V):
        return 1. / (1. + bm.exp(-(V - self.V_sh + 35.) / 10.))

    def f_p_tau(self, V):
        x = V - self.V_sh + 35.
        return self.tau_max / (3.3 * bm.exp(x / 20.) + bm.exp(-x / 20.))


class IKDR_Ba2002(OfNeuron, _DRBa2002):
    _parameters = {"E": -90., "g_max": 10., "V_sh": -50., "T_base": 3., "T": 36., "phi": None}


class IKDR_Ba2002v2(OfIon, _DRBa2002, PotassiumChannel):
    _parameters = {"g_max": 10., "V_sh": -50., "T_base": 3., "T": 36., "phi": None}
    master_type = Potassium


class IK_TM1991(OfNeuron, _TM1991):
    _parameters = {"E": -90., "g_max": 10., "phi": 1., "V_sh": -60.}


class IK_TM1991v2(OfIon, _TM1991, PotassiumChannel):
    _parameters = {"g_max": 10., "phi": 1., "V_sh": -60.}
    master_type = Potassium


class IK_HH1952(OfNeuron, _HH1952):
    _parameters = {"E": -90., "g_max": 10., "phi": 1., "V_sh": -45.}


class IK_HH1952v2(OfIon, _HH1952, PotassiumChannel):
    _parameters = {"g_max": 10., "phi": 1., "V_sh": -45.}
    master_type = Potassium


class IKA1_HM1992(OfNeuron, _A1):
    _parameters = {"E": -90., "g_max": 30., "V_sh": 0., "phi_p": 1., "phi_q": 1.}


class IKA1_HM1992v2(OfIon, _A1, PotassiumChannel):
    _parameters = {"g_max": 30., "V_sh": 0., "phi_p": 1., "phi_q": 1.}
    master_type = Potassium


class IKA2_HM1992(OfNeuron, _A2):
    _parameters = {"E": -90., "g_max": 20., "V_sh": 0., "phi_p": 1., "phi_q": 1.}


class IKA2_HM1992v2(OfIon, _A2, PotassiumChannel):
    _parameters = {"g_max": 20., "V_sh": 0., "phi_p": 1., "phi_q": 1.}
    master_type = Potassium


class IKK2A_HM1992(OfNeuron, _K2A):
    _parameters = {"E": -90., "g_max": 10., "V_sh": 0., "phi_p": 1., "phi_q": 1.}


class IKK2A_HM1992v2(OfIon, _K2A, PotassiumChannel):
    _parameters = {"g_max": 10., "V_sh": 0., "phi_p": 1., "phi_q": 1.}
    master_type = Potassium


class IKK2B_HM1992(OfNeuron, _K2B):
    _parameters = {"E": -90., "g_max": 10., "V_sh": 0., "phi_p": 1., "phi_q": 1.}


class IKK2B_HM1992v2(OfIon, _K2B, PotassiumChannel):
    _parameters = {"g_max": 10., "V_sh": 0., "phi_p": 1., "phi_q": 1.}
    master_type = Potassium


class IKNI_Ya1989(OfNeuron, _NI):
    _parameters = {"E": -90., "g_max": 0.004, "phi_p": 1., "phi_q": 1., "tau_max": 4e3, "V_sh": 0.}


class IKNI_Ya1989v2(OfIon, _NI, PotassiumChannel):
    _parameters = {"g_max": 0.004, "phi_p": 1., "phi_q": 1., "tau_max": 4e3, "V_sh": 0.}
    master_type = Potassium
