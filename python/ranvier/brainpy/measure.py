"""`bp.measure`: numbers of spike trains, potentials and activities, (steps, elements).

    rate = bp.measure.firing_rate(runner.mon["E.spike"], width=5.)       # [Hz], smoothed over 5 ms
"""
import math

import numpy as np

from ._array import Array
from ._names import absent as _absent
from .math.environment import get_dt as _get_dt


def _given(result, numpy):
    return result if numpy else Array(result)


def _matrix(x, name):
    x = np.asarray(x)
    if x.ndim != 2:
        raise ValueError(f"{name} is a matrix (steps, elements), not an array of {x.ndim} axes")
    return x


def raster_plot(sp_matrix, times):
    """(numbers of the elements, times) of all spikes, in order of time."""
    row, element = np.nonzero(_matrix(sp_matrix, "sp_matrix") > 0)
    return element, np.asarray(times)[row]


def firing_rate(spikes, width, dt=None, numpy=True):
    """The mean rate of the elements [Hz], smoothed by a window of `width` [ms]: one number a step."""
    dt = _get_dt() if dt is None else dt
    window = np.ones(int(width / 2 / dt) * 2 + 1) * 1000 / width
    return _given(np.convolve(np.mean(_matrix(spikes, "spikes"), axis=1), window, mode="same"), numpy)


def cross_correlation(spikes, bin, dt=None, numpy=True, method="loop"):
    """The mean over all pairs of elements of the share of common bins, sum(x y) / sqrt(sum(x) sum(y)); x, y: whether a bin of `bin` [ms] has a
    spike (Wang and Buzsaki 1996). Pairs with a silent element count 0."""
    _method(method)
    spikes = _matrix(spikes, "spikes")
    size = int(bin / (_get_dt() if dt is None else dt))
    if size < 1:
        raise ValueError(f"a bin of {bin} ms is less than one step")
    count = math.ceil(spikes.shape[0] / size)
    padded = np.zeros((count * size, spikes.shape[1]), bool)
    padded[:spikes.shape[0]] = spikes > 0
    states = padded.reshape(count, size, -1).any(axis=1).astype(np.float64)
    common, total = states.T @ states, states.sum(axis=0)
    scale = np.sqrt(np.outer(total, total))
    values = np.where(scale == 0, 0., common / np.where(scale == 0, 1., scale))
    return _given(np.mean(values[np.tril_indices(spikes.shape[1], -1)]), numpy)


def _method(method):
    if method not in ("loop", "vmap"):
        raise ValueError(f"method is 'loop' or 'vmap' (both give the same), not {method!r}")


def voltage_fluctuation(potentials, numpy=True, method="loop"):
    """The variance in time of the mean potential over the mean variance of each (Golomb and Rinzel 1993): 1 if all are the same."""
    _method(method)
    v = np.asarray(_matrix(potentials, "potentials"), np.float64)
    whole, each = np.var(v.mean(axis=1)), np.mean(np.var(v, axis=0))
    return _given(np.asarray(1. if each == 0 else whole / each), numpy)


def matrix_correlation(x, y, numpy=True):
    """The correlation of what is above the diagonals of two matrices."""
    x, y = _matrix(x, "x"), _matrix(y, "y")
    return _given(np.corrcoef(x[np.triu_indices_from(x, 1)], y[np.triu_indices_from(y, 1)])[0, 1], numpy)


def functional_connectivity(activities, numpy=True):
    """The correlations of all pairs of columns; NaN (a constant column) as 0."""
    with np.errstate(all="ignore"):
        return _given(np.nan_to_num(np.corrcoef(_matrix(activities, "activities").T)), numpy)


def weighted_correlation(x, y, w, numpy=True):
    """The correlation of x and y with weights w."""
    x, y, w = (np.asarray(a, np.float64) for a in (x, y, w))
    for a, name in ((x, "x"), (y, "y"), (w, "w")):
        if a.ndim != 1:
            raise ValueError(f"{name} has one axis, not {a.ndim}")

    def covariance(a, b):
        return np.sum(w * (a - np.sum(a * w) / np.sum(w)) * (b - np.sum(b * w) / np.sum(w))) / np.sum(w)
    return _given(covariance(x, y) / np.sqrt(covariance(x, x) * covariance(y, y)), numpy)


_AMPLITUDES = {"soma layer": (0.48, 3.), "deep layer": (-0.16, -0.2), "superficial layer": (0.24, -1.2), "surface layer": (-0.08, 0.3)}


def unitary_LFP(times, spikes, spike_type="exc", xmax=0.2, ymax=0.2, va=200., lambda_=0.2, sig_i=2.1, sig_e=2.1 * 1.5,  # noqa: N802
                location="soma layer", seed=None):
    """A proxy of the local field potential: each spike adds a Gaussian in time (Telenczuk, Telenczuk, Destexhe 2020).

    times (steps,) [ms]; spikes (steps, neurons) of neurons placed uniformly in xmax x ymax [mm]; the electrode in the middle; va: speed of axons
    [mm/s]; lambda_: space constant [mm]; sig_i, sig_e [ms]; location: of the electrode."""
    times, spikes = np.asarray(times, np.float64), _matrix(spikes, "spikes")
    if spike_type not in ("exc", "inh"):
        raise ValueError(f"spike_type is 'exc' or 'inh', not {spike_type!r}")
    if times.shape[0] != spikes.shape[0]:
        raise ValueError(f"{times.shape[0]} times for {spikes.shape[0]} steps of spikes")
    if location not in _AMPLITUDES:
        raise ValueError(f"location is one of {', '.join(_AMPLITUDES)}, not {location!r}")
    from .math import random
    generator = random.RandomState(seed)
    place = np.asarray(generator.rand(2, spikes.shape[1]), np.float64) * np.array([[xmax], [ymax]])
    distance = np.hypot(place[0] - xmax / 2, place[1] - ymax / 2)
    excitatory = spike_type == "exc"
    amplitude = np.exp(-distance / lambda_) * _AMPLITUDES[location][0 if excitatory else 1]
    step, neuron = np.nonzero(spikes)
    arrival, width = times[step] + 10.4 + distance[neuron] / va, 2 * (sig_e if excitatory else sig_i) ** 2
    out = np.zeros(times.size)
    for begin in range(0, step.size, 512):  # spikes at once: their Gaussians at all times fit into the memory
        part = slice(begin, begin + 512)
        out += np.exp(-(times[:, None] - arrival[None, part]) ** 2 / width) @ amplitude[neuron[part]]
    return Array(out)


__getattr__ = _absent(__name__, "bp.measure")
