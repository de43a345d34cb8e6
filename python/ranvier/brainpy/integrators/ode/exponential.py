"""The exponential Euler method with exact linear parts."""
from ..._array import Array, unwrap
from ..._derivative import derivative
from ..._graph import apply
from ...errors import DiffEqError
from ..base import real
from ..constants import SYSTEM_VAR
from ..equations import JointEq
from .base import ODEIntegrator


def check_single(function):
    """DiffEqError where an equation is of several variables."""
    for names in function.own if isinstance(function, JointEq) else [None]:
        from ..equations import signature
        names = signature(function)[0] if names is None else names
        if len(names) > 1:
            raise DiffEqError(f"exponential Euler wants one variable an equation, not {', '.join(names)}: write them apart and join them "
                              "by bp.JointEq([...])")


def exponential_step(function, x, dt):
    """x + dt phi(dt L) f(x), phi(z) = (exp(z) - 1)/z, phi(0) = 1; L[i] = the sum of the slopes of f's elements by x[i]."""
    x = unwrap(x)
    value, slope = derivative(function, x)
    phi = apply("exprel", apply("mul", dt, slope))
    return Array(apply("add", x, apply("mul", apply("mul", dt, phi), value)))


def exponential_steps(function, variables, values, dt):
    """The step of each equation, all others' variables at their old values."""
    if not isinstance(function, JointEq):
        name = variables[0]
        return [exponential_step(lambda x: function(**{**values, name: x}), real(values[name]), dt)]
    return [exponential_step(lambda x, k=k, name=own[0]: function.of(k, {**values, name: x}), real(values[own[0]]), dt)
            for k, own in enumerate(function.own)]


class ExponentialEuler(ODEIntegrator):
    """The method 'exp_auto': exact where an equation is linear in its own variable and all else stands still."""

    def __init__(self, f, var_type=None, dt=None, name=None, show_code=False, state_delays=None, neutral_delays=None):
        super().__init__(f, var_type, dt, name, show_code, state_delays, neutral_delays)
        if var_type == SYSTEM_VAR:
            raise NotImplementedError("exponential Euler has no 'system' variables: write one equation a variable and bp.JointEq([...])")
        check_single(f)

    def step(self, values, dt):
        return exponential_steps(self.f, self.variables, values, dt)
