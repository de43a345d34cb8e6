"""What was recorded: spikes, values over time, connectivity; NumPy arrays with units, without copies.

    spikes.times, spikes.ids          # Quantity (S,) in ms; uint32 (S,)
    v.times, v.values, v.unit         # Quantity (T,) in ms; Quantity (T, n); Unit
    v.to_xarray()
"""
from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .units import Quantity, Unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SpikeRecord", "StateRecord", "Connectivity"]


class Clock:
    """The time that a simulation has reached, for its records."""

    __slots__ = ("ms",)

    def __init__(self, ms=0.0):
        self.ms = ms


class SpikeRecord:
    """Spikes of one population in order of (time, id). Arrays are as of now; they are read-only and stay what they are when the run goes on.
    What ranvier.analysis and ranvier.plot take.
    """

    def __init__(self, core, clock, neurons=None):
        self._core = core
        self._clock = clock   # not the simulation, which may go when only its results are kept
        self.neurons = None if neurons is None else tuple(int(n) for n in neurons)

    @property
    def population(self) -> str:
        """Name of the population."""
        return self._core.population

    @property
    def n(self) -> int:
        """Neurons in the population."""
        return self._core.size

    @property
    def times(self) -> Quantity:
        """(S,) in ms. A threshold crossed in step k is stamped (k + 1) dt."""
        return Quantity(self._core.times_ms, "ms")

    @property
    def ids(self) -> NDArray[Any]:
        """(S,) uint32, zero-based within the population."""
        return self._core.ids

    @property
    def unit(self) -> Unit:
        return Unit("ms")

    @property
    def start(self) -> Quantity:
        return Quantity(0.0, "ms")

    @property
    def stop(self) -> Quantity:
        """The time up to which there are spikes."""
        return Quantity(self._clock.ms, "ms")

    def __len__(self) -> int:
        return self._core.count

    def trains(self) -> list[Quantity]:
        """A list of n arrays of times, one for each neuron."""
        import numpy as np
        ids, times = self.ids, self.times.magnitude
        order = np.argsort(ids, kind="stable")
        cuts = np.searchsorted(ids[order], np.arange(1, self.n))
        return [Quantity(part, "ms") for part in np.split(times[order], cuts)]

    def to_neo(self) -> list[Any]:
        """A list of neo.SpikeTrain, one for each neuron; what elephant takes."""
        from .interchange import spikes_to_neo
        return spikes_to_neo(self)

    def to_xarray(self) -> Any:
        """An xarray.Dataset of times and ids along the dimension "spike"."""
        xarray = _xarray()
        return xarray.Dataset({"time": ("spike", self.times.magnitude, {"units": "ms", "long_name": "time of spike"}),
                               "neuron": ("spike", self.ids, {"long_name": "zero-based id of the neuron"})},
                              attrs={"population": self.population, "neurons": self.n, "start_ms": 0.0, "stop_ms": self.stop.magnitude})

    def __repr__(self) -> str:
        return f"<{len(self)} spikes of {self.n} neurons of '{self.population}', 0 to {self.stop}>"

    def _repr_html_(self):
        from ._html import spikes_html
        return spikes_html(self)

    def __getstate__(self):
        return {"population": self.population, "size": self.n, "count": len(self), "times_ms": self.times.magnitude, "ids": self.ids,
                "stop_ms": self.stop.magnitude, "neurons": self.neurons}

    def __setstate__(self, state):
        self.neurons = state.pop("neurons")
        self._clock = Clock(state.pop("stop_ms"))
        self._core = SimpleNamespace(**state)


class StateRecord:
    """Values of one variable: `values` (T, n) at `times` (T,), or (T,) where they were reduced to one number. As of now, read-only."""

    def __init__(self, core, synapses=False):
        self._core = core
        self.synapses = synapses

    @property
    def population(self) -> str:
        """Name of the population (of synapses: of the projection)."""
        return self._core.population

    @property
    def name(self) -> str:
        return self._core.variable

    @property
    def unit(self) -> Unit:
        return Unit(self._core.unit or "unitless")

    @property
    def times(self) -> Quantity:
        """(T,) in ms"""
        return Quantity(self._core.times_ms, "ms")

    @property
    def values(self) -> Quantity | NDArray[Any]:
        """(T, n), or (T,) where reduced: a Quantity, or a plain array where there is no unit."""
        values = self._core.values
        values = values[:, 0] if self._core.reduced else values
        unit = self.unit
        return Quantity(values, unit) if any(unit.dimension) else values

    @property
    def neurons(self) -> NDArray[Any]:
        """(n,) ids of the columns; of synapses their numbers in connectivity(), whose ends are `pre` and `post`."""
        return self._core.neurons

    @property
    def pre(self) -> NDArray[Any]:
        return self._core.pre

    @property
    def post(self) -> NDArray[Any]:
        return self._core.post

    def __len__(self) -> int:
        return self._core.frames

    def to_xarray(self) -> Any:
        """An xarray.DataArray with dimensions time (ms) and neuron (or synapse), and attributes units and long_name."""
        xarray = _xarray()
        values = self.values
        data = values.magnitude if isinstance(values, Quantity) else values
        coordinates: dict[str, Any] = {"time": ("time", self.times.magnitude, {"units": "ms"})}
        column = "synapse" if self.synapses else "neuron"
        if data.ndim == 2:
            coordinates[column] = (column, self.neurons)
            if self.synapses and len(self.pre):
                coordinates.update(pre=(column, self.pre), post=(column, self.post))
        return xarray.DataArray(data, coordinates, ("time", column)[:data.ndim], name=self.name,
                                attrs={"units": str(self.unit), "long_name": f"{self.name} of {self.population}", "population": self.population})

    def __repr__(self) -> str:
        return f"<{self.name} of '{self.population}': {len(self)} times, shape {self.values.shape}, in {self.unit}>"

    def _repr_html_(self):
        from ._html import states_html
        return states_html(self)

    def __getstate__(self):
        names = ("population", "variable", "unit", "frames", "reduced", "neurons", "pre", "post", "values", "times_ms")
        return {**{name: getattr(self._core, name) for name in names}, "synapses": self.synapses}

    def __setstate__(self, state):
        self.synapses = state.pop("synapses")
        self._core = SimpleNamespace(**state)


class Connectivity:
    """The synapses of a projection: pair i is pre[i] -> post[i] (ids within the populations), in order of (pre, delay, post).

    weight: Quantity (S,), or one number for all; delay: Quantity (S,) in ms, or one for all.
    """

    def __init__(self, simulation, name, pre, post, weight, delay):
        self.name = name
        self.pre, self.post = pre, post
        network = simulation.network._core
        *self.shape, one, late = network.constants_of(name)
        self.shape = tuple(self.shape)
        if len(weight) == 0:
            weight = simulation._constant(name, "weight", one)
        self.weight = _with_unit(weight, Unit._of(network.projection(name).weight_unit(network) or Unit()._core))
        self.delay = Quantity(delay if len(delay) else late, "ms")

    def __len__(self) -> int:
        return len(self.pre)

    def to_scipy(self) -> Any:
        """A scipy.sparse.csr_array (sources, targets) of the weights, in `weight`'s unit. Synapses of one pair are summed."""
        from .interchange import to_scipy
        return to_scipy(self)

    def to_dense(self) -> Quantity | NDArray[Any]:
        """An array (sources, targets) of the weights; a Quantity where they have a unit."""
        import numpy as np
        out = np.zeros(self.shape)
        magnitude = self.weight.magnitude if isinstance(self.weight, Quantity) else self.weight
        np.add.at(out, (self.pre, self.post), magnitude)
        return Quantity(out, self.weight.unit) if isinstance(self.weight, Quantity) else out

    def __repr__(self) -> str:
        return f"<Connectivity '{self.name}': {len(self)} synapses from {self.shape[0]} to {self.shape[1]} neurons>"


def _with_unit(values, unit):
    return Quantity(values, unit) if any(unit.dimension) else values


def _xarray():
    try:
        import xarray
    except ImportError:
        raise ImportError("to_xarray() needs xarray, which is not installed here: pip install xarray") from None
    return xarray
