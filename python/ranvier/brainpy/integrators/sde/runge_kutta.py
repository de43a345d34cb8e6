"""Stochastic Runge-Kutta methods for Ito equations whose elements each have a Wiener process of their own.

Roessler, Runge-Kutta methods for the strong approximation of solutions of stochastic differential equations, SIAM J. Numer. Anal. 48
(2010): SRI1W1 and SRI2W1, of strong order 3/2. Kloeden and Platen 1992, 11.1: an explicit method of strong order 1.
"""
import math
from typing import Any

from .base import SDEIntegrator, root

# Stages of the drift (nodes c0, matrices A0, B0), of the diffusion (c1, A1, B1), weights of f and of g with the four integrals.
_A1 = ((), (1 / 4,), (1, 0), (0, 0, 1 / 4))
_BETA3, _BETA4 = (2, -4 / 3, -2 / 3, 0), (-2, 5 / 3, -2 / 3, 1)
SRI1W1 = dict(c0=(0, 3 / 4, 0, 0), A0=((), (3 / 4,), (), ()), B0=((), (3 / 2,), (), ()), c1=(0, 1 / 4, 1, 1 / 4), A1=_A1,
              B1=((), (1 / 2,), (-1, 0), (-5, 3, 1 / 2)), alpha=(1 / 3, 2 / 3, 0, 0),
              beta=((-1, 4 / 3, 2 / 3, 0), (-1, 4 / 3, -1 / 3, 0), _BETA3, _BETA4))
SRI2W1 = dict(c0=(0, 1, 1 / 2, 0), A0=((), (1,), (1 / 4, 1 / 4), ()), B0=((), (0,), (1, 1 / 2), ()), c1=(0, 1 / 4, 1, 1 / 4), A1=_A1,
              B1=((), (-1 / 2,), (1, 0), (2, -1, 1 / 2)), alpha=(1 / 6, 1 / 6, 2 / 3, 0),
              beta=((-1, 4 / 3, 2 / 3, 0), (1, -4 / 3, 1 / 3, 0), _BETA3, _BETA4))


def _plus(x, terms):
    for factor, term in terms:
        if term is not None and not (isinstance(factor, (int, float)) and factor == 0):
            x = x + term * factor
    return x


class _Rossler(SDEIntegrator):
    stratonovich = vector = False
    tableau: dict[str, Any]

    def step(self, values, dt):
        start, s = self.start(values), root(dt)
        first = self.diffusions(values)
        integrals = [None if g is None else self._integrals(x, g, dt, s) for x, g in zip(start, first)]
        drifts, diffusions = [], []
        for i in range(4):
            drifts.append(self._drift(i, values, start, drifts, diffusions, integrals, dt))
            diffusions.append(first if i == 0 else self._diffusion(i, values, start, drifts, diffusions, dt, s))
        return [self._sum(k, x, drifts, diffusions, integrals[k], dt) for k, x in enumerate(start)]

    def _integrals(self, x, g, dt, s):
        """dW; its second integral over sqrt(dt); that with time over dt; its third over dt."""
        w, other = self.noise(x, g, dt), self.noise(x, g, dt)
        return w, (w * w - dt) * (0.5 / s), (w + other * (1 / math.sqrt(3.))) * 0.5, (w * w * w - w * (3. * dt)) * (1 / 6) / dt

    def _drift(self, i, values, start, drifts, diffusions, integrals, dt):
        p = self.tableau
        if i and not p["A0"][i]:
            return drifts[0]
        here = {}
        for k, (n, x) in enumerate(zip(self.variables, start)):
            x = _plus(x, [(a * dt, drifts[j][k]) for j, a in enumerate(p["A0"][i])])
            if integrals[k] is not None:
                x = _plus(x, [(1, diffusions[j][k] * integrals[k][2] * b) for j, b in enumerate(p["B0"][i]) if b])
            here[n] = x
        return self.drifts({**values, **here, "t": values["t"] + dt * p["c0"][i] if p["c0"][i] else values["t"]})

    def _diffusion(self, i, values, start, drifts, diffusions, dt, s):
        p = self.tableau
        here = {n: _plus(x, [(a * dt, drifts[j][k]) for j, a in enumerate(p["A1"][i])]
                         + [(b * s, diffusions[j][k]) for j, b in enumerate(p["B1"][i])])
                for k, (n, x) in enumerate(zip(self.variables, start))}
        return self.diffusions({**values, **here, "t": values["t"] + dt * p["c1"][i]})

    def _sum(self, k, x, drifts, diffusions, integrals, dt):
        p = self.tableau
        x = _plus(x, [(a * dt, drifts[i][k]) for i, a in enumerate(p["alpha"]) if a])
        if integrals is None:
            return x
        for i in range(4):
            weight = None
            for beta, integral in zip(p["beta"], integrals):
                if beta[i]:
                    term = integral * beta[i]
                    weight = term if weight is None else weight + term
            x = x + diffusions[i][k] * weight
        return x


class SRK1W1(_Rossler):
    """SRI1W1: strong order 3/2, weak order 2 where the noise is additive."""
    tableau = SRI1W1


class SRK2W1(_Rossler):
    """SRI2W1: strong order 3/2, deterministic order 3."""
    tableau = SRI2W1


class KlPl(SDEIntegrator):
    """x + f dt + g dW + (g(x + f dt + g sqrt(dt)) - g) (dW^2 - dt) / (2 sqrt(dt)): strong order 1."""
    stratonovich = vector = False

    def step(self, values, dt):
        start, drifts, diffusions, s = self.start(values), self.drifts(values), self.diffusions(values), root(dt)
        ahead = {n: x + f * dt if g is None else x + f * dt + g * s for n, x, f, g in zip(self.variables, start, drifts, diffusions)}
        there = self.diffusions({**values, **ahead})
        out = []
        for x, f, g, end in zip(start, drifts, diffusions, there):
            new = x + f * dt
            if g is not None:
                w = self.noise(x, g, dt)
                new = new + g * w + (end - g) * (w * w - dt) * (0.5 / s)
            out.append(new)
        return out
