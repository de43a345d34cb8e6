"""`bp.inputs`: currents as arrays of one value a step.

    I, duration = bp.inputs.constant_input([(0., 100.), (5., 200.)], dt=0.1)      # [ms]

As BrainPy, a part of a duration has int(duration / dt) steps, the whole ceil(duration / dt).
"""
import math

import numpy as np

from ._array import Array, unwrap
from ._graph import dtype_of, lift
from ._names import absent as _absent
from .initialize.base import generator as _generator
from .math.environment import get_dt as _get_dt


def _dt(dt):
    dt = _get_dt() if dt is None else float(dt)
    if not dt > 0:
        raise ValueError(f"the time step must be positive, not {dt}")
    return dt


def _sections(values, durations, dt):
    values = [np.asarray(lift(unwrap(v))) for v in values]
    shape = max((v.shape for v in values), key=len, default=())
    out, start = np.zeros((math.ceil(sum(durations) / dt),) + shape, dtype_of("f")), 0
    for value, duration in zip(values, durations):
        length = int(duration / dt)
        out[start:start + length] = value
        start += length
    return Array(out)


def section_input(values, durations, dt=None, return_length=False):
    """values[k] (a number or an array) for durations[k] [ms], one after another; with return_length also the whole duration."""
    if len(values) != len(durations):
        raise ValueError(f"{len(values)} values for {len(durations)} durations")
    current = _sections(values, durations, _dt(dt))
    return (current, sum(durations)) if return_length else current


def constant_input(I_and_duration, dt=None):  # noqa: N803 (BrainPy's name)
    """The same of pairs (value, duration): (current, the whole duration)."""
    pairs = list(I_and_duration)
    return _sections([p[0] for p in pairs], [p[1] for p in pairs], _dt(dt)), sum((p[1] for p in pairs), 0.)


def spike_input(sp_times, sp_lens, sp_sizes, duration, dt=None):
    """Pulses: at sp_times [ms] for sp_lens [ms] of sp_sizes (one or one each), 0 elsewhere."""
    dt = _dt(dt)
    lens, heights = ([x] * len(sp_times) if np.ndim(x) == 0 else list(x) for x in (sp_lens, sp_sizes))
    if not len(lens) == len(heights) == len(sp_times):
        raise ValueError(f"{len(sp_times)} pulses want as many lengths and sizes, not {len(lens)} and {len(heights)}")
    out = np.zeros(math.ceil(duration / dt), dtype_of("f"))
    for time, length, height in zip(sp_times, lens, heights):
        out[int(time / dt):int(time / dt) + int(length / dt)] = height
    return Array(out)


def ramp_input(c_start, c_end, duration, t_start=0, t_end=None, dt=None):
    """From c_start to c_end between t_start and t_end (the duration by default) [ms], 0 elsewhere."""
    dt = _dt(dt)
    first, last = math.ceil(t_start / dt), math.ceil((duration if t_end is None else t_end) / dt)
    out = np.zeros(math.ceil(duration / dt), dtype_of("f"))
    out[first:last] = np.linspace(c_start, c_end, last - first)
    return Array(out)


def _window(duration, dt, t_start, t_end):
    return int(t_start / dt), int((duration if t_end is None else t_end) / dt), int(duration / dt)


def wiener_process(duration, dt=None, n=1, t_start=0., t_end=None, seed=None):
    """Independent increments N(0, dt) between t_start and t_end, 0 elsewhere: (steps, n)."""
    dt = _dt(dt)
    first, last, steps = _window(duration, dt, t_start, t_end)
    out = np.zeros((steps, n), dtype_of("f"))
    out[first:last] = np.asarray(_generator(seed).standard_normal((last - first, n))) * math.sqrt(dt)
    return Array(out)


def ou_process(mean, sigma, tau, duration, dt=None, n=1, t_start=0., t_end=None, seed=None):
    """Ornstein and Uhlenbeck's process dx = (mean - x)/tau dt + sigma dW by Euler's method, begun at the mean: (steps, n)."""
    dt = _dt(dt)
    first, last, steps = _window(duration, dt, t_start, t_end)
    noise = np.asarray(_generator(seed).standard_normal((last - first, n)), np.float64) * (sigma * math.sqrt(dt))
    out, x = np.zeros((steps, n), dtype_of("f")), np.full(n, mean, np.float64)
    for k in range(last - first):
        x = x + dt * ((mean - x) / tau) + noise[k]
        out[first + k] = x
    return Array(out)


def _periodic(wave, amplitude, frequency, duration, dt, t_start, t_end, bias):
    dt = _dt(dt)
    t_end = duration if t_end is None else t_end
    first, last, steps = _window(duration, dt, t_start, t_end)
    out = np.zeros(steps, dtype_of("f"))
    values = amplitude * wave(2 * math.pi * np.arange(0, t_end - t_start, dt)[:last - first] * (frequency / 1000.)) + (amplitude if bias else 0.)
    out[first:first + values.size] = values
    return Array(out)


def sinusoidal_input(amplitude, frequency, duration, dt=None, t_start=0., t_end=None, bias=False):
    """A sine of a frequency [Hz] from t_start to t_end [ms], 0 elsewhere; bias: raised by the amplitude."""
    return _periodic(np.sin, amplitude, frequency, duration, dt, t_start, t_end, bias)


def square_input(amplitude, frequency, duration, dt=None, bias=False, t_start=0., t_end=None):
    """A square wave, the amplitude and minus it by turns, of a frequency [Hz]; bias: raised by the amplitude."""
    return _periodic(lambda phase: np.where(np.mod(phase, 2 * math.pi) < math.pi, 1., -1.), amplitude, frequency, duration, dt, t_start, t_end, bias)


__getattr__ = _absent(__name__, "bp.inputs")
