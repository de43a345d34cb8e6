"""A local field potential from point neurons: the weighted sum of synaptic currents.

    lfp = lfp_proxy(i_exc, i_inh, dt=0.1)      # currents summed (or per neuron, (T, n)) onto excitatory neurons
"""
import numpy as np

from ._spikes import number
from .spectra import _signal


def lfp_proxy(excitatory, inhibitory, *, dt, delay_exc=6.0, delay_inh=0.0, alpha=1.65, normalise=True):
    """Reference weighted sum: sum of I_exc(t - delay_exc) - alpha * sum of I_inh(t - delay_inh), over neurons.

    Mazzoni, Linden, Cuntz, Lansner, Panzeri and Einevoll 2015, PLoS Comput. Biol. 11, e1004584: 6 ms, 0 ms, alpha = 1.65, for
    currents onto pyramidal cells. Signs as currents have in the membrane equation: excitatory (inward) positive, inhibitory negative.
    excitatory, inhibitory: (T,) or (T, n), in one unit, sampled every `dt` ms; delays in ms, rounded to whole samples.
    Returns (T,): the first max(delay) ms, of which the past is not known, are NaN; normalise: mean 0 and variance 1 (over the rest).
    """
    e, i = _signal(excitatory, "excitatory"), _signal(inhibitory, "inhibitory")
    e, i = (x.sum(1) if x.ndim == 2 else x for x in (e, i))
    if len(e) != len(i):
        raise ValueError(f"excitatory has {len(e)} times, inhibitory {len(i)}: they must be recorded together")
    dt = number(dt, "dt")
    shifts = []
    for delay, name in ((delay_exc, "delay_exc"), (delay_inh, "delay_inh")):
        value = number(delay, name, positive=False)
        if value < 0:
            raise ValueError(f"{name} must not be negative, it is {value:g} ms")
        shifts.append(int(round(value / dt)))
    first = max(shifts)
    if first >= len(e):
        raise ValueError(f"{len(e)} samples of {dt:g} ms are shorter than the delay")
    result = np.full(len(e), np.nan)
    later = np.arange(first, len(e))
    # The sum has the sign convention of the paper: both currents enlarge it when inhibition is negative.
    value = e[later - shifts[0]] - number(alpha, "alpha", positive=False) * i[later - shifts[1]]
    if normalise:
        value = value - value.mean()
        spread = value.std()
        value = value / spread if spread > 0 else value
    result[later] = value
    return result
