"""Sodium channels, g_max p^3 q (E - V): with their own E, and as parts of a sodium ion (v2). V in mV, rates in 1/ms."""
from ... import math as bm
from ..._rates import over_expm1
from ..ions.base import Sodium
from .base import IonChannel, OfIon, OfNeuron, Opening


class SodiumChannel(IonChannel):
    """Base of parts of a sodium ion."""
    master_type = Sodium


class _Sodium(Opening):
    _powers = {"p": 3, "q": 1}


class _Ba2002(_Sodium):
    """Bazhenov et al. 2002, J. Neurosci. 22:8691; phi = 3^((T - 36)/10)."""

    def _temperature(self, given):
        self.phi = self.init_param(3 ** ((given["T"] - 36) / 10))

    def f_p_alpha(self, V):
        return 1.28 * over_expm1(-(V - self.V_sh - 13.) / 4.)

    def f_p_beta(self, V):
        return 1.4 * over_expm1((V - self.V_sh - 40.) / 5.)

    def f_q_alpha(self, V):
        return 0.128 * bm.exp(-(V - self.V_sh - 17.) / 18.)

    def f_q_beta(self, V):
        return 4. / (1. + bm.exp(-(V - self.V_sh - 40.) / 5.))


class _TM1991(_Sodium):
    """Traub and Miles 1991, Neuronal Networks of the Hippocampus."""

    def f_p_alpha(self, V):
        return 1.28 * over_expm1((13 - V + self.V_sh) / 4)

    def f_p_beta(self, V):
        return 1.4 * over_expm1((V - self.V_sh - 40) / 5)

    def f_q_alpha(self, V):
        return 0.128 * bm.exp((17 - V + self.V_sh) / 18)

    def f_q_beta(self, V):
        return 4. / (1 + bm.exp(-(V - self.V_sh - 40) / 5))


class _HH1952(_Sodium):
    """Hodgkin and Huxley 1952, J. Physiol. 117:500."""

    def f_p_alpha(self, V):
        return over_expm1(-(V - self.V_sh - 5) / 10)

    def f_p_beta(self, V):
        return 4. * bm.exp(-(V - self.V_sh + 20) / 18)

    def f_q_alpha(self, V):
        return 0.07 * bm.exp(-(V - self.V_sh + 20) / 20.)

    def f_q_beta(self, V):
        return 1 / (1 + bm.exp(-(V - self.V_sh - 10) / 10))


class INa_Ba2002(OfNeuron, _Ba2002):
    _parameters = {"T": 36., "E": 50., "g_max": 90., "V_sh": -50.}


class INa_Ba2002v2(OfIon, _Ba2002, SodiumChannel):
    _parameters = {"T": 36., "g_max": 90., "V_sh": -50.}
    master_type = Sodium


class INa_TM1991(OfNeuron, _TM1991):
    _parameters = {"E": 50., "g_max": 120., "phi": 1., "V_sh": -63.}


class INa_TM1991v2(OfIon, _TM1991, SodiumChannel):
    _parameters = {"g_max": 120., "phi": 1., "V_sh": -63.}
    master_type = Sodium


class INa_HH1952(OfNeuron, _HH1952):
    _parameters = {"E": 50., "g_max": 120., "phi": 1., "V_sh": -45.}


class INa_HH1952v2(OfIon, _HH1952, SodiumChannel):
    _parameters = {"g_max": 120., "phi": 1., "V_sh": -45.}
    master_type = Sodium
