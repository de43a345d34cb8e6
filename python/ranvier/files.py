"""Networks from files: TOML (docs/network-files.md) and SONATA folders.

    file = load("net.toml", we=5 * nS)
    sim = file.simulation(); sim.run(file.duration)
"""
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _border, _core
from ._errors import user_error
from .network import Network
from .units import Quantity

if TYPE_CHECKING:
    from .simulation import Simulation

__all__ = ["load", "from_toml", "to_toml", "save_sonata", "load_sonata", "NetworkFile"]


class NetworkFile:
    """A network and how it is run. `network`, `duration`, `dt`, `seed`, `constants` ({name: quantity}), `title`, `source`."""

    def __init__(self, text, constants, name):
        self._recipe = (text, constants, name)
        given = {key: _border.quantity(value, key) for key, value in constants.items()}
        _, self._run, found, self.title, self.source, self._recordings, self._core = _core.network_from_toml(text, given, name)
        self.network = Network._opened("toml", text, constants, name)
        self.constants = {key: _border.from_core(value) for key, value in found.items()}

    duration = property(lambda self: _border.from_core(self._run["duration"]))
    dt = property(lambda self: _border.from_core(self._run["dt"]))
    seed = property(lambda self: self._run["seed"])

    def simulation(self, **options) -> Simulation:
        """A Simulation with the file's dt, seed, threads, precision and method, unless options say otherwise."""
        from .simulation import Simulation
        given = {"dt": self.dt, "seed": self.seed, "threads": self._run["threads"], "precision": self._run["precision"],
                 "method": self._run["method"] or None}
        return Simulation(self.network, **{**given, **options})

    def attach(self, simulation):
        """The file's [[recordings]], attached to a simulation that has not run: {name: SpikeRecord or StateRecord}."""
        from .records import SpikeRecord, StateRecord
        out = {}
        duration, dt = _border.quantity(self.duration, "duration"), _border.quantity(simulation.dt, "dt")
        for k, (name, synapses) in enumerate(self._recordings):
            core = self._core.attach(k, simulation._core, duration, dt)
            out[name] = simulation._kept(SpikeRecord(core, simulation._clock) if isinstance(core, _core.SpikeRecord) else StateRecord(core, synapses))
        return out

    def run(self, progress="auto", **options):
        """A simulation that has run for the file's duration: what its [[recordings]] say, else all spikes, is in `records`."""
        sim = self.simulation(**options)
        if not self.attach(sim):
            for population in self.network.populations.values():
                sim.record(population.spikes)
        sim.run(self.duration, progress=progress)
        return sim

    def __repr__(self) -> str:
        return f"<NetworkFile {self._recipe[2]!r}: {self.title or 'no title'}, {self.network!r}>"

    def _repr_html_(self):
        return self.network._repr_html_()

    def __reduce__(self):
        return (NetworkFile, self._recipe)


def load(path, **constants) -> NetworkFile:
    """A NetworkFile. constants: other values for those of the file. ParseError with all mistakes; UserError if it cannot be read."""
    path = os.fspath(path)
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read(2**24 + 1)
    except OSError as error:
        raise user_error(path, f"cannot be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise user_error(path, "is no text in UTF-8", "give a network file") from None
    return from_toml(text, name=path, **constants)


def from_toml(text, name="network", **constants) -> NetworkFile:
    """The same of a text."""
    return NetworkFile(_border.text(text, "the network"), {key: _border.plain(value, key) for key, value in constants.items()}, name)


def to_toml(network, duration=Quantity(100.0, "ms"), **options) -> str:
    """The network as the text of a network file: read back it has the same step program and the same random numbers. options: dt, seed, threads,
    precision, method of its run. UnsupportedError that names what the format cannot say.
    """
    from .simulation import options_of
    if not isinstance(network, Network):
        raise user_error("to_toml", f"the network is {type(network).__name__}", "give a Network")
    return _core.to_toml(network._core, _border.quantity(duration, "duration"), options_of(**options))


def save_sonata(network, folder, **options) -> None:
    """Writes the network as it is wired and started into a SONATA folder. options: dt, seed, precision, method of the run that is meant."""
    from .simulation import options_of
    _core.save_sonata(network._core, os.fspath(folder), options_of(**options))


def load_sonata(folder, *, neuron, synapse, output) -> Network:
    """A network from a SONATA folder, which names models and does not hold them: neuron, synapse and output are functions of a name, or dicts,
    that give a Model, Model and Output. The spikes are those of the network that was saved.
    """
    def finder(given, what):
        if callable(given):
            return given
        def find(name):
            if name not in given:
                raise user_error(f"load_sonata: {what}", f"there is no model for '{name}'", f"the given ones are {sorted(given)}")
            return given[name]
        return find

    return Network._opened("sonata", os.fspath(folder), finder(neuron, "neuron"), finder(synapse, "synapse"), finder(output, "output"))
