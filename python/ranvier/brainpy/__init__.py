"""`ranvier.brainpy`: programs written for BrainPy 2.4 with `brainpy` in their import lines replaced.

    import ranvier.brainpy as bp; import ranvier.brainpy.math as bm
"""
from types import SimpleNamespace as _Space

from . import connect, math, visualize  # noqa: F401
from . import _channels as _c, _system as _s
from ._errors import BrainPyError, MathError, TracingError, UnsupportedError  # noqa: F401
from ._share import share  # noqa: F401
from ._system import Container, Dynamic, DynamicalSystem, DynSysGroup, DynView, Network, NeuGroup, Projection  # noqa: F401
from .integrators import JointEq, odeint  # noqa: F401
from .runners import DSRunner  # noqa: F401

__version__ = "2.4.4.post1"


class _Names(_Space):
    """Names of one part; one that is absent says what there is."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise UnsupportedError(f"bp.{self._part}.{name} is not there", "there are " + ", ".join(k for k in vars(self) if k[0] != "_"))


conn = connect
dyn = _Names(_part="dyn", NeuDyn=_s.NeuDyn, NeuGroup=_s.NeuGroup, CondNeuGroupLTC=_c.CondNeuGroupLTC, Expon=_c.Expon, COBA=_c.DynCOBA,
             CUBA=_c.DynCUBA, ProjAlignPostMg1=_c.ProjAlignPostMg1, Projection=_s.Projection)
channels = _Names(_part="channels", IL=_c.IL, INa_TM1991=_c.INa_TM1991, IK_TM1991=_c.IK_TM1991)
synapses = _Names(_part="synapses", TwoEndConn=_c.TwoEndConn, Exponential=_c.Exponential)
synouts = _Names(_part="synouts", COBA=_c.OldCOBA, CUBA=_c.OldCUBA)
dnn = _Names(_part="dnn", EventCSRLinear=_c.EventCSRLinear)
TwoEndConn = _c.TwoEndConn


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise UnsupportedError(f"bp.{name} is not there", "see dir(bp) for what is")
