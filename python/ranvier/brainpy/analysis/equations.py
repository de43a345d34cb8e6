"""The equations of a model as functions of arrays in float64, with exact slopes.

    system = Equations(integrals); system.slope("V", {"V": V, "w": w, "I": 0.5})
"""
import inspect

import numpy as np

from ..errors import AnalyzerError
from ..integrators import JointEq, ODEIntegrator
from ..integrators.equations import signature


def _integrators(model):
    """The integrators of a system, a list, a dict, a single one or a function."""
    if isinstance(model, ODEIntegrator):
        return [model]
    if isinstance(model, dict):
        return [i for part in model.values() for i in _integrators(part)]
    if isinstance(model, (list, tuple)):
        return [i for part in model for i in _integrators(part)]
    if hasattr(model, "nodes"):
        found = {id(v): v for node in model.nodes().values() for v in vars(node).values() if isinstance(v, ODEIntegrator)}
        return list(found.values())
    if callable(model):
        return [ODEIntegrator(model)]
    raise AnalyzerError(f"an analysis wants integrators of bp.odeint or a system that has some, not a {type(model).__name__}")


class Equations:
    def __init__(self, model):
        self._equations, self.parameters, self._defaults = {}, [], {}
        for integrator in _integrators(model):
            for f in integrator.f.eqs if isinstance(integrator.f, JointEq) else [integrator.f]:
                self._add(f)
        if not self._equations:
            raise AnalyzerError("the model has no differential equation of bp.odeint")
        self.variables = list(self._equations)
        self.parameters = [p for p in self.parameters if p not in self.variables]

    def _add(self, f):
        names, parameters = signature(f)
        for k, name in enumerate(names):
            if name in self._equations:
                raise AnalyzerError(f"the variable {name!r} has two equations; give one another name")
            self._equations[name] = (f, list(inspect.signature(f).parameters), k if len(names) > 1 else None)
        for p in parameters:
            if p not in self.parameters:
                self.parameters.append(p)
            default = inspect.signature(f).parameters[p].default
            if default is not inspect.Parameter.empty:
                self._defaults.setdefault(p, default)

    def slope(self, name, values):
        """d name/dt at these values (arrays that broadcast), t = 0."""
        from .. import math as bm
        with bm.environment(x64=True):
            return np.asarray(self.slope_of(name, {k: bm.asarray(v) for k, v in values.items()}), np.float64)

    def partial(self, name, by, values):
        """d (d name/dt) / d by, exactly, of elements each on its own."""
        from .. import math as bm
        with bm.environment(x64=True):
            values = {k: bm.asarray(np.asarray(v, np.float64)) for k, v in values.items()}
            return np.asarray(bm.vector_grad(lambda x: self.slope_of(name, {**values, by: x}))(values[by]), np.float64)

    def slope_of(self, name, values):
        """d name/dt of Arrays, which may be traced."""
        f, arguments, k = self._equations[name]
        values = {"t": 0., **self._defaults, **values}
        missing = [a for a in arguments if a not in values]
        if missing:
            raise AnalyzerError(f"the equation of {name!r} needs {missing[0]!r}: give it in pars_update, fixed_vars or as a target")
        out = f(**{a: values[a] for a in arguments})
        return out if k is None else out[k]
