"""Networks: populations of models, projections between them, initial values.

    net = Network()
    E, I = net.add("E", hh, 3200), net.add("I", hh, 800)
    E["V"] = "El + 5*mV*randn() - 5*mV"
    net.connect(E, [E, I], bernoulli(0.02), synapse=synapses.exponential(5 * ms), output=outputs.coba(0 * mV), weight=6 * nS)
"""
from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, overload

from . import _border, _core
from ._errors import suggest, unit_error, user_error
from ._places import piece
from ._recipes import Call, Reader, Writer, _item
from .expressions import Expression, literal
from .models import Model, Output, Plasticity
from .rules import Positions, Rule
from .units import Quantity, Unit

if TYPE_CHECKING:
    from .simulation import Simulation

__all__ = ["Network", "Population", "View", "Projection", "Variable", "Spikes"]


def value_expression(text, population=None, model=None) -> Expression:
    """The expression of a text: for a population's neurons (its handle and model), or for synapses."""
    where = text if isinstance(text, tuple) else piece(text, "value")
    return Expression._made(_core.value_from_text(where, model, 0 if population is None else population.size), ("text", (where,)))


class Variable:
    """A state or parameter of a population, or a state of a projection's synapses: `E["V"]`; for recording."""

    __slots__ = ("owner", "name", "neurons")

    def __init__(self, owner, name, neurons=None) -> None:
        self.owner = owner
        self.name = name
        self.neurons = neurons

    def __repr__(self) -> str:
        return f"<{self.owner.name}[{self.name!r}]>"


class Spikes:
    """The spikes of a population (or of a view), for recording."""

    __slots__ = ("population", "neurons")

    def __init__(self, population, neurons=None):
        self.population = population
        self.neurons = neurons

    def __repr__(self) -> str:
        return f"<spikes of {self.population.name}>"


class View:
    """The neurons first, first + 1, ... last - 1 of a population: `E[0:100]`; a side of a projection, or what is recorded."""

    __slots__ = ("population", "first", "last")

    def __init__(self, population, first, last):
        self.population = population
        self.first = first
        self.last = last

    def __len__(self) -> int:
        return self.last - self.first

    @property
    def name(self) -> str:
        return f"{self.population.name}[{self.first}:{self.last}]"

    @property
    def spikes(self) -> Spikes:
        return Spikes(self.population, range(self.first, self.last))

    def __getitem__(self, name) -> Variable:
        variable = self.population[_border.text(name, self.name)]
        return Variable(variable.owner, variable.name, range(self.first, self.last))

    def __setitem__(self, name, value) -> None:
        raise user_error(self.name, f"'{name}' is set for a part of a population", "give an array of one value for each neuron to the population")

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Population:
    """Neurons of one model: `E["V"] = ...` sets initial values of a state, or a parameter; `E[0:100]` is a view; `E.spikes`, `E["V"]` can be
    recorded. Made by Network.add().
    """

    __slots__ = ("_network", "_core")

    def __init__(self, network, core):
        self._network = network
        self._core = core

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def size(self) -> int:
        return self._core.size

    def __len__(self) -> int:
        return self._core.size

    @property
    def network(self) -> Network:
        return self._network

    @property
    def model(self) -> Model:
        """The model, as it was given."""
        return self._network._models[self.name]

    @property
    def spikes(self) -> Spikes:
        return Spikes(self)

    if TYPE_CHECKING:
        @overload
        def __getitem__(self, key: str) -> Variable: ...
        @overload
        def __getitem__(self, key: int | slice) -> View: ...

    def __getitem__(self, key):
        if isinstance(key, str):
            known = self.model
            if key not in known.parameters and key not in known.inputs and key not in known.expressions:
                self._core.state(key)   # its error has near names
            return Variable(self, key)
        if isinstance(key, slice):
            if key.step not in (None, 1):
                raise user_error(f"population '{self.name}'", f"a view takes each neuron, not one of every {key.step}", "leave the step out")
            first, last = (None if end is None else _border.count(end, "an end of a view") for end in (key.start, key.stop))
            first = 0 if first is None else first + self.size if first < 0 else first
            last = self.size if last is None else last + self.size if last < 0 else last
        else:
            first = _border.count(key, "a neuron")
            first = first + self.size if first < 0 else first
            last = first + 1
        if not 0 <= first < last <= self.size:
            raise user_error(f"population '{self.name}'", f"the view [{first}:{last}] is not within its {self.size} neurons",
                             "use first < last <= size")
        return View(self, first, last)

    def __iter__(self) -> Any:
        raise TypeError("a population cannot be gone through; its views are E[0:10]")

    def __setitem__(self, name, value) -> None:
        self._network._do("value", self.name, _border.text(name, f"population '{self.name}'"), _kept(value))

    def set(self, **values) -> Population:
        """E.set(tau=20 * ms, V="El"): parameters and initial values, as `E[name] = value`. Returns the population."""
        for name, value in values.items():
            self[name] = value
        return self

    def external(self, input) -> Population:
        """Opens an input of the model to Simulation.set_input(): one value for each neuron, 0 at first."""
        self._network._do("external", self.name, input)
        return self

    @property
    def positions(self) -> Positions | None:
        return self._network._positions.get(self.name)

    @positions.setter
    def positions(self, where) -> None:
        if not isinstance(where, Positions):
            raise user_error(f"population '{self.name}'", f"positions are {type(where).__name__}", "give grid(), random_box(), at_points() ...")
        self._network._do("positions", self.name, where)

    def __repr__(self) -> str:
        return f"<Population '{self.name}': {self.size} x {self.model.name}>"

    def __reduce__(self):
        return (_population_again, (self._network, self.name))


def _population_again(network, name):
    return network[name]


class Projection:
    """Synapses from one population (or view) to another; made by Network.connect(). `p["w"]`: a state of its synapses, for recording."""

    __slots__ = ("_network", "_core")

    def __init__(self, network, core):
        self._network = network
        self._core = core

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def summary(self) -> dict[str, Any]:
        """What it is, as a dict: pre, post, rule, law, synapse, output, weight, delay, plasticity, receptors."""
        return next(p for p in self._network._core.summary()[1] if p["name"] == self.name)

    def __getitem__(self, state) -> Variable:
        self._core.check_state(_border.text(state, f"projection '{self.name}'"))
        return Variable(self, state)

    def receptor(self, name, synapse, output, weight) -> Projection:
        """One of several receptors on this connectivity: "E_to_I.AMPA.tau" is its parameter, "E_to_I.AMPA.g" its state."""
        self._network._do("receptor", self.name, name, synapse, output, _border.plain(weight, "weight"))
        return self

    def initial(self, state, value) -> Projection:
        """Initial value of a state of its synapses: a text, an expression, or an array of one for each in the order of connectivity()."""
        self._network._do("synapses_initial", self.name, state, _kept(value))
        return self

    def __repr__(self) -> str:
        s = self.summary
        side = lambda x: f"{x[0]}[{x[1]}:{x[2]}]"
        return f"<Projection '{self.name}': {side(s['pre'])} to {side(s['post'])}, {s['rule']}>"

    def __reduce__(self):
        return (_projection_again, (self._network, self.name))


def _projection_again(network, name):
    return network.projection(name)


def _kept(value):
    """A value as it is remembered: texts with their places, arrays by value."""
    if isinstance(value, str):
        return ("text", piece(value, "value"))
    if isinstance(value, (Expression, Quantity, Unit)):
        return value
    if _border.is_array(value):
        import numpy as np
        if isinstance(value, (list, tuple)) and any(isinstance(x, Quantity) for x in value):
            return np.stack(list(value))
        return np.array(value)
    return _border.plain(value, "a value")


class Network:
    """Populations of models, and projections between them. A value: copies and pickles are networks of their own."""

    __slots__ = ("_core", "_start", "_calls", "_models", "_positions", "_projections", "__weakref__")

    def __init__(self):
        self._begin(None)

    def _begin(self, start):
        """start: None, or what makes a network of the library or of a file: (kind, arguments)."""
        self._start = start
        self._calls = []
        self._models, self._positions, self._projections = {}, {}, {}
        if start is None:
            self._core = _core.Network()
            return
        from ._openers import open_core
        self._core = open_core(*start)
        for name in self._core.populations:
            self._models[name] = Model._made(("of_network", start, name))

    @classmethod
    def _opened(cls, *start):
        self = object.__new__(cls)
        self._begin(start)
        return self

    # ---------------------------------------------------------------------------------------------------------------- building

    def add(self, name, model, size, *, positions=None, **values) -> Population:
        """`size` neurons of a model. values: parameters and initial values of states, as `population[name] = value`. UserError for a name
        that is taken. Returns the Population.
        """
        if not isinstance(model, Model):
            raise user_error("network", f"the model of '{name}' is {type(model).__name__}", "give a Model, or one of ranvier.neurons or sources")
        made = self._do("add", _border.text(name, "the name of a population"), model.copy(), _border.count(size, "size"))
        with self._undone_on_error(1):
            if positions is not None:
                made.positions = positions
            return made.set(**values)

    def connect(self, pre, post, rule, *, synapse=None, output=None, weight=None, delay=None, name=None, onto=None, arrivals=None, current=None,
                separate=None, aligned_to_pre=None, plasticity=None, receptors=None, initial=None):
        """A projection from `pre` to `post` (populations or views; a list: one projection each, in a list).

        rule: of ranvier.rules. synapse, output: models, of ranvier.synapses and outputs or your own. weight: a quantity, or an expression or
        text of rand(), randn(), distance() ... (one for each synapse); delay: the same, a time. onto: the input of the target, where there are
        several. arrivals: "after_decay" (default) or "before_decay". current: "inside" or "held". separate: keeps a synaptic state of its own.
        aligned_to_pre: states live with the sources. plasticity: a Plasticity. receptors: {name: (synapse, output, weight)} in place of synapse,
        output and weight. initial: {state of the synapses: value}. docs/synapses.md, docs/connections.md.
        """
        options = {"synapse": synapse, "output": output, "weight": weight, "delay": delay, "onto": onto, "arrivals": arrivals, "current": current,
                   "separate": separate, "aligned_to_pre": aligned_to_pre, "plasticity": plasticity}
        if isinstance(pre, (list, tuple)) or isinstance(post, (list, tuple)):
            if name is not None:
                raise user_error("network", f"several projections would have the name '{name}'", "leave the name out, or connect one by one")
            listed = lambda x: x if isinstance(x, (list, tuple)) else [x]
            return [self.connect(one, two, rule, **options, receptors=receptors, initial=initial) for one in listed(pre) for two in listed(post)]
        if not isinstance(rule, Rule):
            raise user_error("network", f"the rule is {type(rule).__name__}", "give one of ranvier.rules, such as bernoulli(0.1)")
        sides = self._side(pre), self._side(post)
        sizes = [last - first for _, first, last in sides]
        if rule._shape is not None and any(n not in (None, size) for n, size in zip(rule._shape, sizes)):
            shape = f"{rule._shape[0]} rows" if rule._shape[1] is None else f"shape {tuple(rule._shape)}"
            raise user_error("network", f"a matrix of {shape} connects {sizes[0]} neurons to {sizes[1]}", "rows are sources, columns are targets")
        options = _projection_options(name, options)
        made = self._do("connect", *sides, rule, options)
        with self._undone_on_error(1):
            for receptor, parts in (receptors or {}).items():
                made.receptor(receptor, *parts)
            for state, value in (initial or {}).items():
                made.initial(state, value)
        return made

    def set(self, name, value=None) -> Network:
        """"V_th" of all, "E.gl" of one, "E_to_I.tau", "E_to_I.weight": sets a parameter wherever that name exists. UserError with near names."""
        name = _border.text(name, "network: the name of a parameter")
        self._do("set", name, _border.plain(value, name))
        return self

    def _side(self, side):
        if isinstance(side, str):
            side = self[side]
        if isinstance(side, Population):
            side = View(side, 0, side.size)
        if not isinstance(side, View):
            raise user_error("network", f"a side of a projection is {type(side).__name__}", "give a population or a view such as E[0:100]")
        if side.population._network is not self:
            raise user_error("network", f"population '{side.population.name}' belongs to another network", "connect populations of one network")
        return (side.population.name, side.first, side.last)

    # ------------------------------------------------------------------------------------------------------------ what there is

    @property
    def populations(self) -> dict[str, Population]:
        """{name: Population}"""
        return {name: self[name] for name in self._core.populations}

    @property
    def projections(self) -> dict[str, Projection]:
        """{name: Projection}"""
        return {name: self.projection(name) for name in self._core.projections}

    def __getitem__(self, name) -> Population:
        """A population by its name. UserError with near names."""
        return Population(self, self._core.population(_border.text(name, "network")))

    def projection(self, name) -> Projection:
        """A projection by its name. UserError with near names."""
        if name not in self._core.projections:
            raise user_error("network", f"there is no projection '{name}'", suggest(name, self._core.projections))
        return Projection(self, self._core.projection(name))

    def __contains__(self, name) -> bool:
        return name in self._core.populations or name in self._core.projections

    def run(self, duration, *, record=None, progress="auto", **options) -> Simulation:
        """A simulation of this network, run: `sim = net.run(100 * ms, record=[E.spikes, E["V"]])`. options: as Simulation. What was recorded is in
        sim.records, in that order.
        """
        from .simulation import Simulation
        simulation = Simulation(self, **options)
        wanted = list(record) if isinstance(record, (list, tuple)) else [p.spikes for p in self.populations.values()] if record is None else [record]
        for what in wanted:
            simulation.record(what)
        simulation.run(duration, progress=progress)
        return simulation

    def __repr__(self) -> str:
        populations, projections = self._core.summary()
        parts = [f"{p['name']}: {p['size']} x {p['model']}" for p in populations]
        return f"<Network of {', '.join(parts) or 'nothing'}; {len(projections)} projections>"

    def _repr_html_(self):
        from ._html import network_html
        return network_html(self)

    # ------------------------------------------------------------------------------------------------------- copies and pickles

    def _do(self, what, *arguments):
        """Does one thing, and remembers it once it is done."""
        result = getattr(self, "_do_" + what)(*arguments)
        self._calls.append(Call(what, arguments))
        return result

    @contextlib.contextmanager
    def _undone_on_error(self, remembered):
        """What was added or connected last is taken away again if something about it is wrong; `remembered`: how many calls that is."""
        calls = len(self._calls) - remembered
        try:
            yield
        except BaseException:
            name = self._core.drop_last(self._calls[calls].method == "add" if remembered else False)
            self._models.pop(name, None)
            self._positions.pop(name, None)
            del self._calls[calls:]
            raise

    def _do_add(self, name, model, size):
        made = Population(self, self._core.add(name, model._core, size))
        self._models[name] = model
        return made

    def _do_connect(self, pre, post, rule, options):
        (source, first, last), (target, begin, end) = pre, post
        made = self._core.connect(source, first, last, target, begin, end, rule._core)
        where = f"projection '{made.name}'"
        with self._undone_on_error(0):
            for key, value in options.items():
                if key in ("weight", "delay"):
                    value = self._expression(value, None, f"{where}: the {key}")
                getattr(made, key)(getattr(value, "_core", value))
            made.check_weight(self._core)
            wanted, given = made.weight_unit(self._core), rule._weight_unit
            if rule.pairs is not None and len(rule.pairs[2]) and wanted is not None and given is not None and wanted.dimension != given.dimension:
                unit = Unit._of(wanted)
                raise unit_error(where, f"the weights of its list must be in {unit}, they are in {given}", f"multiply them by {unit}")
        return Projection(self, made)

    def _do_value(self, population, name, value):
        handle = self._core.population(population)
        model = self._models[population]
        where = f"{population}.{name}"
        if name not in model.parameters and name not in model.states and "." not in name:
            raise user_error(f"population '{population}'", f"there is no state or parameter '{name}'", suggest(name, [*model.states, *model.parameters]))
        if _is_text(value) or not _border.is_array(value):
            expression = self._expression(value, population, where)._core
            if name in model.parameters:
                handle.set(name, expression)
            else:
                handle.state(name).set(expression)
            return
        numbers, unit = _border.array(value, where)
        if name in model.parameters:
            handle.set_each(name, numbers, unit)
        else:
            handle.state(name).set_each(numbers, unit)

    def _expression(self, value, population, what):
        if _is_text(value):
            return value_expression(value[1]) if population is None else value_expression(value[1], self._core.population(population),
                                                                                          self._core.model_of(population))
        return literal(value, what)

    def _do_external(self, population, input):
        self._core.population(population).external(input)

    def _do_positions(self, population, where):
        self._core.population(population).positions(where._core)
        self._positions[population] = where

    def _do_receptor(self, projection, name, synapse, output, weight):
        self._core.projection(projection).receptor(name, synapse._core, output._core, _border.quantity(weight, "weight"))

    def _do_synapses_initial(self, projection, state, value):
        handle = self._core.projection(projection)
        if _is_text(value) or not _border.is_array(value):
            handle.initial(state, self._expression(value, None, f"{projection}.{state}")._core)
        else:
            handle.initial_each(state, *_border.array(value, f"{projection}.{state}"))

    def _do_set(self, name, value):
        self._core.set(name, _border.quantity(value, name))

    def copy(self) -> Network:
        """A network of its own; handles stay with the original."""
        other = object.__new__(Network)
        other._core = self._core.copy()
        other._start, other._calls = self._start, list(self._calls)
        other._models, other._positions, other._projections = dict(self._models), dict(self._positions), dict(self._projections)
        return other

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        models = [m for m in self._models.values()]
        places = {call: (k, j) for k, m in enumerate(models) for j, call in enumerate(m._calls)}
        writer = Writer(places)
        calls = [(call.method, writer.value(call.arguments)) for call in self._calls]
        return (_again, (self._start, calls, writer.program))


def _projection_options(name, given):
    """Options of connect() as they are remembered: models by value, choices as truth values; those that were not given are left out."""
    options = {"named": name, **given}
    for key, kind in (("synapse", Model), ("output", Output), ("plasticity", Plasticity)):
        if options[key] is not None and not isinstance(options[key], kind):
            raise user_error("network", f"{key} is {type(options[key]).__name__}", f"give one of ranvier.{_PLACES[key]}, or a {kind.__name__}")
    for key, known in (("arrivals", ["after_decay", "before_decay"]), ("current", ["inside", "held"])):
        if options[key] is not None:
            options[key] = _border.choice(options[key], key, known) in ("after_decay", "held")
    for key in ("separate", "aligned_to_pre"):
        options[key] = None if options[key] is None else bool(options[key])
    for key in ("weight", "delay"):
        options[key] = None if options[key] is None else _kept(options[key])
    return {key: value.copy() if isinstance(value, (Model, Output, Plasticity)) else value for key, value in options.items() if value is not None}


_PLACES = {"synapse": "synapses", "output": "outputs", "plasticity": "plasticities"}


def _is_text(value):
    return isinstance(value, tuple) and len(value) == 2 and value[0] == "text"


def _again(start, calls, program):
    net = object.__new__(Network)
    net._begin(start)
    reader = Reader(program, lambda place, operands: _item(list(net._models.values())[place[0]]._calls[place[1]].result, operands))
    for what, arguments in calls:
        net._do(what, *reader.value(arguments))
    return net
