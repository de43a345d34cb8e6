"""The library's parts by name: `ranvier.neurons.lif(tau=20 * ms)`, `dir(ranvier.neurons)`, `help(ranvier.neurons.lif)`.

Each of the namespaces neurons, synapses, outputs, sources, channels, ions, plasticities and networks holds one function a part, whose
arguments are the part's parameters with their defaults.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from . import _border, _core
from ._errors import suggest, user_error
from .units import Quantity, Unit

__all__ = ["neurons", "synapses", "outputs", "sources", "channels", "ions", "plasticities", "networks"]

KINDS = ("neurons", "synapses", "outputs", "sources", "channels", "ions", "plasticities", "networks")


def _class_of(kind):
    if kind == "networks":
        from .network import Network
        return Network
    if kind in ("channels", "ions"):
        from . import conductance
        return conductance.Channel if kind == "channels" else conductance.Ion
    from . import models
    return {"outputs": models.Output, "plasticities": models.Plasticity}.get(kind, models.Model)


class Maker:
    """Makes one part: called with values for its parameters, by position or by name."""

    def __init__(self, kind, name):
        self._kind = kind
        self.__name__ = self.__qualname__ = name
        self.__module__ = f"ranvier.{kind}"
        self._description = _border.described(_core.part_description(kind, name))

    @property
    def __doc__(self):  # type: ignore[override]
        d = self._description
        lines = [d["summary"], "", *("    " + e for e in d["equations"])]
        for label, text in d["properties"]:
            lines.append(f"{label}: {text}")
        lines += [f"{name} = {value}" + (f"  {meaning}" if meaning else "") for name, value, meaning in d["parameters"]]
        return "\n".join([*lines, "", f"Source: {d['source']}"])

    @property
    def __signature__(self):
        special = _SPECIAL.get((self._kind, self.__name__))
        if special:
            return inspect.signature(special)
        return inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value)
                                  for name, value, _ in self._description["parameters"] if name.isidentifier()])

    def __call__(self, *arguments, **parameters) -> Any:
        special = _SPECIAL.get((self._kind, self.__name__))
        if special:
            return special(*arguments, **parameters)
        return self._plain(*arguments, **parameters)

    def _plain(self, *arguments, **parameters):
        known = [name for name, _, _ in self._description["parameters"]]
        where = f"{self._kind}.{self.__name__}"
        if len(arguments) > len(known):
            raise user_error(where, f"takes {len(known)} arguments, not {len(arguments)}", f"its parameters are {', '.join(known)}")
        given = dict(zip(known, arguments))
        for name, value in parameters.items():
            if name in given:
                raise user_error(where, f"'{name}' is given twice", "give it by position or by name")
            given[name] = value
        for name in given:
            if name not in known:
                raise user_error(where, f"there is no parameter '{name}'", suggest(name, known))
        settings = {name: _border.plain(value, f"{where}: '{name}'") for name, value in given.items()}
        cls = _class_of(self._kind)
        return cls._opened("library", self.__name__, settings) if self._kind == "networks" else cls._made(("library", self._kind, self.__name__, settings))

    def __repr__(self) -> str:
        return f"<ranvier.{self._kind}.{self.__name__}: {self._description['summary']}>"

    def __reduce__(self):
        return (_maker, (self._kind, self.__name__))


def _maker(kind, name):
    return getattr(globals()[kind], name)


class Namespace:
    """The parts of one kind."""

    def __init__(self, kind):
        self._kind = kind

    def __getattr__(self, name) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if (self._kind, name) in _SPECIAL and name not in _core.part_names(self._kind):
            return _SPECIAL[self._kind, name]
        try:
            real = _core.part_description(self._kind, name)["name"]
        except _core.UserError as error:
            raise AttributeError(str(error)) from None
        made = Maker(self._kind, real)
        self.__dict__[name] = made
        return made

    def __getitem__(self, name) -> Any:
        """The part of a name that is known at run time only. UserError with near names."""
        _core.part_description(self._kind, _border.text(name, self._kind))
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(_core.part_names(self._kind))

    def __dir__(self) -> list[str]:
        return sorted({*_core.part_names(self._kind), *(name for kind, name in _SPECIAL if kind == self._kind)})

    def __repr__(self) -> str:
        return f"<ranvier.{self._kind}: {', '.join(dir(self))}>"


# --------------------------------------------------------------------- parts that take more than parameters: units, names, arrays

def _model(*start):
    from .models import Model
    return Model._made(start)


def _output(*start):
    from .models import Output
    return Output._made(start)


def _delta(state="V", unit="mV", keep=False):
    """An arrival adds its weight to a state of the target at the start of the step. keep: also while the target is refractory."""
    return _model("delta", _border.text(state, "state"), Unit(unit), bool(keep))


def _presynaptic(state="V", unit="mV"):
    """Sends a state of the source neuron as it is (rate models, gap junctions)."""
    return _model("presynaptic", _border.text(state, "state"), Unit(unit))


def _gap_junction(voltage="V"):
    """I_i = sum over j of w_ij (V_j - V_i): with synapses.presynaptic(voltage), and a weight that is a conductance."""
    return _output("gap_junction", _border.text(voltage, "voltage"))


def _coba(E=Quantity(0.0, "mV"), voltage="V", weight_unit="nS"):
    """I = g (E - V): conductance-based; weight_unit is that of g, a conductance or one per area."""
    if voltage == "V" and Unit(weight_unit) == Unit("nS"):
        return outputs.coba._plain(E)
    return _output("coba", _border.plain(E, "outputs.coba: 'E'"), voltage, Unit(weight_unit))


def _cuba(weight_unit="pA"):
    """I = g: current-based; weight_unit is that of the weight, a current or one per area."""
    if Unit(weight_unit) == Unit("pA"):
        return outputs.cuba._plain()
    return _output("cuba", Unit(weight_unit))


def _exponential(tau=Quantity(8.0, "ms"), weight_unit=None):
    """dg/dt = -g/tau; an arrival adds its weight to g. weight_unit: that of g, where it is not to be taken from the output."""
    if weight_unit is None:
        return synapses.exponential._plain(tau)
    return _model("exponential", _border.plain(tau, "synapses.exponential: 'tau'"), Unit(weight_unit))


def _poisson(rate=Quantity(10.0, "Hz")):
    """In each step each neuron spikes with probability rate * dt. rate: a frequency, or a TimeArray of them. Parameter "rate"."""
    from .inputs import TimeArray
    if isinstance(rate, TimeArray):
        return _model("inhomogeneous_poisson_source", rate)
    return sources.poisson._plain(rate)


def _spike_train(ids, times):
    """Spikes as the list says: ids (S,), times (S,) with a unit of time; or a SpikeTrain's `ids` and `times`."""
    from .inputs import SpikeTrain
    return _model("spike_source", SpikeTrain(ids, times))


_SPECIAL: dict[tuple[str, str], Callable[..., Any]] = {
    ("synapses", "delta"): _delta, ("synapses", "presynaptic"): _presynaptic, ("synapses", "exponential"): _exponential,
    ("outputs", "gap_junction"): _gap_junction, ("outputs", "coba"): _coba, ("outputs", "cuba"): _cuba,
    ("sources", "poisson"): _poisson, ("sources", "spike_train"): _spike_train}

neurons, synapses, outputs, sources, channels, ions, plasticities, networks = (Namespace(kind) for kind in KINDS)
