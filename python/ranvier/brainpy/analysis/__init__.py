"""`bp.analysis`: phase planes and bifurcations of equations of one and two variables, fixed points of systems of many, in float64.

    plane = bp.analysis.PhasePlane1D(int_x, target_vars=dict(x=(-2., 2.)), resolutions=0.01); plane.plot_fixed_point()
"""
from .._names import absent as _absent
from . import constants, stability  # noqa: F401
from .bifurcation import Bifurcation1D, Bifurcation2D, FastSlow1D, FastSlow2D  # noqa: F401
from .phase_plane import PhasePlane1D, PhasePlane2D  # noqa: F401
from .slow_points import SlowPointFinder  # noqa: F401

C = constants
CONTINUOUS, DISCRETE = constants.CONTINUOUS, constants.DISCRETE
__getattr__ = _absent(__name__, "bp.analysis")
