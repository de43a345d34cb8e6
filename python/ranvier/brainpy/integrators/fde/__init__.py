"""`bp.fde`: methods for fractional differential equations.

    integral = bp.fdeint(0.9, 1000, inits=[1.], f=lambda x, t: -x, method="l1"); x = integral(x, t, dt=0.01)
"""
from ..._names import absent as _absent
from ..generic import Methods as _Methods
from .base import FDEIntegrator
from .caputo import CaputoEuler, CaputoL1Schema
from .grunwald_letnikov import GLShortMemory

_methods = _Methods("FDE", FDEIntegrator, "l1")
for _name, _class in {"euler": CaputoEuler, "l1": CaputoL1Schema, "short-memory": GLShortMemory}.items():
    _methods.add(_name, _class)
register_fde_integrator, get_supported_methods = _methods.add, _methods.names
set_default_fdeint, get_default_fdeint = _methods.set_default, _methods.get_default


def fdeint(alpha, num_memory, inits, f=None, method=None, dt=None, name=None):
    """An integrator of D^alpha x = f(x, t, ...), an FDEIntegrator; without f, a decorator. Methods: 'l1' (default), 'euler', 'short-memory'."""
    make = _methods.find(method)
    settings = dict(alpha=alpha, num_memory=num_memory, inits=inits, dt=dt, name=name)
    return make(f, **settings) if f is not None else (lambda function: make(function, **settings))


__getattr__ = _absent(__name__, "bp.fde")
