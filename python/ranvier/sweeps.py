"""Many simulations of one network: values times seeds, over the cores of the machine, compiled once.

    table = sweep(net, {"I_to_E.weight": [40 * nS, 67 * nS, 90 * nS]}, seeds=range(3), run=rates)

    def rates(sim, point):
        spikes = sim.record(sim.network["E"].spikes)
        sim.run(1 * second)
        return {"rate": len(spikes) / spikes.n / 1.0}
"""
from __future__ import annotations

from typing import Any

from . import _border, _core
from ._errors import suggest, user_error
from .network import Network
from .simulation import Simulation, options_of
from .units import Quantity

__all__ = ["sweep", "sweep_range", "SweepTable", "SweepPoint"]


class SweepPoint:
    """One row: `index`, `seed`, and the axes' values: point["E_to_I.weight"]."""

    __slots__ = ("index", "values", "seed")

    def __init__(self, core):
        self.index, values, self.seed = core
        self.values = {name: _border.from_core(value) for name, value in values.items()}

    def __getitem__(self, name) -> Quantity | float:
        if name not in self.values:
            raise user_error("sweep", f"there is no axis '{name}'", suggest(name, self.values))
        return self.values[name]

    def __repr__(self) -> str:
        return f"<point {self.index}: {', '.join(f'{k} = {v}' for k, v in self.values.items())}, seed {self.seed}>"


class SweepTable:
    """Rows in the order of their points: the last axis moves faster than the first, the seed fastest.

    `points`, `results` (a dict each), `errors` (a text each, empty: none), `complete` (False: it was stopped), `kernels_compiled`, `seconds`.
    """

    def __init__(self, rows, complete, kernels_compiled, seconds, csv):
        self.points = [SweepPoint(point) for point, _, _, done in rows if done]
        self.results = [dict(results) for _, results, _, done in rows if done]
        self.errors = [error for _, _, error, done in rows if done]
        self.complete, self.kernels_compiled, self.seconds, self._csv = complete, kernels_compiled, seconds, csv

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, name) -> Any:
        """A column: an array of a result (NaN where a point failed), of an axis (with its unit), or of "seed"."""
        import numpy as np
        if name == "seed":
            return np.array([p.seed for p in self.points], np.uint64)
        if self.points and name in self.points[0].values:
            values = [p.values[name] for p in self.points]
            return np.stack(values) if isinstance(values[0], Quantity) else np.array(values)
        if not any(name in r for r in self.results):
            raise user_error("sweep", f"there is no column '{name}'", suggest(name, [*(self.points[0].values if self.points else ()), "seed",
                                                                                     *{k: 0 for r in self.results for k in r}]))
        return np.array([r.get(name, float("nan")) for r in self.results])

    def csv(self) -> str:
        """A text with a column for each axis ("NAME [unit]" in coherent units), "seed", the results, "error"."""
        return self._csv

    def to_pandas(self) -> Any:
        """A pandas.DataFrame of the same."""
        import io
        try:
            import pandas
        except ImportError:
            raise ImportError("to_pandas() needs pandas, which is not installed here: pip install pandas") from None
        return pandas.read_csv(io.StringIO(self._csv))

    def __repr__(self) -> str:
        return f"<SweepTable of {len(self)} rows, {sum(map(bool, self.errors))} failed{'' if self.complete else ', stopped early'}>"

    def _repr_html_(self):
        from ._html import table_html
        return table_html(self)


def sweep_range(first, last, step) -> list[Any]:
    """A list of values first, first + step ... up to last, which is included if it is a multiple of `step` away."""
    return [_border.from_core(q) for q in _core.sweep_range("range", *(_border.quantity(x, "sweep_range") for x in (first, last, step)))]


def sweep(network, axes, seeds, run, *, workers=0, progress="auto", dt=Quantity(0.1, "ms"), **options) -> SweepTable:
    """Simulates every combination of values and seeds and keeps what run(simulation, point) returns: a dict of names and numbers.

    network: a Network whose parameters the axes name as Network.set() does, or a function of the point that makes one. axes: {name: values}.
    workers: simulations at a time (0: as there are cores), each with one thread. What goes wrong at a point is the row's error. Ctrl-C raises
    KeyboardInterrupt, whose `table` has the rows that are done. options: as Simulation.
    """
    from ._progress import Bar
    if not isinstance(network, Network) and not callable(network):
        raise user_error("sweep", f"the network is {type(network).__name__}", "give a Network, or a function of a point that makes one")
    if not callable(run):
        raise user_error("sweep", f"'run' is {run!r}"[:200], "give a function of a simulation and a point that returns a dict {name: number}")
    lists = [(name, [_border.quantity(v, name) for v in values]) for name, values in dict(axes).items()]
    dt = _border.plain(dt, "dt")
    core_options = options_of(dt, None, **options)
    networks = {}

    def build(point):
        point = SweepPoint(point)
        made = network(point)
        if not isinstance(made, Network):
            raise user_error("sweep", f"the function gave {type(made).__name__}", "return a Network")
        networks[point.index] = made
        return made._core

    def results(core, point):
        point = SweepPoint(point)
        simulation = Simulation._of(core, networks.pop(point.index, network), dt)
        answer = run(simulation, point)
        if not isinstance(answer, dict):
            raise user_error("sweep", f"the function returned {type(answer).__name__}", "return a dict {name: number}")
        for key, value in answer.items():
            try:
                float(value)
            except (TypeError, ValueError):
                raise user_error("sweep", f"the result '{key}' is {value!r}"[:200], "return numbers without unit") from None
        return {str(key): float(value) for key, value in answer.items()}

    bar = Bar.of(progress)
    show = None if bar is None else lambda done, failed, total: bar(float(done), float(total), float("inf"))
    source = network._core if isinstance(network, Network) else build
    rows, complete, compiled, seconds, csv, raised = _core.sweep(source, lists, [_border.seed(s) for s in seeds], results, show, core_options,
                                                                      _border.count(workers, "workers"))
    if hasattr(bar, "close"):
        bar.close()
    table = SweepTable(rows, complete, compiled, seconds, csv)
    if raised is not None:
        raised.table = table
        raise raised
    return table
