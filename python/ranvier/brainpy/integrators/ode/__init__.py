"""`bp.ode`: methods for ordinary differential equations, and for delayed ones by state_delays.

    integral = bp.odeint(lambda V, t, I: (-V + I) / 10., method="rk4"); V = integral(V, t, I, dt=0.1)
"""
from ..._names import absent as _absent
from ..generic import Methods as _Methods
from . import adaptive_rk as _adaptive, explicit_rk as _explicit
from .adaptive_rk import *  # noqa: F401,F403
from .base import ODEIntegrator
from .exponential import ExponentialEuler
from .explicit_rk import *  # noqa: F401,F403

_methods = _Methods("ODE", ODEIntegrator, "euler")
for _module in (_explicit, _adaptive):
    for _class, _name in _module.CLASSES.items():
        _methods.add(_name, getattr(_module, _class))
for _name in ("exponential_euler", "exp_euler", "exp_euler_auto", "exp_auto"):
    _methods.add(_name, ExponentialEuler)
register_ode_integrator, get_supported_methods = _methods.add, _methods.names
set_default_odeint, get_default_odeint = _methods.set_default, _methods.get_default


def odeint(f=None, method=None, var_type=None, dt=None, name=None, show_code=False, state_delays=None, neutral_delays=None, **keywords):
    """An integrator of f(variables..., t, parameters...), an ODEIntegrator; without f, a decorator.

    method: a name of get_supported_methods(), 'euler' by default; keywords: those of the method (adaptive, tol; beta of rk2).
    state_delays, neutral_delays: {variable: delay} that each step updates, for delayed equations."""
    make = _methods.find(method)
    settings = dict(var_type=var_type, dt=dt, name=name, show_code=show_code, state_delays=state_delays, neutral_delays=neutral_delays, **keywords)
    return make(f, **settings) if f is not None else (lambda function: make(function, **settings))


__getattr__ = _absent(__name__, "bp.ode")
