"""Milstein's method, of strong order 1, with exact slopes of g or with differences.

Noise of several processes is taken as commutative (Kloeden and Platen, Numerical Solution of SDE, 10.3): g_j dg_k/dx = g_k dg_j/dx.
"""
from ..._array import Array
from ..._derivative import derivative
from ..._graph import broadcast_to
from .base import SDEIntegrator, root


class Milstein(SDEIntegrator):
    """x + f dt + g dW + g g' (dW^2 - dt)/2 (Stratonovich: without - dt); g' by each variable itself, exactly."""

    def _slope(self, k, values, part):
        """d g_k / d x_k, of one process for vectors."""
        name = self.variables[k]

        def own(x):
            g = self.diffusions({**values, name: x})[k]
            return g if part is None else g[..., part]
        x = Array(values[name])
        return Array(broadcast_to(derivative(own, x.value)[1], x.shape))

    def step(self, values, dt):
        start, drifts, diffusions = self.start(values), self.drifts(values), self.diffusions(values)
        values = {**values, **dict(zip(self.variables, start))}
        out = []
        for k, (x, f, g) in enumerate(zip(start, drifts, diffusions)):
            new = x + f * dt
            if g is not None:
                w = self.noise(x, g, dt)
                new = new + self.spread(g, w) + self._second(k, values, g, w, dt)
            out.append(new)
        return out

    def _second(self, k, values, g, w, dt):
        if not self.vectors:
            square = w * w - dt if self.ito else w * w
            return g * self._slope(k, values, None) * 0.5 * square
        slopes = [self._slope(k, values, j) for j in range(g.shape[-1])]
        total = sum(slope * w[..., j] for j, slope in enumerate(slopes)) * self.spread(g, w)
        if self.ito:
            total = total - sum(slope * g[..., j] for j, slope in enumerate(slopes)) * dt
        return total * 0.5


class MilsteinGradFree(SDEIntegrator):
    """Milstein's method with g' g as the difference of g over a step of g sqrt(dt) (Kloeden and Platen, 11.1.3); for Stratonovich's
    integral, g' g dt/2 by the difference to both sides, whose error is of second order."""

    def step(self, values, dt):
        start, drifts, diffusions = self.start(values), self.drifts(values), self.diffusions(values)
        noises = [None if g is None else self.noise(x, g, dt) for x, g in zip(start, diffusions)]
        out = [x + f * dt if g is None else x + f * dt + self.spread(g, w) for x, f, g, w in zip(start, drifts, diffusions, noises)]
        for j in range(self._processes(diffusions)):
            ahead = self._aside(values, start, diffusions, j, root(dt))
            behind = diffusions if self.ito else self._aside(values, start, diffusions, j, -root(dt))
            for k, (g, w) in enumerate(zip(diffusions, noises)):
                if g is not None:
                    out[k] = out[k] + self._second(ahead[k], behind[k], g, w, j, dt)
        return out

    def _processes(self, diffusions):
        return max((g.shape[-1] for g in diffusions if g is not None), default=0) if self.vectors else 1

    def _aside(self, values, start, diffusions, j, step):
        """g where all variables are moved by their g_j times a step."""
        there = {n: x if g is None else x + (g[..., j] if self.vectors else g) * step for n, x, g in zip(self.variables, start, diffusions)}
        return self.diffusions({**values, **there})

    def _second(self, ahead, behind, g, w, j, dt):
        """g' g dW^2/2 - g' g dt/2, and for Stratonovich's integral + g' g dt/2."""
        own = (lambda x: x[..., j]) if self.vectors else (lambda x: x)
        product = self.spread(ahead - g, w) * own(w)
        out = (product - own(ahead - g) * dt) * (0.5 / root(dt))
        return out if self.ito else out + own(ahead - behind) * (0.25 * root(dt))
