"""Ion channels, ions, and the conductance-based group that makes a neuron of them (docs/channels.md).

    hh = conductance_group("HH", [channels.INa_TM1991(g_max=100 * mS_per_cm2), channels.IK_TM1991(), channels.IL()], C=1 * uF_per_cm2)

    leak = Channel("IL")
    g, E = leak.parameter("g_max", 0.05 * mS_per_cm2), leak.parameter("E", -60 * mV)
    leak.current(g * (E - leak.voltage()))
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from . import _border
from ._errors import user_error
from .expressions import Expression
from .models import Model, Part, _Derivatives, _expression
from .units import Quantity, Unit

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Channel", "Ion", "conductance_group"]


class _Membrane(Part):
    """What channels and ions have in common."""

    __slots__ = ()

    def __new__(cls, name) -> Self:
        return cls._made(("new", _border.text(name, "a name")))

    text = property(lambda self: self._core.text)
    d = property(lambda self: _Derivatives(self))

    def state(self, name, unit=None) -> Expression:
        """A state variable; its expression."""
        return self._call("state", name, Unit() if unit is None else Unit(unit))

    def let(self, name, value) -> Expression:
        """Names an intermediate expression; returns it."""
        return self._call("let", name, _expression(value, f"'{name}'"))

    def initial(self, state, value) -> Self:
        self._call("initial", state, _expression(value, "a value"))
        return self

    def voltage(self) -> Expression:
        """The membrane voltage of the group."""
        return self._call("voltage")

    def time(self) -> Expression:
        return self._call("time")

    def dt(self) -> Expression:
        return self._call("dt")

    def named(self, name) -> Self:
        """A copy of another name, so that a group may have two of a kind."""
        other = self.copy()
        other._call("rename", _border.text(name, "a name"))
        return other


class Channel(_Membrane):
    """An ion channel: states and parameters of its own, the group's voltage and ions, and the current that it gives."""

    __slots__ = ()

    def ion(self, name) -> Expression:
        """(concentration inside, reversal potential) of an ion of the group."""
        return self._call("ion", name)

    def gate(self, name, *, alpha=None, beta=None, inf=None, tau=None, speed=1.0) -> Expression:
        """A gate that starts in its steady state: by opening and closing rates (alpha, beta), or by inf and tau. speed multiplies the rates."""
        speed = _expression(speed, "speed")
        if alpha is not None and beta is not None and inf is None and tau is None:
            return self._call("gate_rates", name, _expression(alpha, "alpha"), _expression(beta, "beta"), speed)
        if inf is not None and tau is not None and alpha is None and beta is None:
            return self._call("gate_relaxation", name, _expression(inf, "inf"), _expression(tau, "tau"), speed)
        raise user_error(f"gate '{name}'", "its kinetics are not complete", "give alpha and beta, or inf and tau")

    def current(self, inward, ion="") -> Self:
        """A current into the cell; with `ion` it counts as that ion's too. Several add up."""
        self._call("current", _expression(inward, "the current"), ion)
        return self


class Ion(_Membrane):
    """The concentration of an ion inside a cell and its reversal potential, shared by the channels of a group."""

    __slots__ = ()

    def current(self, unit) -> Expression:
        """The sum of the currents into the cell that the group's channels carry by this ion."""
        return self._call("current", Unit(unit))

    def concentration(self, inside) -> Self:
        """What channels see (mM)."""
        self._call("concentration", _expression(inside, "the concentration"))
        return self

    def reversal(self, potential) -> Self:
        """What channels see (mV)."""
        self._call("reversal", _expression(potential, "the reversal potential"))
        return self


def conductance_group(name, channels, *, C=Quantity(1.0, "uF/cm^2"), A=None, V_th=Quantity(0.0, "mV"), V_init=Quantity(-65.0, "mV"), ions=(),
                      held=False, gates="steady", shared=()) -> Model:
    """C dV/dt = I + the sum of the channels' currents: a Model with states "V", "INa.p" ..., parameters "C", "V_th", "INa.g_max" ..., input "I".

    C: a capacitance (currents in pA), or one per area. A: an area; the input is then a current, divided by it. V_th: a spike is an upward
    crossing. held: how the input enters methods that linearise. gates: "steady" at V_init, or "zero". shared: parameters that channels have in
    common. UserError that names channel and ion where an ion is lacking, and for two parts of one name.
    """
    for kind, given in ((Channel, channels), (Ion, ions)):
        for each in given:
            if not isinstance(each, kind):
                raise user_error(f"group '{name}'", f"{each!r} is no {kind.__name__}", f"give ranvier.{kind.__name__.lower()}s, or your own")
    q = lambda x, what: _border.plain(x, what)
    return Model._made(("conductance_group", _border.text(name, "a name"), [c.copy() for c in channels], [i.copy() for i in ions], q(C, "C"),
                        None if A is None else q(A, "A"), q(V_th, "V_th"), q(V_init, "V_init"), bool(held),
                        _border.choice(gates, "gates", ["steady", "zero"]) == "steady", [_border.text(s, "shared") for s in shared]))
