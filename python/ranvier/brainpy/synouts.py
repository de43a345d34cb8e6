"""`bp.synouts`: outputs of the synapses in `bp.synapses`. They add to a Variable of the target, with its V of before the step."""
from . import math as bm
from ._names import absent
from ._parameters import parameter
from .synapses.base import SynOut, variable_of


class CUBA(SynOut):
    """target_var += g."""

    def __init__(self, target_var="input", name=None):
        super().__init__(name=name, target_var=target_var)
        self._target_var = target_var

    def clone(self):
        return CUBA(target_var=self._target_var)


class COBA(SynOut):
    """target_var += g (E - V); E [mV]: a number or one an element of the target."""

    def __init__(self, E=0., target_var="input", membrane_var="V", name=None):
        super().__init__(name=name, target_var=target_var)
        self._E, self._target_var, self._membrane_var = E, target_var, membrane_var

    def clone(self):
        return COBA(E=self._E, target_var=self._target_var, membrane_var=self._membrane_var)

    def _registered_with(self, master):
        super()._registered_with(master)
        self.E = parameter(self._E, master.post.num, allow_none=False)
        self.membrane_var = variable_of(master.post, self._membrane_var, "membrane_var")

    def filter(self, g):
        return super().filter(g * (self.E - self.membrane_var.value))


class MgBlock(SynOut):
    """target_var += g (E - V) / (1 + cc_Mg/beta exp(-alpha V))."""

    def __init__(self, E=0., cc_Mg=1.2, alpha=0.062, beta=3.57, target_var="input", membrane_var="V", name=None):
        super().__init__(name=name, target_var=target_var)
        self._given = {"E": E, "cc_Mg": cc_Mg, "alpha": alpha, "beta": beta}
        self._target_var, self._membrane_var = target_var, membrane_var

    def clone(self):
        return MgBlock(**self._given, target_var=self._target_var, membrane_var=self._membrane_var)

    def _registered_with(self, master):
        super()._registered_with(master)
        for name, value in self._given.items():
            setattr(self, name, parameter(value, master.post.num, allow_none=False))
        self.membrane_var = variable_of(master.post, self._membrane_var, "membrane_var")

    def filter(self, g):
        V = bm.asarray(self.membrane_var.value)
        return super().filter(g * (self.E - V) / (1 + self.cc_Mg / self.beta * bm.exp(-self.alpha * V)))


__getattr__ = absent(__name__, "bp.synouts")
