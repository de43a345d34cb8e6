"""bp.DSRunner: runs a network and keeps what its monitors ask for.

    runner = bp.DSRunner(net, monitors=["E.spike"], inputs=("E.input", 5.)); seconds = runner.run(100.); runner.mon["E.spike"]
"""
import time

import numpy as np

from ._array import Variable
from ._graph import lift
from ._share import DotDict, share
from .math import control, environment


def _find(target, path):
    at = target
    for k, part in enumerate(path.split(".")):
        if not hasattr(at, part):
            raise ValueError(f"{path!r} is not in the network: {type(at).__name__} has no {part!r}")
        at = getattr(at, part)
    return at


def _reader(target, key, what):
    if callable(what) and not isinstance(what, Variable):
        return key, what
    index = None
    if isinstance(what, (tuple, list)):
        what, index = what
    variable = _find(target, what) if isinstance(what, str) else what
    if not isinstance(variable, Variable):
        raise ValueError(f"the monitor {key!r} is no Variable")
    return key, (lambda: variable.value) if index is None else (lambda: variable[np.asarray(index)])


class DSRunner:
    """monitors: a list of names or (name, indices), or a dict of Variables, (Variable, indices), names or functions.
    inputs: (name or Variable, value[, 'fix'|'iter'|'func'[, operation]]) or a list of these, or a function of nothing."""

    def __init__(self, target, inputs=(), monitors=None, dt=None, t0=0., i0=0, jit=True, progress_bar=True, numpy_mon_after_run=True, **_):
        self.target, self.t0, self.i0 = target, t0, i0
        self.dt = environment.get_dt() if dt is None else float(dt)
        if not self.dt > 0:
            raise ValueError(f"the time step must be positive, not {dt}")
        self.progress_bar = progress_bar
        if isinstance(monitors, dict):
            wanted = monitors.items()
        else:
            wanted = [(m if isinstance(m, str) else m[0], m) for m in (monitors or ())]
        self._readers = dict(_reader(target, key, what) for key, what in wanted)
        self._inputs = self._read_inputs(inputs)
        self.mon = Monitor()

    def _read_inputs(self, inputs):
        if callable(inputs):
            return [inputs]
        if not len(inputs):
            return []
        if isinstance(inputs[0], (str, Variable)):
            inputs = [inputs]
        return [self._input(*item) for item in inputs]

    def _input(self, key, value, kind="fix", operation="+"):
        variable = _find(self.target, key) if isinstance(key, str) else key
        if kind not in ("fix", "iter", "func") or operation not in "=+-*/":
            raise ValueError(f"an input of the kind {kind!r} with {operation!r}: kinds are fix, iter, func, operations = + - * /")

        def give():
            now = value if kind == "fix" else value() if kind == "func" else value[share["i"]]
            now = now if operation == "=" else {"+": lambda: variable + now, "-": lambda: variable - now, "*": lambda: variable * now,
                                                "/": lambda: variable / now}[operation]()
            variable[...] = now
        return give

    def run(self, duration=None, inputs=None, reset_state=False):
        """Runs for `duration` ms (whole steps); the seconds that it took. A further run goes on from here; mon is of the latest run."""
        count = int(round(duration / self.dt, 9))
        if count < 0:
            raise ValueError(f"a run needs a duration of 0 ms or more, not {duration}")
        if reset_state:
            self.target.reset()
        begin, frames = time.perf_counter(), {key: [] for key in self._readers}
        done = 0
        try:
            for _ in control._progress(count, self.progress_bar):
                share.save(t=self.t0 + self.i0 * self.dt, i=self.i0, dt=self.dt)
                for give in self._inputs:
                    give()
                self.target()
                for key, read in self._readers.items():
                    frames[key].append(np.array(lift(read())))
                self.target.clear_input()
                self.i0 += 1
                done += 1
        finally:
            self._keep(frames, done)
        return time.perf_counter() - begin

    def _keep(self, frames, done):
        first = self.i0 - done
        self.mon.clear()
        self.mon["ts"] = self.t0 + (first + np.arange(done)) * self.dt
        self.mon.update({key: np.stack(rows[:done]) for key, rows in frames.items() if rows})


class Monitor(DotDict):
    pass
