"""`ranvier.brainpy`: programs written for BrainPy 2.4 with `brainpy` in their import lines replaced.

    import ranvier.brainpy as bp; import ranvier.brainpy.math as bm
"""
from . import connect, math, visualize  # noqa: F401
from . import dnn, dyn  # noqa: F401
from . import channels, neurons, rates, synapses, synouts, synplast  # noqa: F401
from ._errors import BrainPyError, MathError, TracingError, UnsupportedError  # noqa: F401
from ._names import absent as _absent
from ._share import share  # noqa: F401
from ._system import Container, Dynamic, DynamicalSystem, DynSysGroup, DynView, Network, NeuGroup, Projection  # noqa: F401
from . import errors  # noqa: F401
from .integrators import Integrator, IntegratorRunner, JointEq, fde, fdeint, ode, odeint, sde, sdeint  # noqa: F401
from .runners import DSRunner  # noqa: F401
from .synapses import TwoEndConn  # noqa: F401

__version__ = "2.4.4.post1"
conn, layers = connect, dnn

__getattr__ = _absent(__name__, "bp")
