"""Models of neurons and synapses, outputs and plasticity: from text or from expressions.

    lif = Model("lif", equations="dV/dt = (El - V + R*I)/tau : volt (unless refractory)\\nI : amp (input)",
                parameters={"El": -65 * mV, "R": 100 * Mohm, "tau": 10 * ms}, threshold="V > -50*mV", reset="V = El", refractory=2 * ms)

    hh = Model("hh")
    V, tau = hh.state("V", mV), hh.parameter("tau", 20 * ms)
    hh.d[V] = (-60 * mV - V) / tau
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _border, _core
from ._errors import user_error
from ._places import piece
from ._recipes import Recorded, lowered
from .expressions import Condition, Expression, Threshold, literal
from .inputs import SpikeTrain, TimeArray
from .units import Quantity, Unit

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Model", "Output", "Plasticity"]


class _Derivatives:
    """`model.d[V] = rate`: dV/dt."""

    __slots__ = ("_model",)

    def __init__(self, model):
        self._model = model

    def __setitem__(self, state, rate) -> None:
        state = self._model.find(state) if isinstance(state, str) else state
        self._model._call("d", _expression(state, "a state"), _expression(rate, "a rate"))


def _expression(x, what):
    if isinstance(x, (Expression, Quantity, Unit, int, float)) and not isinstance(x, bool):
        return literal(x, what)
    raise user_error(what, f"is {type(x).__name__} {x!r}"[:200], "give an expression")


def _constant_text(x, what):
    """A number or quantity as the text of an equation."""
    if isinstance(x, str):
        return x
    q = _border.quantity(x, what)
    unit = q.unit.name()
    if unit == "unitless":
        return repr(q.value)
    unit = unit.replace("^", "**")
    unit = "kelvin".join(unit.split("K")) if unit.split("/")[0].split("*")[0] == "K" or "/K" in unit or "*K" in unit else unit
    return f"{q.value!r}*({unit})"


class Part(Recorded):
    """What models, outputs, plasticities, channels and ions have in common."""

    __slots__ = ()

    @classmethod
    def _begin(cls, start):
        how, *arguments = start
        if how == "new":
            return getattr(_core, cls.__name__)(*arguments)
        if how == "text":
            return _core.model_from_text(arguments[0], **lowered(arguments[1]))
        if how == "library":
            return _core.make_part(*lowered(arguments))
        if how == "of_network":
            from ._openers import open_core
            return open_core(*arguments[0]).model_of(arguments[1])
        return getattr(_core, how)(*lowered(arguments))

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def parameters(self) -> dict[str, Quantity | float]:
        """Parameters and their defaults: {name: Quantity, or a plain number where there is no unit}."""
        return {name: _border.from_core(value) for name, value, _ in self._core.parameters}

    def parameter(self, name, value, meaning="") -> Expression:
        """A parameter with its default, a number with its unit; shared by a population, or one value for each neuron where that says so."""
        return self._call("parameter", _border.text(name, "a name"), _border.plain(value, f"parameter '{name}'"), meaning)

    def set(self, name=None, value=None, **values) -> Self:
        """Other defaults: `model.set("tau", 10 * ms)` or `model.set(tau=10 * ms)`. UserError with near names, UnitError. Returns the model."""
        given = dict(values) if name is None else {name: value, **values}
        for key, each in given.items():
            self._call("set", key, _border.plain(each, f"parameter '{key}'"))
        return self

    def describe(self, summary, source="") -> Self:
        """One line on what it is, and where it is from (a paper)."""
        self._call("describe", summary, source)
        return self

    @property
    def description(self) -> dict[str, Any]:
        """What `ranvier show` prints, as a dict: summary, source, equations, parameters (name, value, meaning), properties (label, text)."""
        return _border.described(self._core.description)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} '{self.name}'>"

    def _repr_html_(self):
        from ._html import model_html
        return model_html(self)


class Model(Part):
    """A neuron, a synapse or a source.

    equations: lines `dx/dt = EXPRESSION : UNIT`, `x = EXPRESSION : UNIT`, `x : UNIT` (docs/equations.md). parameters: {name: quantity, number
    or text}. threshold: a condition, or "crosses_up(V, V_th)". reset: "V = El; w += b". refractory: a time, or a text of parameters.
    initial: {state: text, quantity or number}. arrays: {name: TimeArray}, which equations use as name(t), or name(t, i) where each neuron has
    its own. method: of integration (docs/methods.md); precision: "f32" or "f64". ParseError holds all mistakes of the texts, each with its
    place in your source. Without equations the model is built with state(), parameter(), d[...] and so on.
    """

    __slots__ = ()

    def __new__(cls, name, equations=None, *, parameters=None, threshold=None, reset=None, refractory=None, initial=None, arrays=None,
                method=None, precision=None, summary="", source=""):
        name = _border.text(name, "the name of a model")
        texts = {"parameters": parameters, "threshold": threshold, "reset": reset, "refractory": refractory, "initial": initial,
                 "arrays": arrays}
        if equations is None:
            given = [key for key, value in texts.items() if value]
            if given:
                raise user_error(f"model '{name}'", f"{', '.join(given)} without equations", "give equations, or build it with state(), d[...] ...")
            self = cls._made(("new", name))
        else:
            self = cls._made(("text", name, _texts(name, equations, texts)))
        if method is not None:
            self.method(method)
        if precision is not None:
            self.precision(precision)
        if summary or source:
            self.describe(summary, source)
        return self

    # ----------------------------------------------------------------------------------------------------------- declarations

    @property
    def states(self) -> dict[str, Unit]:
        """{name: Unit}"""
        return {name: Unit._of(unit) for name, unit in self._core.states}

    @property
    def inputs(self) -> dict[str, Unit]:
        """{name: Unit}"""
        return {name: Unit._of(unit) for name, unit in self._core.inputs}

    @property
    def expressions(self) -> dict[str, Unit]:
        """Names that the equations or let() give to expressions: {name: Unit}"""
        return {name: Unit._of(unit) for name, unit in self._core.lets}

    @property
    def text(self) -> str:
        """The equations, one a line, with numbers in mV, ms, pA, nS, pF, um."""
        return self._core.text

    def state(self, name, unit=None, initial=None) -> Expression:
        """A state variable; starts at 0 unless `initial` says otherwise. Returns its expression."""
        made = self._call("state", _border.text(name, "a name"), Unit() if unit is None else Unit(unit))
        if initial is not None:
            self.initial(made, initial)
        return made

    def input(self, name, unit, held=False) -> Expression:
        """A sum of what synapses and users send in. held: methods that linearise keep it over a step. Returns its expression."""
        return self._call("input", name, Unit(unit), bool(held))

    def noise(self, name) -> Expression:
        """White noise of unit 1/sqrt(time), independent for each neuron and name (Ito)."""
        return self._call("noise", name)

    def time_array(self, name, values) -> Expression:
        """A TimeArray as an expression of the present time."""
        return self._call("time_array", name, values)

    def find(self, name) -> Expression:
        """The expression of a state, parameter or input that was declared before."""
        return self._call("find", name)

    __getitem__ = find

    def time(self) -> Expression:
        """Start of the step."""
        return self._call("time")

    def dt(self) -> Expression:
        """The time step."""
        return self._call("dt")

    def let(self, name, value) -> Expression:
        """Names an intermediate expression, which can then be recorded; returns it."""
        return self._call("let", name, _expression(value, f"'{name}'"))

    # --------------------------------------------------------------------------------------------------------------- dynamics

    @property
    def d(self) -> _Derivatives:
        """`model.d[V] = rate` says dV/dt. UnitError unless the rate has V's unit per time."""
        return _Derivatives(self)

    def _state(self, state):
        return self.find(state) if isinstance(state, str) else _expression(state, "a state")

    def _statement(self, method, state, value):
        self._call(method, self._state(state), _expression(value, "a value"))
        return self

    def each_step(self, state, value) -> Self:
        """In each step, after what arrives and before the equations advance: state = value."""
        return self._statement("each_step", state, value)

    def inject(self, input, value) -> Self:
        """Adds to what an input of this model receives."""
        return self._statement("inject", input, value)

    def threshold(self, when) -> Self:
        """When it spikes: a condition, or crosses_up(x, level)."""
        if not isinstance(when, (Condition, Threshold)):
            raise user_error("threshold", f"is {when!r}"[:200], "give a condition such as V > -50 * mV, or crosses_up(V, V_th)")
        self._call("threshold", when)
        return self

    def reset(self, state, value) -> Self:
        """At a spike, after the step: state = value. Several take effect in the order given."""
        return self._statement("reset", state, value)

    def refractory(self, duration, frozen=()) -> Self:
        """For `duration` after a spike the `frozen` states keep their values and no spike is emitted."""
        states = [self._state(s) for s in (frozen if isinstance(frozen, (list, tuple)) else [frozen])]
        self._call("refractory", _expression(duration, "the refractory period"), states)
        return self

    def initial(self, state, value) -> Self:
        """Default initial value; may use randn(), rand() and parameters."""
        return self._statement("initial", state, value)

    def method(self, name) -> Self:
        """Default integration method, see docs/methods.md."""
        self._call("method", name)
        return self

    def precision(self, name) -> Self:
        """Default precision: "f32" or "f64"."""
        self._call("precision", name)
        return self

    # --------------------------------------------------------------------------------------------------------------- synapses

    def receives(self, state) -> Self:
        """Of a synapse: what arrives is added to this state."""
        self._call("receives", self._state(state))
        return self

    def sends(self, value) -> Self:
        """Of a synapse: what acts on the target; default the state that receives."""
        self._call("sends", _expression(value, "what is sent"))
        return self

    def on_spike(self, state, value) -> Self:
        """Of a synapse: at a spike of the source, after the step: state = value."""
        return self._statement("on_spike", state, value)

    def every_step(self, state, value) -> Self:
        """Of a synapse: in every step after the equations: state = value."""
        return self._statement("every_step", state, value)

    def pre(self, state, unit=None) -> Expression:
        """Of a synapse: a state of the source neuron."""
        return self._call("pre", state, Unit() if unit is None else Unit(unit))

    def jumps(self, state, unit, keep=False) -> Self:
        """Of a synapse without states: what arrives is added to this state of the target. keep: also while it is refractory."""
        self._call("jumps", state, Unit(unit), bool(keep))
        return self

    def emits(self, ids, times) -> Self:
        """It spikes as the list says: ids (S,), times (S,) with a unit of time."""
        self._call("emits", SpikeTrain(ids, times))
        return self


def _texts(name, equations, texts):
    """Everything of a model's text, as pieces with their places."""
    out = {"equations": piece(_border.text(equations, f"model '{name}': equations"), "equations")}
    for key in ("threshold", "reset"):
        out[key] = piece(_border.text(texts[key] or "", f"model '{name}': {key}"), key)
    refractory = texts["refractory"]
    out["refractory"] = piece("" if refractory is None else _constant_text(refractory, "refractory"), "refractory")
    for key in ("parameters", "initial"):
        given = texts[key] or {}
        if not isinstance(given, dict):
            raise user_error(f"model '{name}'", f"{key} is {type(given).__name__}", "give a dict {name: value}")
        out[key] = {k: piece(_constant_text(v, f"'{k}'"), k) for k, v in given.items()}
    out["arrays"] = dict(texts["arrays"] or {})
    for key, value in out["arrays"].items():
        if not isinstance(value, TimeArray):
            raise user_error(f"model '{name}'", f"the array '{key}' is {type(value).__name__}", "give a TimeArray(values, dt)")
    return out


class Output(Part):
    """How a synapse's state acts on its target: the current as a function of that state and of states of the target.

        coba = Output("coba"); g = coba.synaptic(nS); V = coba.post("V", mV); coba.current(g * (coba.parameter("E", 0 * mV) - V))
    """

    __slots__ = ()

    def __new__(cls, name) -> Self:
        return cls._made(("new", _border.text(name, "the name of an output")))

    def synaptic(self, unit=None) -> Expression:
        """The synapse's state."""
        return self._call("synaptic", Unit() if unit is None else Unit(unit))

    def post(self, state, unit=None) -> Expression:
        """A state of the target."""
        return self._call("post", state, Unit() if unit is None else Unit(unit))

    def total_weight(self, unit) -> Expression:
        """The sum of the weights of a target's synapses."""
        return self._call("total_weight", Unit(unit))

    def current(self, value) -> Self:
        self._call("current", _expression(value, "the current"))
        return self


class Plasticity(Part):
    """States of synapses, traces of their neurons, and what changes them at spikes (docs/plasticity.md).

        stdp = Plasticity("stdp"); w = stdp.weight("w", nS); x = stdp.pre_state("x"); stdp.d[x] = -x / (20 * ms)
        stdp.sends(w); stdp.on_pre(x, x + 1); stdp.on_post(w, minimum(w + 0.05 * nS * x, 6 * nS))
    """

    __slots__ = ()

    def __new__(cls, name) -> Self:
        return cls._made(("new", _border.text(name, "the name of a plasticity")))

    text = property(lambda self: self._core.text)
    d = property(lambda self: _Derivatives(self))

    def weight(self, name, unit) -> Expression:
        """A state of each synapse that starts at the projection's weight."""
        return self._call("weight", name, Unit(unit))

    def state(self, name, unit=None) -> Expression:
        """A state of each synapse."""
        return self._call("state", name, Unit() if unit is None else Unit(unit))

    def pre_state(self, name, unit=None) -> Expression:
        """A trace that each source neuron has once."""
        return self._call("pre_state", name, Unit() if unit is None else Unit(unit))

    def post_state(self, name, unit=None) -> Expression:
        """A trace that each target neuron has once."""
        return self._call("post_state", name, Unit() if unit is None else Unit(unit))

    def pre(self, state, unit=None) -> Expression:
        """A state or per-neuron parameter of the source neuron."""
        return self._call("pre", state, Unit() if unit is None else Unit(unit))

    def post(self, state, unit=None) -> Expression:
        """A state or per-neuron parameter of the target neuron."""
        return self._call("post", state, Unit() if unit is None else Unit(unit))

    def time(self) -> Expression:
        return self._call("time")

    def dt(self) -> Expression:
        return self._call("dt")

    def event_driven(self, state) -> Self:
        """Brought to an event by the closed form of its linear equation, instead of step by step."""
        self._call("event_driven", state)
        return self

    def on_pre(self, state, value) -> Self:
        """At the arrival of a spike of the source: state = value."""
        self._call("on_pre", state, _expression(value, "a value"))
        return self

    def on_post(self, state, value) -> Self:
        """At a spike of the target: state = value."""
        self._call("on_post", state, _expression(value, "a value"))
        return self

    def sends(self, value) -> Self:
        """What arrives at the target at a spike of the source."""
        self._call("sends", _expression(value, "what is sent"))
        return self

    def initial(self, state, value) -> Self:
        self._call("initial", state, _expression(value, "a value"))
        return self

    def method(self, name) -> Self:
        self._call("method", name)
        return self

    def precision(self, name) -> Self:
        self._call("precision", name)
        return self
