"""Explicit Runge-Kutta methods of fixed order."""
from ..base import real
from ..equations import results
from .base import ODEIntegrator
from .tableaus import EXPLICIT, second_order


def stages(integrator, tableau, values, dt):
    """(the variables at the start, for each stage the list of the variables' slopes)."""
    nodes, rows = tableau[:2]
    start = [real(values[n]) for n in integrator.variables]
    rest, slopes = integrator.rest(values), []
    for node, row in zip(nodes, rows):
        here = {n: combined(x, slopes, row, dt, k) for k, (n, x) in enumerate(zip(integrator.variables, start))}
        t = values["t"] + dt * node if node else values["t"]
        slopes.append(results(integrator.f, {**here, "t": t, **rest}, len(start)))
    return start, slopes


def combined(x, slopes, factors, dt, k):
    """x + dt times the weighted sum of variable k's slopes."""
    total = weighted(slopes, factors, k)
    return x if total is None else x + total * dt


def weighted(slopes, factors, k):
    total = None
    for slope, factor in zip(slopes, factors):
        if factor:
            term = slope[k] * factor if factor != 1 else slope[k]
            total = term if total is None else total + term
    return total


class ExplicitRKIntegrator(ODEIntegrator):
    """A method by its tableau: (nodes, rows of the matrix, weights)."""
    tableau = None

    def step(self, values, dt):
        start, slopes = stages(self, self.tableau, values, dt)
        return [combined(x, slopes, self.tableau[2], dt, k) for k, x in enumerate(start)]


class RK2(ExplicitRKIntegrator):
    """The second order methods, with the second node at beta (Ralston's by default)."""

    def __init__(self, f, beta=2 / 3, *args, **keywords):
        if beta == 0:
            raise ValueError("rk2 wants a beta that is not 0")
        self.tableau = second_order(beta)
        super().__init__(f, *args, **keywords)


CLASSES = {"Euler": "euler", "MidPoint": "midpoint", "Heun2": "heun2", "Ralston2": "ralston2", "RK3": "rk3", "Heun3": "heun3",
           "Ralston3": "ralston3", "SSPRK3": "ssprk3", "RK4": "rk4", "Ralston4": "ralston4", "RK4Rule38": "rk4_38rule"}
for _class, _name in CLASSES.items():
    globals()[_class] = type(_class, (ExplicitRKIntegrator,), {"tableau": EXPLICIT[_name], "__doc__": f"The method '{_name}'.",
                                                               "__module__": __name__})
CLASSES["RK2"] = "rk2"
__all__ = ["ExplicitRKIntegrator", *CLASSES]
