"""What ion channels have in common: gates, and the current that open gates let through.

    class INa_HH1952(OfNeuron, SodiumHH): ...        # E is a parameter;  update(V), current(V)
    class INa_HH1952v2(OfIon, SodiumHH): ...         # E comes from the ion that it belongs to;  update(V, C, E), current(V, C, E)
"""
from ... import math as bm
from ..._share import share
from ..._tables import FromTable
from ...integrators import JointEq, odeint
from ...mixin import TreeNode
from ..base import IonChaDyn
from ..neurons.conductance import HHTypedNeuron


class IonChannel(IonChaDyn, TreeNode):
    """Base: update() moves the gates on, current() is what flows into the cell."""
    master_type: type = HHTypedNeuron

    def update(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def current(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no current()")

    def reset(self, *args, **keywords):
        self.reset_state(*args, **keywords)


class OfNeuron:
    """A part of a neuron: the reversal potential is its own."""
    master_type: type = HHTypedNeuron

    def update(self, V):
        self._advance(V)

    def current(self, V):
        return self._conductance() * (self.E - V)

    def reset_state(self, V, batch_size=None):
        self._settle(V)


class OfIon:
    """A part of an ion (`master_type`), which gives its concentration C and its reversal potential E."""

    def update(self, V, C, E):
        self._advance(V)

    def current(self, V, C, E):
        return self._conductance() * (E - V)

    def reset_state(self, V, C, E, batch_size=None):
        self._settle(V)


class TableChannel(FromTable, IonChannel):
    """Parameters become attributes; one Variable a gate, 0 until the neuron is reset. `_powers`: how often each gate counts."""
    _head = {"keep_size": False}
    _tail = {"method": "exp_auto", "name": None, "mode": None}
    _powers: dict[str, int] = {}

    def __init__(self, *args, **keywords):
        given = self.read(args, keywords)
        super().__init__(given["size"], given["keep_size"], name=given["name"], mode=given["mode"], method=given["method"])
        self._temperature(given)
        for name in self._parameters:
            setattr(self, name, self.init_param(given[name]))
        for gate in self._powers:
            setattr(self, gate, self.init_variable(bm.zeros, self.mode))
        if self._powers:
            equations = [getattr(self, "d" + gate) for gate in self._powers]
            self.integral = odeint(equations[0] if len(equations) == 1 else JointEq(equations), method=self.method)

    def _temperature(self, given):
        """Sets the factors of speed that are None from temperatures."""

    def _advance(self, V):
        new = self.integral(*[getattr(self, g).value for g in self._powers], share.load("t"), V, dt=share.load("dt"))
        for gate, value in zip(self._powers, new if len(self._powers) > 1 else (new,)):
            getattr(self, gate).value = value

    def _settle(self, V):
        """Gates as they are after a long time at V."""
        for gate in self._powers:
            self._set(gate, self._steady(gate, V))

    def _set(self, gate, value):
        variable = getattr(self, gate)
        value = bm.asarray(value, dtype=variable.dtype)
        variable.value = value if value.shape == variable.shape else bm.zeros_like(variable) + value

    def _conductance(self):
        out = self.g_max
        for gate, power in self._powers.items():
            out = out * (getattr(self, gate) ** power if power > 1 else getattr(self, gate))
        return out

    def dp(self, p, t, V):
        return self._slope("p", p, V)

    def dq(self, q, t, V):
        return self._slope("q", q, V)


class Opening(TableChannel):
    """Gates by rates: dx/dt = phi (alpha (1 - x) - beta x), alpha = f_<gate>_alpha(V), beta = f_<gate>_beta(V) [1/ms]."""
    _one_phi = True

    def _speed(self, gate):
        return self.phi if self._one_phi else getattr(self, f"phi_{gate}")

    def _slope(self, gate, x, V):
        alpha, beta = getattr(self, f"f_{gate}_alpha")(V), getattr(self, f"f_{gate}_beta")(V)
        return self._speed(gate) * (alpha * (1. - x) - beta * x)

    def _steady(self, gate, V):
        alpha, beta = getattr(self, f"f_{gate}_alpha")(V), getattr(self, f"f_{gate}_beta")(V)
        return alpha / (alpha + beta)


class Relaxing(TableChannel):
    """Gates by steady states: dx/dt = phi_<gate> (inf - x) / tau, inf = f_<gate>_inf(V), tau = f_<gate>_tau(V) [ms]."""

    def _slope(self, gate, x, V):
        return getattr(self, f"phi_{gate}") * (getattr(self, f"f_{gate}_inf")(V) - x) / getattr(self, f"f_{gate}_tau")(V)

    def _steady(self, gate, V):
        return getattr(self, f"f_{gate}_inf")(V)
