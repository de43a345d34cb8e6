"""Running networks, and recording.

    sim = Simulation(net, dt=0.1 * ms, seed=1, threads=2, precision="f32")
    spikes = sim.record(E.spikes)
    v = sim.record(E["V"], every=1 * ms, neurons=[0, 1, 2])
    sim.run(100 * ms)
    spikes.times, spikes.ids, v.times, v.values
"""
from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, overload

from . import _border, _core
from ._errors import user_error
from ._places import piece
from .expressions import Expression, literal
from .network import Network, Population, Projection, Spikes, Variable, View
from .records import Clock, SpikeRecord, StateRecord
from .units import Quantity, Unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .records import Connectivity

__all__ = ["Simulation"]


def options_of(dt=None, seed=None, threads=None, precision=None, method=None, lanes=None, backend=None, fuse=None, disk_cache=None):
    """Options of a simulation as the library takes them."""
    out = {}
    if dt is not None:
        out["dt"] = _border.quantity(dt, "dt")
    if seed is not None:
        out["seed"] = _border.seed(seed)
    for key, value, most in (("threads", threads, 1024), ("lanes", lanes, 32)):
        if value is not None:
            value = _border.count(value, key)
            if not 0 <= value <= most:
                raise user_error(key, f"is {value}", f"give a number from 1 to {most}, or 0: chosen for this machine")
            out[key] = value
    if precision is not None:
        out["precision"] = _border.choice(precision, "precision", ["f32", "f64"])
    if method is not None:
        out["method"] = _border.text(method, "method")
    if backend is not None:
        out["interpreter"] = _border.choice(backend, "backend", ["llvm", "interpreter"]) == "interpreter"
    for key, value in (("fuse", fuse), ("disk_cache", disk_cache)):
        if value is not None:
            out[key] = bool(value)
    return out


class Simulation:
    """A network that is run; what is described later in the network does not change it.

    dt: the time step (default 0.1 ms). seed: 0 to 2^64 - 1; the same gives the same results for every number of threads. threads: 0 or None: as many as this
    process may use. precision ("f32", "f64") and method (docs/methods.md) override those of the models. backend: "llvm" or "interpreter".
    Raises UserError and UnsupportedError for what cannot be simulated. One thread at a time may use a simulation; another gets a UserError.
    It does not live on in a forked process.
    """

    def __init__(self, network, dt=None, seed=1, threads=None, precision=None, method=None, *, lanes=None, backend=None, fuse=None,
                 disk_cache=None):
        if not isinstance(network, Network):
            raise user_error("simulation", f"the network is {type(network).__name__}", "give a Network")
        dt = Quantity(0.1, "ms") if dt is None else dt
        options = options_of(dt, seed, threads, precision, method, lanes, backend, fuse, disk_cache)
        self._begin(_core.Simulation(network._core, options), network, _border.from_core(options["dt"]))

    def _begin(self, core, network, dt):
        self._core = core
        self._network = network
        self._dt = dt
        self._callbacks = {}
        self._clock = Clock(core.time_ms)
        self.records = []

    @classmethod
    def _of(cls, core, network, dt):
        self = object.__new__(cls)
        self._begin(core, network, dt)
        return self

    # --------------------------------------------------------------------------------------------------------------- recording

    if TYPE_CHECKING:
        @overload
        def record(self, what: Spikes, *, neurons: Any = ..., start: Any = ..., stop: Any = ...) -> SpikeRecord: ...
        @overload
        def record(self, what: Variable, *, every: Any = ..., neurons: Any = ..., start: Any = ..., stop: Any = ..., steps: Any = ...,
                   reduce: str | None = ...) -> StateRecord: ...
        @overload
        def record(self, what: str, *, every: Any = ..., neurons: Any = ..., start: Any = ..., stop: Any = ..., steps: Any = ...,
                   reduce: str | None = ...) -> Any: ...

    def record(self, what, *, every=None, neurons=None, start=None, stop=None, steps=None, reduce=None):
        """Records from now on; never changes a result.

        what: E.spikes, E["V"], E[0:100]["V"], projection["w"], or a name: "E.V", "E.I_syn" (an input, or a named expression of the model).
        every: each n-th step (a number), or a time. neurons: ids (of synapses: numbers in connectivity()). start, stop: times, both included.
        steps: exactly these. reduce: "mean", "sum", "min" or "max" over the neurons. Spikes take neurons, start and stop.
        Returns a SpikeRecord or StateRecord, which fills as the simulation runs.
        """
        neurons = self._chosen(what, neurons)
        options = self._options(every, neurons, start, stop, steps, reduce)
        if isinstance(what, (Population, View)):
            raise user_error("record", f"{what!r} is no variable", f"record {what.name}.spikes or {what.name}[\"V\"]")
        if isinstance(what, Spikes):
            self._own(what.population)
            return self._kept(SpikeRecord(self._core.record_spikes(what.population.name, options), self._clock, neurons))
        if isinstance(what, Variable) and isinstance(what.owner, Projection):
            self._own(what.owner)
            return self._kept(StateRecord(self._core.record_synapses(what.owner.name, what.name, options), synapses=True))
        if isinstance(what, Variable):
            self._own(what.owner)
            what = f"{what.owner.name}.{what.name}"
        if isinstance(what, str) and what.endswith(".spikes"):
            return self._kept(SpikeRecord(self._core.record_spikes(what[:-7], options), self._clock, neurons))
        return self._kept(StateRecord(self._core.record(_border.text(what, "record"), options)))

    def record_expression(self, population, name, expression, *, every=None, neurons=None, start=None, stop=None, steps=None, reduce=None) -> StateRecord:
        """An expression of a population's states, parameters, inputs and of synaptic states, computed at the recorded times alone.

        expression: a text, "g_total*(E_rev - V)", or a function: `lambda s: s("I_to_E.g") * (-80 * mV - s("V"))`. Returns a StateRecord.
        """
        neurons = self._chosen(population, neurons)
        population = self._name(population, Population)
        name = _border.text(name, "the name of an expression")
        options = self._options(every, neurons, start, stop, steps, reduce)
        if callable(expression):
            function = expression
            wrap = lambda find: lambda key: Expression._made(find(key), ("name", (key,)))
            given = lambda find: literal(function(wrap(find)), f"'{name}'")._core
        else:
            given = piece(_border.text(expression, f"'{name}'"), name)
        return self._kept(StateRecord(self._core.record_expression(population, name, given, options)))

    def record_rate(self, population, every, *, neurons=None, start=None, stop=None) -> StateRecord:
        """Spikes per neuron and second (Hz) over windows of `every` (a time, or steps), each frame at its window's end. A StateRecord."""
        neurons = self._chosen(population, neurons)
        return self._kept(StateRecord(self._core.record_rate(self._name(population, Population), self._options(every, neurons, start, stop, None, None))))

    def _kept(self, record):
        self.records.append(record)
        return record

    def _own(self, owner):
        """A population or projection of this simulation's network."""
        if owner._network is not self._network:
            mine = f"network['{owner.name}']" if isinstance(owner, Population) else f"network.projection('{owner.name}')"
            raise user_error("simulation", f"{owner!r} belongs to another network", f"take it from the one that this was made of: simulation.{mine}")
        return owner

    def _name(self, x, kind):
        """Of a population (or a view of it), or of a projection."""
        x = x.population if kind is Population and isinstance(x, View) else x
        return self._own(x).name if isinstance(x, kind) else _border.text(x, f"a {kind.__name__.lower()}")

    @staticmethod
    def _chosen(what, neurons):
        own = what.neurons if isinstance(what, (Spikes, Variable)) else range(what.first, what.last) if isinstance(what, View) else None
        if own is None or neurons is None:
            return own if neurons is None else neurons
        return [own[_border.count(n, "neurons")] for n in neurons]

    def _steps(self, time, what):
        """A number of steps, of a number or of a time that is a multiple of dt."""
        if isinstance(time, float):
            raise user_error(what, f"is {time}", f"give a number of steps, or a time with its unit: {time} * ms")
        if not isinstance(time, (Quantity, Unit, str)):
            return _border.count(time, what, 2**32 - 1)
        ms = _core.require(_border.quantity(time, what), _core.Unit("ms"), what)
        steps = ms / self._dt.to("ms").magnitude
        if not abs(steps) < 2**32 or abs(steps - round(steps)) > 1e-6:
            raise user_error(what, f"{time} is no multiple of dt = {self._dt}", "give a multiple, or a number of steps")
        return round(steps)

    def _options(self, every, neurons, start, stop, steps, reduce):
        out = {}
        if every is not None:
            out["every"] = self._steps(every, "record: every")
        if neurons is not None:
            import numpy as np
            out["neurons"] = np.asarray(neurons if not isinstance(neurons, int) else [neurons])
        for key, value in (("from", start), ("until", stop)):
            if value is not None:
                out[key] = _border.quantity(value, f"record: {'start' if key == 'from' else 'stop'}")
        if steps is not None:
            import numpy as np
            out["steps"] = np.atleast_1d(np.asarray(steps))
        if reduce is not None:
            out["reduce"] = _border.choice(reduce, "record: reduce", ["mean", "sum", "min", "max"])
        return out

    # -------------------------------------------------------------------------------------------------------------------- runs

    def run(self, duration, progress="auto") -> Quantity:
        """Advances by a time (a multiple of dt); other threads of Python run meanwhile. Returns the time reached.

        progress: "auto" (a bar in terminals and notebooks for runs that take more than half a second), True, False, or a function of
        (time, end, seconds) in ms and s that may return False to end the run. Ctrl-C ends it within some 10 ms and raises KeyboardInterrupt:
        what was recorded is kept, and the simulation may go on from where it stands.
        UserError that names variable, neuron and time if a state becomes NaN or infinite.
        """
        from ._progress import Bar
        bar = Bar.of(progress, self._core.time_ms)
        try:
            reached = self._core.run(_border.quantity(duration, "duration"), bar, self._dispatcher())
        finally:
            self._clock.ms = self._core.time_ms
            if hasattr(bar, "close"):
                bar.close()
        return Quantity(reached, "ms")

    def step(self) -> None:
        """One time step."""
        self._core.step(self._dispatcher())
        self._clock.ms = self._core.time_ms

    def _dispatcher(self):
        me = weakref.ref(self)

        def call(number):
            simulation = me()
            if simulation is not None and number in simulation._callbacks:
                simulation._clock.ms = simulation._core.time_ms
                simulation._callbacks[number][0](simulation)

        return call

    def every(self, interval, function, start=Quantity(0.0, "ms")) -> int:
        """Calls function(simulation) at start, start + interval ..., before the step that begins then. It may get(), set(), record(), store().
        Returns a number for cancel().
        """
        if not callable(function):
            raise user_error("every", f"{function!r} cannot be called", "give a function of the simulation")
        number = len(self._callbacks)
        handle = self._core.every(_border.quantity(interval, "interval"), _border.quantity(start, "start"), number)
        self._callbacks[number] = (function, handle)
        return number

    def cancel(self, number) -> None:
        """Ends the calls of every()."""
        if number in self._callbacks:
            self._core.cancel(self._callbacks[number][1])
            self._callbacks[number] = (lambda simulation: None, None)

    def store(self, name="default") -> None:
        """Keeps the complete present state under a name, in memory."""
        self._core.store(_border.text(name, "the name of a stored state"))

    def restore(self, name="default") -> None:
        """Back to a stored state; what follows is bit for bit what followed then. Records are cut to what they held."""
        self._core.restore(_border.text(name, "the name of a stored state"))
        self._clock.ms = self._core.time_ms

    def save(self, path) -> None:
        """Writes the complete present state to a file, from which load() goes on in another process. A file of that name is replaced only once the
        new one is whole. What was recorded is not in it. Also from callbacks, sim.every("10 s", lambda s: s.save("run.checkpoint")), and `progress`.
        UserError if it cannot be written.
        """
        self._core.save(_border.path(path))

    def load(self, path) -> None:
        """Goes on from a state that save() wrote, perhaps with other threads, lanes or backend: what follows is bit for bit what followed then.
        The network, dt, seed, method and precision must be those that it was saved with, and parameters come as set() had left them then.
        Record and give callbacks to every() before: records then begin after the saved time, and callbacks go on in their rhythm.
        UserError, and nothing is changed, if the file is damaged, or of another simulation: it says what differs.
        """
        self._core.load(_border.path(path))
        self._clock.ms = self._core.time_ms

    def forget(self, name) -> None:
        self._core.forget(_border.text(name, "the name of a stored state"))

    @property
    def stored(self) -> list[str]:
        return list(self._core.stored)

    def reset(self) -> None:
        """Back to the initial state; records are emptied. Parameters keep what set() gave them."""
        self._core.reset()
        self._clock.ms = self._core.time_ms

    # ------------------------------------------------------------------------------------------------------------------ values

    @property
    def network(self) -> Network:
        return self._network

    @property
    def dt(self) -> Quantity:
        return self._dt

    @property
    def time(self) -> Quantity:
        return Quantity(self._core.time_ms, "ms")

    @property
    def steps(self) -> int:
        return self._core.steps

    def get(self, what) -> Quantity | NDArray[Any]:
        """The present values of a state or parameter, one for each neuron: sim.get(E["V"]) or sim.get("E.V"); of projection["w"], one for each
        synapse in the order of connectivity(). An array with its unit.
        """
        owner, name, chosen = self._named(what)
        values = self._core.get(owner, name)
        unit = self._unit(owner, name)
        values = values if chosen is None else values[chosen.start:chosen.stop]
        return values if unit is None or not any(unit.dimension) else Quantity(values, unit)

    def set(self, what, value) -> None:
        """A shared parameter ("E.gl", "E_to_I.weight", E["gl"]) by a number with its unit, or the present values of a state, or of a parameter
        that has one for each neuron, by an array. Nothing is compiled again.
        """
        if not _border.is_array(value):
            name = what if isinstance(what, str) else "{}.{}".format(*self._named(what)[:2])
            self._core.set(name, _border.quantity(value, name))
            return
        owner, name, chosen = self._named(what)
        if chosen is not None:
            raise user_error(f"{owner}.{name}", "values of a part of a population are set", "give an array for all, from get()")
        self._core.set_each(owner, name, self._in_units(value, owner, name))

    def set_merged(self, names, value) -> None:
        """One parameter of several merged synapses at once."""
        self._core.set_merged([_border.text(n, "names") for n in names], _border.quantity(value, "value"))

    def set_input(self, what, value) -> None:
        """What flows into an input from outside, E["I"] or "E.I", from the next step on: one value for all neurons, or one each. UserError unless
        the network says E.external("I").
        """
        name = what if isinstance(what, str) else "{}.{}".format(*self._named(what)[:2])
        if _border.is_array(value):
            self._core.set_input_each(name, *_border.array(value, name))
        else:
            self._core.set_input(name, _border.quantity(value, name))

    def _named(self, what):
        if isinstance(what, Variable):
            return self._own(what.owner).name, what.name, what.neurons
        owner, dot, name = _border.text(what, "a variable").partition(".")
        if not dot:
            raise user_error(what, "is no variable", "write \"POPULATION.variable\", such as \"E.V\"")
        return owner, name, None

    def _unit(self, owner, name):
        unit = self._network._core.unit_of(owner, name)
        return None if unit is None else Unit._of(unit)

    def _in_units(self, value, owner, name):
        numbers, unit = _border.array(value, f"{owner}.{name}")
        wanted = self._unit(owner, name)
        if wanted is not None and wanted.dimension != unit.dimension:
            from ._errors import unit_error
            raise unit_error(f"{owner}.{name}", f"its values must be in {wanted}", f"multiply them by {wanted}")
        return numbers if wanted is None or not any(wanted.dimension) else Quantity(numbers, Unit._made(unit, ()))._coherent

    def _constant(self, owner, name, otherwise):
        """The present value of a shared parameter."""
        try:
            return float(self._core.get(owner, name)[0])
        except _core.UserError:
            return otherwise

    def connectivity(self, projection) -> Connectivity:
        """The synapses that were made: a Connectivity of pre, post, weight, delay."""
        from .records import Connectivity
        name = self._name(projection, Projection)
        return Connectivity(self, name, *self._core.connectivity(name))

    def positions(self, population) -> Quantity:
        """Where the neurons are, an array (n, axes) of lengths; random ones as drawn."""
        name = self._name(population, Population)
        return Quantity(self._core.positions(name)[0], "um")

    def spiked(self, population) -> NDArray[Any]:
        """Ids of those that spiked in the last step, ascending."""
        return self._core.spiked(self._name(population, Population))

    # ------------------------------------------------------------------------------------------------------------------- facts

    @property
    def info(self) -> dict[str, Any]:
        """What was made of the network, as a dict: isa, precision, method, threads, neurons, synapses, warnings, seconds by phase ..."""
        return self._core.info

    @property
    def spike_count(self) -> int:
        return self._core.spike_count

    @property
    def spike_counts(self) -> dict[str, int]:
        return self._core.spike_counts

    @property
    def event_count(self) -> int:
        """Delivered synaptic events so far."""
        return self._core.event_count

    @property
    def checksum(self) -> int:
        """Covers every (step, population, neuron) that spiked; what `ranvier run` prints."""
        return self._core.checksum

    @property
    def program_hash(self) -> int:
        """Of the step program; names do not enter."""
        return self._core.program_hash

    def verify(self, duration) -> tuple[float, str, int]:
        """Runs on with compiled and interpreted kernels side by side and compares every array: (largest difference in ulps, where, how many
        numbers were compared). The simulation is left where it was.
        """
        return self._core.verify(_border.quantity(duration, "duration"))

    def __repr__(self) -> str:
        info = self.info
        return f"<Simulation of {info['neurons']} neurons, {info['synapses']} synapses at {self.time}, {info['method']}, {info['precision']}>"

    def _repr_html_(self):
        from ._html import simulation_html
        return simulation_html(self)

    def __reduce__(self):
        raise user_error("simulation", "it cannot be pickled", "pickle its network and its records, and save() its state to a file")
