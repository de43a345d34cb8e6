"""Caputo's derivative: the explicit Euler (rectangle) method and the L1 scheme.

Li and Zeng, Numerical Methods for Fractional Calculus, 2015, chapters 4 and 5; Diethelm, Ford, Freed 2002.
"""
import math

import numpy as np

from ..._array import Variable
from ..._object import VarDict
from .base import FDEIntegrator


class CaputoEuler(FDEIntegrator):
    """x(t_n+1) = x(0) + dt^alpha / Gamma(1 + alpha) sum over j <= n of ((n+1-j)^alpha - (n-j)^alpha) f(t_j): order 1.

    It remembers num_memory slopes; a time beyond them raises ValueError."""
    one_allowed = False

    def __init__(self, f, alpha, num_memory, inits, dt=None, name=None, state_delays=None):
        super().__init__(f, alpha, num_memory, inits, dt, name, state_delays)
        age = np.arange(self.num_memory + 1)
        self._coefficients = [np.diff(age ** a) / math.gamma(1 + a) for a in self.alpha]
        self.inits = VarDict({n: Variable(self._first[n]) for n in self.variables})
        self.f_states = VarDict({n: self.ring(n) for n in self.variables})

    def reset(self, inits=None):
        self._restart(inits)
        for name in self.variables:
            self.inits[name].value = self._first[name]
            self.f_states[name].value = np.zeros_like(np.asarray(self.f_states[name]))

    def step(self, values, dt):
        self.check_time(values, dt)
        out = []
        for k, (name, slope) in enumerate(zip(self.variables, self.slopes(values))):
            self.f_states[name][self.idx[0]] = slope
            out.append(self.inits[name] + self.remembered(self.f_states[name], self._coefficients[k]) * dt ** float(self.alpha[k]))
        self.advance()
        return out


class CaputoL1Schema(FDEIntegrator):
    """x(t_n+1) = x_n + dt^alpha Gamma(2 - alpha) f_n - sum over k < n of ((n+1-k)^(1-alpha) - (n-k)^(1-alpha)) (x_k+1 - x_k).

    It remembers num_memory differences; a time beyond them raises ValueError."""

    def __init__(self, f, alpha, num_memory, inits, state_delays=None, dt=None, name=None):
        super().__init__(f, alpha, num_memory, inits, dt, name, state_delays)
        age = np.arange(1, self.num_memory + 2)
        self._coefficients = [np.diff(age ** (1 - a)) for a in self.alpha]
        self.inits = VarDict({n: Variable(self._first[n]) for n in self.variables})
        self.diff_states = VarDict({n + "_diff": self.ring(n) for n in self.variables})

    def reset(self, inits=None):
        self._restart(inits)
        for name in self.variables:
            self.inits[name].value = self._first[name]
            ring = self.diff_states[name + "_diff"]
            ring.value = np.zeros_like(np.asarray(ring))

    def hists(self, var=None, numpy=True):
        """What a variable was at each step that is remembered, the first first: (steps, ...); of all variables as a dict."""
        if var is None:
            return {name: self.hists(name, numpy) for name in self.variables}
        if var not in self.variables:
            raise ValueError(f"no variable {var!r}; there are {', '.join(self.variables)}")
        from ...math import asarray
        ring, last = np.asarray(self.diff_states[var + "_diff"]), np.asarray(self.inits[var])
        ordered = np.roll(ring, -int(np.asarray(self.idx)[0]), axis=0)
        values = last - (ordered.sum(axis=0) - np.cumsum(ordered, axis=0))
        return values if numpy else asarray(values)

    def step(self, values, dt):
        self.check_time(values, dt)
        out = []
        for k, (name, slope) in enumerate(zip(self.variables, self.slopes(values))):
            ring, now = self.diff_states[name + "_diff"], values[name]
            ring[self.idx[0]] = now - self.inits[name]
            self.inits[name].value = self.inits[name] * 0 + now
            local = slope * (dt ** float(self.alpha[k]) * math.gamma(2 - self.alpha[k]))
            out.append(local + now - self.remembered(ring, self._coefficients[k]))
        self.advance()
        return out
