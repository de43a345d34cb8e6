"""Euler-Maruyama, Euler-Heun, and the exponential Euler method with noise."""
from ...errors import IntegratorError
from ..constants import STRA_SDE
from ..ode.exponential import check_single, exponential_steps
from .base import SDEIntegrator


class Euler(SDEIntegrator):
    """Ito: x + f dt + g dW (Maruyama), of strong order 1/2 (1 where g is constant). Stratonovich: the mean of g at both ends of g dW."""

    def step(self, values, dt):
        start, drifts, diffusions = self.start(values), self.drifts(values), self.diffusions(values)
        noises = [None if g is None else self.noise(x, g, dt) for x, g in zip(start, diffusions)]
        if not self.ito:
            there = {n: x if g is None else x + self.spread(g, w) for n, x, g, w in zip(self.variables, start, diffusions, noises)}
            ends = self.diffusions({**values, **there})
            diffusions = [g if g is None else (g + end) * 0.5 for g, end in zip(diffusions, ends)]
        return [x + f * dt if g is None else x + f * dt + self.spread(g, w) for x, f, g, w in zip(start, drifts, diffusions, noises)]


class Heun(Euler):
    """The Stratonovich form of Euler."""

    def __init__(self, f, g, dt=None, name=None, show_code=False, var_type=None, intg_type=None, wiener_type=None, state_delays=None):
        if intg_type != STRA_SDE:
            raise IntegratorError(f"heun is for Stratonovich integrals: give intg_type={STRA_SDE!r}, or use 'euler'")
        super().__init__(f, g, dt, name, show_code, var_type, intg_type, wiener_type, state_delays)


class ExponentialEuler(SDEIntegrator):
    """The step of exp_auto for f, and g dW."""
    stratonovich = False

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        check_single(self.f)

    def step(self, values, dt):
        diffusions = self.diffusions(values)
        out = exponential_steps(self.f, self.variables, values, dt)
        return [x if g is None else x + self.spread(g, self.noise(x, g, dt)) for x, g in zip(out, diffusions)]
