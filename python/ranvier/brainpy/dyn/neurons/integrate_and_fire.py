"""Integrate-and-fire neurons with V alone: linear, exponential, quadratic.

Each model has four classes: Lif, LifLTC (projections inside of the derivative), LifRef (refractory), LifRefLTC (both).
Currents are in units of V/R, times in ms, V in mV.
"""
from ... import math as bm
from .base import GradNeuDyn, RESET_FIRST, Refractory, SpikingNeuron  # noqa: F401


class IFLTC(SpikingNeuron):
    """tau dV/dt = -(V - V_rest) + R I, without threshold; update() gives V."""
    _parameters = {"V_rest": 0., "R": 1., "tau": 10.}
    _initial = {"V": 0.}

    def derivative(self, V, t, I):
        return (self.V_rest - V + self.R * self._drive(V, I)) / self.tau

    def update(self, x=None):
        self.V.value = self._integrate(x)["V"]
        return self.V.value

    def return_info(self):
        return self.V


class IF(IFLTC):
    _inputs_inside = False


class LifLTC(SpikingNeuron):
    """tau dV/dt = -(V - V_rest) + R I; V >= V_th: a spike, V = V_reset (Abbott 1999, Brain Res. Bull. 50:303)."""
    _parameters = {"V_rest": 0., "V_reset": -5., "V_th": 20., "R": 1., "tau": 10.}
    _initial = {"V": 0.}

    def derivative(self, V, t, I):
        return (self.V_rest - V + self.R * self._drive(V, I)) / self.tau


class Lif(LifLTC):
    _inputs_inside = False


class LifRefLTC(Refractory, LifLTC):
    pass


class LifRef(LifRefLTC):
    _inputs_inside = False


class ExpIFLTC(SpikingNeuron):
    """tau dV/dt = -(V - V_rest) + delta_T exp((V - V_T)/delta_T) + R I (Fourcaud-Trocme et al. 2003, J. Neurosci. 23:11628)."""
    _parameters = {"V_rest": -65., "V_reset": -68., "V_th": -30., "V_T": -59.9, "delta_T": 3.48, "R": 1., "tau": 10.}
    _initial = {"V": 0.}

    def derivative(self, V, t, I):
        upstroke = self.delta_T * bm.exp((V - self.V_T) / self.delta_T)
        return (self.V_rest - V + upstroke + self.R * self._drive(V, I)) / self.tau


class ExpIF(ExpIFLTC):
    _inputs_inside = False


class ExpIFRefLTC(Refractory, ExpIFLTC):
    pass


class ExpIFRef(ExpIFRefLTC):
    _inputs_inside = False


class QuaIFLTC(SpikingNeuron):
    """tau dV/dt = c (V - V_rest)(V - V_c) + R I (Latham et al. 2000, J. Neurophysiol. 83:808)."""
    _parameters = {"V_rest": -65., "V_reset": -68., "V_th": -30., "V_c": -50., "c": 0.07, "R": 1., "tau": 10.}
    _initial = {"V": 0.}

    def derivative(self, V, t, I):
        return (self.c * (V - self.V_rest) * (V - self.V_c) + self.R * self._drive(V, I)) / self.tau


class QuaIF(QuaIFLTC):
    _inputs_inside = False


class QuaIFRefLTC(Refractory, QuaIFLTC):
    _order = RESET_FIRST


class QuaIFRef(QuaIFRefLTC):
    _order = RESET_FIRST
    _inputs_inside = False
