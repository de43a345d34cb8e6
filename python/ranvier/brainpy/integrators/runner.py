"""`bp.IntegratorRunner`: integrates a system over a time and keeps its variables.

    runner = bp.IntegratorRunner(integral, monitors=["x"], inits=dict(x=1.)); runner.run(100.); runner.mon.x    # (steps, size)
"""
import math
import time

import numpy as np

from .._array import Array, Variable
from .._share import DotDict
from ..errors import MonitorError, RunningError
from .base import Integrator, real


class IntegratorRunner:
    """monitors: names of variables, (name, indices), or a dict name -> one of these or a function of (t, dt, i); inits: a dict of initial
    values, or one a variable (0 by default); mon.ts [ms] are the times of the values, the ends of the steps."""

    def __init__(self, target, inits=None, dt=None, monitors=None, dyn_vars=None, jit=True, numpy_mon_after_run=True, progress_bar=True,
                 args=None, dyn_args=None, fun_monitors=None, **_):
        from ..math.environment import get_dt
        if not isinstance(target, Integrator):
            raise TypeError(f"IntegratorRunner runs an integrator of bp.odeint, sdeint or fdeint, not a {type(target).__name__}")
        self.target, self.jit, self.progress_bar = target, jit, progress_bar
        self.dt = get_dt() if dt is None else dt
        if not isinstance(self.dt, (int, float)):
            raise RunningError(f"dt is a number of ms, not {dt!r}")
        self._to_numpy, self._args, self._dyn_args = numpy_mon_after_run, dict(args or {}), dict(dyn_args or {})
        self.variables = self._variables(inits)
        self._readers = self._monitors(monitors, fun_monitors)
        self.start_t, self.idx, self.mon = 0., 0, DotDict()

    def _variables(self, inits):
        names = self.target.variables
        if inits is not None and not isinstance(inits, dict):
            if len(inits) != len(names):
                raise ValueError(f"{len(names)} variables want as many initial values, not {len(inits)}")
            inits = dict(zip(names, inits))
        inits = {k: np.asarray(real(v)) for k, v in (inits or {}).items()}
        unknown = [k for k in inits if k not in names]
        if unknown:
            raise ValueError(f"an initial value of {unknown[0]!r}; the variables are {', '.join(names)}")
        size = max([v.size for v in inits.values()], default=1)
        out = {n: Variable(np.zeros(size, real(0.).dtype)) for n in names}
        for name, value in inits.items():
            out[name][:] = value.reshape(-1) if value.ndim > 1 else value
        return out

    def _monitors(self, monitors, functions):
        wanted = dict(functions or {})
        if isinstance(monitors, dict):
            wanted = {**monitors, **wanted}
        elif monitors is not None:
            wanted = {**{(m if isinstance(m, str) else m[0]): m for m in monitors}, **wanted}
        return {key: self._reader(key, what) for key, what in wanted.items()}

    def _reader(self, key, what):
        if callable(what) and not isinstance(what, Array):
            return what
        name, index = what if isinstance(what, (tuple, list)) else (what, None)
        variable = self.variables.get(name) if isinstance(name, str) else name
        if not isinstance(variable, Variable):
            raise MonitorError(f"the monitor {key!r}: there is no variable {name!r}; there are {', '.join(self.variables)}")
        return (lambda shared: variable.value) if index is None else (lambda shared: variable[index])

    def run(self, duration, start_t=None, eval_time=False, args=None, dyn_args=None):
        """Integrates for a duration [ms], beginning where the last run ended; args: parameters, dyn_args: parameters with one value a step.

        Returns the seconds that it took if eval_time is true."""
        from ..math import for_loop
        begin = self.start_t if start_t is None else float(start_t)
        count = math.ceil(float(duration) / self.dt - 1e-6)
        if count < 0:
            raise ValueError(f"a duration of {duration} ms")
        fixed, moving = {**self._args, **(args or {})}, {**self._dyn_args, **(dyn_args or {})}
        for name, values in moving.items():
            if len(values) != count:
                raise ValueError(f"dyn_args {name!r} has {len(values)} values for {count} steps ({duration} ms of {self.dt} ms)")
        times, clock = begin + np.arange(count) * self.dt, time.perf_counter()
        if count:
            frames = for_loop(lambda each, t, i: self._step(fixed, each, t, i), (moving, Array(times), Array(np.arange(count) + self.idx)),
                              jit=self.jit, progress_bar=self.progress_bar)
            self.mon.clear()
            self.mon.update({k: np.asarray(v) if self._to_numpy else v for k, v in frames.items()})
        self.mon["ts"] = times + self.dt
        self.start_t, self.idx = begin + count * self.dt, self.idx + count
        return time.perf_counter() - clock if eval_time else None

    def _step(self, fixed, moving, t, i):
        values = {**fixed, **moving, **{n: v.value for n, v in self.variables.items()}}
        out = self.target(**values, t=t, dt=self.dt)
        for variable, new in zip(self.variables.values(), out if isinstance(out, (list, tuple)) else [out]):
            variable.value = new
        shared = DotDict(t=t + self.dt, dt=self.dt, i=i)
        return {key: Array(read(shared)) for key, read in self._readers.items()}
