"""Base of the methods for ordinary and delayed differential equations."""
from ...errors import DiffEqError
from ..base import Integrator
from ..constants import SUPPORTED_VAR_TYPE, choice
from ..equations import results


class ODEIntegrator(Integrator):
    """f(variables..., t, parameters...) by one step of a method. neutral_delays: {variable: bm.NeuTimeDelay or bm.NeuLenDelay}, updated with
    the derivative at the end of each step."""

    def __init__(self, f, var_type=None, dt=None, name=None, show_code=False, state_delays=None, neutral_delays=None):
        super().__init__(f, dt, name, state_delays)
        self.var_type = None if var_type is None else choice(var_type, SUPPORTED_VAR_TYPE, "var_type")
        self.neutral_delays = dict(neutral_delays or {})
        for key in self.neutral_delays:
            if key not in self.variables:
                raise DiffEqError(f"a neutral delay of {key!r}, which is no variable of the equation; there are {', '.join(self.variables)}")

    def __call__(self, *args, **keywords):
        out = super().__call__(*args, **keywords)
        if self.neutral_delays:
            from ..equations import bind
            values = bind(self.f, args, keywords, ("dt",))
            dt = values.pop("dt", self.dt)
            new = out if isinstance(out, list) else [out]
            values.update(dict(zip(self.variables, new)), t=values["t"] + dt)
            slopes = dict(zip(self.variables, results(self.f, values, len(self.variables))))
            for key, delay in self.neutral_delays.items():
                delay.update(slopes[key])
        return out
