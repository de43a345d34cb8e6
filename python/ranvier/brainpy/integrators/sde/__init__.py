"""`bp.sde`: methods for stochastic differential equations.

    integral = bp.sdeint(f=lambda x, t: -x / 10., g=lambda x, t: 0.5, method="euler"); x = integral(x, t, dt=0.1)
"""
from ..._names import absent as _absent
from ..generic import Methods as _Methods
from .base import SDEIntegrator
from .euler import Euler, ExponentialEuler, Heun
from .milstein import Milstein, MilsteinGradFree
from .runge_kutta import SRK1W1, SRK2W1, KlPl

_methods = _Methods("SDE", SDEIntegrator, "euler")
for _name, _class in {"euler": Euler, "heun": Heun, "milstein": Milstein, "milstein2": MilsteinGradFree, "milstein_grad_free": MilsteinGradFree,
                      "exponential_euler": ExponentialEuler, "exp_euler": ExponentialEuler, "exp_euler_auto": ExponentialEuler,
                      "exp_auto": ExponentialEuler, "srk1w1": SRK1W1, "srk2w1": SRK2W1, "klpl": KlPl}.items():
    _methods.add(_name, _class)
register_sde_integrator, get_supported_methods = _methods.add, _methods.names
set_default_sdeint, get_default_sdeint = _methods.set_default, _methods.get_default


def sdeint(f=None, g=None, method=None, dt=None, name=None, show_code=False, var_type=None, intg_type=None, wiener_type=None, state_delays=None,
           **keywords):
    """An integrator of dx = f dt + g dW, an SDEIntegrator; without f or g, a decorator of the missing one.

    method: a name of get_supported_methods(), 'euler' by default."""
    make = _methods.find(method)
    settings = dict(dt=dt, name=name, show_code=show_code, var_type=var_type, intg_type=intg_type, wiener_type=wiener_type,
                    state_delays=state_delays, **keywords)
    if f is None and g is None:
        raise ValueError("sdeint wants f, g or both")
    if f is None or g is None:
        return lambda other: make(f=other if f is None else f, g=other if g is None else g, **settings)
    return make(f=f, g=g, **settings)


__getattr__ = _absent(__name__, "bp.sde")
