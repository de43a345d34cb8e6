"""Runge-Kutta methods with an estimate of their error. With adaptive=True a step also returns the dt that the next one should have."""
from ..base import real
from ..constants import POP_VAR, SCALAR_VAR
from .base import ODEIntegrator
from .explicit_rk import combined, stages, weighted
from .tableaus import EMBEDDED


class AdaptiveRKIntegrator(ODEIntegrator):
    """A step of the dt that is given. adaptive=True: the results are (variables..., dt_new), dt_new = 0.9 dt (tol / error)^0.2 where the error
    (the sum over all variables and elements of |difference of the two orders|) is above tol (0.1 by default), else dt. The step that
    was made is kept either way, and dt never grows."""
    tableau = None

    def __init__(self, f, var_type=None, dt=None, name=None, adaptive=None, tol=None, show_code=False, state_delays=None, neutral_delays=None):
        super().__init__(f, var_type or POP_VAR, dt, name, show_code, state_delays, neutral_delays)
        self.adaptive, self.tol = bool(adaptive), 0.1 if tol is None else float(tol)
        if not self.tol > 0:
            raise ValueError(f"the tolerance must be positive, not {tol}")

    def step(self, values, dt):
        start, slopes = stages(self, self.tableau, values, dt)
        out = [combined(x, slopes, self.tableau[2], dt, k) for k, x in enumerate(start)]
        return out + [self._next(slopes, dt)] if self.adaptive else out

    def _next(self, slopes, dt):
        from ...math import abs, sum, where
        gaps = [b - c for b, c in zip(self.tableau[2], self.tableau[3])]
        total = None
        for k in range(len(self.variables)):
            error = abs(real(weighted(slopes, gaps, k)) * dt)
            error = error if self.var_type == SCALAR_VAR else sum(error)
            total = error if total is None else total + error
        late = total > self.tol
        return where(late, 0.9 * dt * (self.tol / where(late, total, 1.)) ** 0.2, dt)


CLASSES = {"RKF12": "rkf12", "RKF45": "rkf45", "DormandPrince": "rkdp", "CashKarp": "ck", "BogackiShampine": "bs", "HeunEuler": "heun_euler",
           "BoSh3": "BoSh3"}
for _class, _name in CLASSES.items():
    globals()[_class] = type(_class, (AdaptiveRKIntegrator,), {"tableau": EMBEDDED[_name], "__doc__": f"The method '{_name}'.",
                                                               "__module__": __name__})
__all__ = ["AdaptiveRKIntegrator", *CLASSES]
