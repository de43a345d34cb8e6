"""`bp.analysis`: phase planes and bifurcations of equations of one and two variables, in float64.

    plane = bp.analysis.PhasePlane1D(int_x, target_vars=dict(x=(-2., 2.)), resolutions=0.01); plane.plot_fixed_point()
"""
from .._names import absent as _absent
from . import stability  # noqa: F401
from .bifurcation import Bifurcation1D, Bifurcation2D, FastSlow1D, FastSlow2D  # noqa: F401
from .phase_plane import PhasePlane1D, PhasePlane2D  # noqa: F401

CONTINUOUS, DISCRETE = "continuous", "discrete"
__getattr__ = _absent(__name__, "bp.analysis", {"SlowPointFinder": "PhasePlane1D and PhasePlane2D find the fixed points of one and two variables"})
