"""What a conductance does to its target: the current that enters the derivative of V. out(V) takes the conductance bound in this step."""
import numpy as np

from .. import math as bm
from .._parameters import parameter
from .._system import DynamicalSystem
from ..mixin import BindCondData, ParamDesc

__all__ = ["COBA", "CUBA", "MgBlock", "SynOut"]


class SynOut(DynamicalSystem, ParamDesc, BindCondData):
    """Base: update(conductance, V) gives the current."""

    def __init__(self, name=None):
        super().__init__(name=name)
        self._conductance = None

    def __call__(self, *args, **keywords):
        if self._conductance is None:
            raise ValueError(f"{self.name} has no conductance in this step: call the projection that it is a part of (or bind_cond(g)) "
                             "before the target's update")
        return self.update(self._conductance, *args, **keywords)

    def reset_state(self, *args, **keywords):
        pass


def _shaped(value):
    return parameter(value, np.shape(value))


class COBA(SynOut):
    """g (E - V); E [mV]."""

    def __init__(self, E, sharding=None, name=None):
        super().__init__(name=name)
        self.E = _shaped(E)

    def update(self, conductance, potential):
        return conductance * (self.E - potential)


class CUBA(SynOut):
    """g, as a current."""

    def update(self, conductance, potential=None):
        return conductance


class MgBlock(SynOut):
    """g (E - V) / (1 + cc_Mg/beta exp(-alpha V)): NMDA receptors' block by magnesium [mM] (Jahr and Stevens 1990, J. Neurosci. 10:3178)."""

    def __init__(self, E=0., cc_Mg=1.2, alpha=0.062, beta=3.57, sharding=None, name=None):
        super().__init__(name=name)
        self.E, self.cc_Mg, self.alpha, self.beta = _shaped(E), _shaped(cc_Mg), _shaped(alpha), _shaped(beta)

    def update(self, conductance, potential):
        return conductance * (self.E - potential) / (1 + self.cc_Mg / self.beta * bm.exp(-self.alpha * potential))
