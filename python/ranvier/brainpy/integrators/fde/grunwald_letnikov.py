"""Gruenwald and Letnikov's derivative with a short memory (Podlubny, Fractional Differential Equations, 1999, 7.3)."""
import numpy as np

from ..._object import VarDict
from .base import FDEIntegrator


class GLShortMemory(FDEIntegrator):
    """x_n+1 = dt^alpha f_n - sum over j >= 1 of c_j x_n+1-j, c_j = (1 - (1 + alpha)/j) c_j-1: order 1. What is older than num_memory
    steps is forgotten."""

    def __init__(self, f, alpha, inits, num_memory, dt=None, name=None, state_delays=None):
        super().__init__(f, alpha, num_memory, inits, dt, name, state_delays)
        j = np.arange(1, self.num_memory + 1)
        self._coefficients = [np.cumprod(1 - (1 + a) / j) for a in self.alpha]
        self.delays = VarDict({n + "_delay": self.ring(n) for n in self.variables})
        self._fill()

    def _fill(self):
        for name in self.variables:
            ring = self.delays[name + "_delay"]
            start = np.zeros_like(np.asarray(ring))
            start[0] = self._first[name]
            ring.value = start

    @property
    def binomial_coef(self):
        """c_1, c_2, ...: (num_memory, number of variables)."""
        return np.stack(self._coefficients, axis=1)

    def reset(self, inits=None):
        self._restart(inits)
        self._fill()

    def step(self, values, dt):
        out = []
        for k, (name, slope) in enumerate(zip(self.variables, self.slopes(values))):
            ring = self.delays[name + "_delay"]
            out.append(slope * dt ** float(self.alpha[k]) - self.remembered(ring, self._coefficients[k]))
        self.advance()
        for name, new in zip(self.variables, out):
            self.delays[name + "_delay"][self.idx[0]] = new
        return out
