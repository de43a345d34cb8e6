"""`bp.integrators`: steps of ordinary, delayed, stochastic and fractional differential equations.

    integral = bp.odeint(lambda g, t: -g / 5., method="exp_auto"); g = integral(g, t, dt=0.1)
"""
from .._names import absent as _absent
from . import constants, fde, ode, sde  # noqa: F401
from .base import Integrator  # noqa: F401
from .constants import *  # noqa: F401,F403
from .equations import JointEq  # noqa: F401
from .fde import FDEIntegrator, fdeint  # noqa: F401
from .ode import ODEIntegrator, odeint  # noqa: F401
from .runner import IntegratorRunner  # noqa: F401
from .sde import SDEIntegrator, sdeint  # noqa: F401

__getattr__ = _absent(__name__, "bp.integrators")
