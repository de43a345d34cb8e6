"""Base of the methods for stochastic differential equations dx = f dt + g dW."""
import inspect
import math

from ..._array import unwrap
from ..._graph import is_sym
from ...errors import DiffEqError, IntegratorError
from ..base import Integrator, real
from ..constants import ITO_SDE, SUPPORTED_INTG_TYPE, SUPPORTED_VAR_TYPE, SUPPORTED_WIENER_TYPE, VECTOR_WIENER, choice
from ..equations import JointEq, results


class SDEIntegrator(Integrator):
    """f and g: functions of (variables..., t, parameters...); g gives one diffusion a variable, None for no noise.

    intg_type: 'Ito' (default) or 'Stratonovich'. wiener_type: 'scalar': each element has a Wiener process of its own; 'vector': g's last
    axis counts the processes of each element."""
    stratonovich = True  # whether the method can do both kinds of integral
    vector = True        # whether it can do vector Wiener processes

    def __init__(self, f, g, dt=None, name=None, show_code=False, var_type=None, intg_type=None, wiener_type=None, state_delays=None):
        super().__init__(f, dt, name, state_delays)
        self.g = g
        if not callable(g):
            raise DiffEqError("the diffusion g is a function of the same arguments as f")
        self.intg_type = choice(intg_type, SUPPORTED_INTG_TYPE, "intg_type")
        self.var_type = choice(var_type, SUPPORTED_VAR_TYPE, "var_type")
        self.wiener_type = choice(wiener_type, SUPPORTED_WIENER_TYPE, "wiener_type")
        if self.intg_type != ITO_SDE and not self.stratonovich:
            raise IntegratorError(f"{type(self).__name__} is for Ito integrals; use 'heun', 'euler' or 'milstein' for Stratonovich's")
        if self.wiener_type == VECTOR_WIENER and not self.vector:
            raise IntegratorError(f"{type(self).__name__} is for scalar Wiener processes; use 'euler' or 'milstein' for vectors")

    ito = property(lambda self: self.intg_type == ITO_SDE)
    vectors = property(lambda self: self.wiener_type == VECTOR_WIENER)

    def drifts(self, values):
        return results(self.f, values, len(self.variables))

    def diffusions(self, values):
        """One a variable; None: no noise."""
        out = self.g(**self._of_g(values))
        out = list(out) if isinstance(out, (list, tuple)) else [out]
        if len(out) != len(self.variables):
            raise DiffEqError(f"g gave {len(out)} diffusions for {len(self.variables)} variables; give None where there is no noise")
        out = [None if d is None else real(d) for d in out]
        for name, d in zip(self.variables, out):
            if self.vectors and d is not None and d.ndim == 0:
                raise DiffEqError(f"the diffusion of {name!r} is one number; a vector Wiener process wants its last axis to count the processes")
        return out

    def _of_g(self, values):
        if isinstance(self.g, JointEq):
            return values
        parameters = inspect.signature(self.g).parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return values
        return {k: v for k, v in values.items() if k in parameters}

    def noise(self, x, diffusion, dt):
        """Increments of the Wiener processes of x: its shape, for vectors with the number of processes as a last axis."""
        from ...math import random
        shape = tuple(x.shape)
        if self.vectors:
            if len(diffusion.shape) - 1 > len(shape):
                raise DiffEqError(f"a diffusion of the shape {diffusion.shape} does not fit a variable of the shape {shape}")
            shape += tuple(diffusion.shape[-1:])
        return random.randn(*shape) * root(dt)

    def spread(self, diffusion, noise):
        """g dW, for vectors summed over the processes."""
        from ...math import sum
        return sum(diffusion * noise, axis=-1) if self.vectors else diffusion * noise

    def start(self, values):
        return [real(values[n]) for n in self.variables]


def root(dt):
    from ...math import sqrt
    return sqrt(dt) if is_sym(unwrap(dt)) else math.sqrt(float(unwrap(dt)))
