"""`ranvier.brainpy`: programs written for BrainPy 2.4 with `brainpy` in their import lines replaced.

    import ranvier.brainpy as bp; import ranvier.brainpy.math as bm
"""
from . import connect, errors, math, visualize  # noqa: F401
from . import mixin  # noqa: F401
from . import dnn, dyn  # noqa: F401
from . import channels, neurons, rates, synapses, synouts, synplast  # noqa: F401
from ._collector import ArrayCollector, Collector  # noqa: F401
from ._delay_register import global_delay_data  # noqa: F401
from ._dynamic import Dynamic, DynView  # noqa: F401
from ._instead import INSTEAD as _INSTEAD
from ._errors import BrainPyError, MathError, TracingError, UnsupportedError  # noqa: F401
from ._names import absent as _absent
from ._object import Base, BrainPyObject  # noqa: F401
from ._over_time import LoopOverTime  # noqa: F401
from ._share import share  # noqa: F401
from ._system import DynamicalSystem, DynSysGroup, Network, not_pass_shared, Projection, Sequential  # noqa: F401
from .delay import DataDelay, Delay, DelayAccess, VarDelay  # noqa: F401
from .dyn import NeuGroup, NeuGroupNS  # noqa: F401
from .integrators import fde, fdeint, Integrator, IntegratorRunner, JointEq, ode, odeint, sde, sdeint  # noqa: F401
from . import checkpoints, encoding, initialize, inputs, losses, measure, running, tools  # noqa: F401
from . import analysis, check, types  # noqa: F401
from .runners import DSRunner  # noqa: F401
from .synapses import TwoEndConn  # noqa: F401

__version__ = "2.4.4.post1"
conn, init, layers, Container, DynamicalSystemNS = connect, initialize, dnn, DynSysGroup, DynamicalSystem
modes = math.modes

__getattr__ = _absent(__name__, "bp", _INSTEAD)
