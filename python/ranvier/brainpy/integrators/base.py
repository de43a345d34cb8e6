"""What all integrators share: names and values of arguments, the time step, delays that are kept up to date.

    integral = odeint(f); V, m = integral(V, m, t, I, dt=0.05)
"""
from .._array import Array, unwrap
from .._graph import lift
from .._object import BrainPyObject, NodeDict
from ..errors import DiffEqError
from .equations import bind, signature


class Integrator(BrainPyObject):
    """One step of a system of equations, as a function of (variables..., t, parameters..., dt); dt [ms] is that of the integrator, which
    is bm.get_dt() of when it was made, unless the call gives another. state_delays: {variable: delay}, updated with each result."""

    def __init__(self, f, dt=None, name=None, state_delays=None):
        from ..math.environment import get_dt
        super().__init__(name=name)
        self.f = f
        self.variables, self.parameters = signature(f)
        self._dt = get_dt() if dt is None else float(dt)
        if not self._dt > 0:
            raise ValueError(f"the time step must be positive, not {dt}")
        self.arg_names = [*self.variables, "t", *self.parameters, "dt"]
        self.state_delays = self._delays(state_delays)

    dt = property(lambda self: self._dt)
    arguments = property(lambda self: [*self.arg_names[:-1], f"dt={self._dt}"])

    def _delays(self, delays):
        for name in delays or {}:
            if name not in self.variables:
                raise DiffEqError(f"a delay of {name!r}, which is no variable of the equation; there are {', '.join(self.variables)}")
        return NodeDict(delays or {})

    @property
    def integral(self):
        return self.__call__

    def __call__(self, *args, **keywords):
        values = bind(self.f, args, keywords, ("dt",))
        dt = values.pop("dt", self._dt)
        for name in self.variables:
            if not hasattr(values[name], "dtype"):
                values[name] = Array(values[name])
        out = self.step(values, dt)
        for name, delay in self.state_delays.items():
            delay.update(out[self.variables.index(name)])
        return out[0] if len(out) == 1 else out

    def step(self, values, dt):
        """The new values of the variables, a list."""
        raise NotImplementedError

    def rest(self, values):
        """The parameters among the values."""
        return {k: v for k, v in values.items() if k not in self.variables and k != "t"}


def real(x):
    """An Array of reals: whole numbers become reals, as the results of a step are."""
    from .._graph import cast, kind_of
    value = lift(unwrap(x))
    return Array(value if kind_of(value.dtype) in "fc" else cast(value, "f"))
