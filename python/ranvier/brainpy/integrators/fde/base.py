"""Base of the methods for fractional differential equations: rings of what was, as Variables."""
import math

import numpy as np

from ..._array import Array, Variable
from ..._graph import dtype_of
from ...errors import DiffEqError, UnsupportedError
from ..base import Integrator, real
from ..equations import results


class FDEIntegrator(Integrator):
    """D^alpha x = f(x..., t, parameters...); alpha: one number in (0, 1] or one a variable; num_memory: how many steps are remembered;
    inits: the initial values, a dict or one a variable (numbers are arrays of one element)."""
    one_allowed = True

    def __init__(self, f, alpha, num_memory, inits, dt=None, name=None, state_delays=None):
        super().__init__(f, dt, name, state_delays)
        if not isinstance(num_memory, (int, np.integer)) or num_memory < 1:
            raise ValueError(f"num_memory is a whole number of steps from 1 on, not {num_memory!r}")
        self.num_memory = int(num_memory)
        count = len(self.variables)
        alpha = np.asarray(alpha, dtype=np.float64)
        self.alpha = np.full(count, float(alpha)) if alpha.ndim == 0 else alpha
        if self.alpha.shape != (count,):
            raise ValueError(f"{count} variables want {count} orders alpha, not {self.alpha.size}")
        if not np.all((self.alpha > 0) & (self.alpha <= 1 if self.one_allowed else self.alpha < 1)):
            raise UnsupportedError(f"the orders {self.alpha.tolist()}", f"orders are in (0, 1{']' if self.one_allowed else ')'}")
        self._first = self._initial(inits)
        self.idx = Variable(np.zeros(1, dtype_of("i")))

    def _initial(self, inits):
        if not isinstance(inits, dict):
            inits = list(inits) if isinstance(inits, (list, tuple)) else [inits] if len(self.variables) == 1 else list(inits)
            if len(inits) != len(self.variables):
                raise ValueError(f"{len(self.variables)} variables want as many initial values, not {len(inits)}")
            inits = dict(zip(self.variables, inits))
        unknown = [k for k in inits if k not in self.variables]
        if unknown or len(inits) != len(self.variables):
            raise DiffEqError(f"initial values are of {', '.join(self.variables)}, not of {', '.join(inits)}")
        out = {}
        for name in self.variables:
            value = np.asarray(real(inits[name]))
            out[name] = value.reshape(1) if value.ndim == 0 else value
        return out

    def ring(self, name):
        """Room for num_memory values of a variable."""
        value = self._first[name]
        return Variable(np.zeros((self.num_memory,) + value.shape, value.dtype))

    def remembered(self, ring, by_age):
        """The sum over the ring of by_age[k] times what was put k steps ago, the latest put at `idx`."""
        from ...math import arange, sum
        age = (self.idx[0] - arange(self.num_memory)) % self.num_memory
        weights = Array(np.asarray(by_age, ring.dtype))[age]
        return sum(weights.reshape((self.num_memory,) + (1,) * (ring.ndim - 1)) * ring, axis=0)

    def advance(self):
        self.idx.value = (self.idx + 1) % self.num_memory

    def slopes(self, values):
        return [real(s) for s in results(self.f, values, len(self.variables))]

    def check_time(self, values, dt):
        """ValueError where the memory is too short for the time, if both are known."""
        t = values["t"]
        known = isinstance(t, (int, float)) or (hasattr(t, "value") and isinstance(t.value, np.ndarray))
        if known and isinstance(dt, (int, float)) and float(t) > self.num_memory * dt * (1 + 1e-6):
            raise ValueError(f"the time {float(t)} needs a memory of {math.ceil(float(t) / dt)} steps, num_memory is {self.num_memory}")

    def _restart(self, inits):
        if inits is not None:
            first = self._initial(inits)
            for name, value in first.items():
                if value.shape != self._first[name].shape:
                    raise ValueError(f"{name!r} has the shape {self._first[name].shape}, not {value.shape}")
            self._first = first
        self.idx.value = np.zeros(1, self.idx.dtype)
