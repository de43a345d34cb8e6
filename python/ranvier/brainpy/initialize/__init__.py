"""`bp.init`: initial values and weights as functions of the shape; parameters and Variables from what users give.

    V = bp.init.Normal(-65., 5.)((100,)); w = bp.init.XavierNormal(seed=1)((100, 50))
"""
from .._names import absent as _absent
from .._parameters import noise, parameter, variable, variable_  # noqa: F401
from .base import Initializer  # noqa: F401
from .decay import DOGDecay, GaussianDecay  # noqa: F401
from .random import (DeltaOrthogonal, Exponential, Gamma, KaimingNormal, KaimingUniform, LecunNormal, LecunUniform, Normal,  # noqa: F401
                     Orthogonal, Uniform, VarianceScaling, XavierNormal, XavierUniform)
from .regular import Clip, Constant, Identity, OneInit, ZeroInit  # noqa: F401


def delay(delay_step, delay_target, delay_data=None):
    """(kind, steps, delay): kind is 'none', 'homo' (one number of steps) or 'heter' (one an element); the delay a bm.LengthDelay or None."""
    import numpy as np

    from ..delay import LengthDelay
    if delay_step is None:
        return "none", None, None
    if isinstance(delay_step, (int, np.integer)):
        return "homo", delay_step, LengthDelay(delay_target, int(delay_step), initial_delay_data=delay_data)
    steps = parameter(delay_step, tuple(delay_target.shape), allow_none=False)
    if np.asarray(steps).dtype.kind not in "iu":
        raise ValueError("delays are whole numbers of steps: divide the time by bm.get_dt() and round")
    return "heter", steps, LengthDelay(delay_target, int(np.asarray(steps).max()), initial_delay_data=delay_data)


__getattr__ = _absent(__name__, "bp.init")
