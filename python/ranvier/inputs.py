"""What comes from outside as numbers: values over time, lists of spikes, and builders of the usual waveforms.

    step = section([0 * pA, 200 * pA, 0 * pA], [50 * ms, 100 * ms, 50 * ms], dt=0.1 * ms)
    cell = Model("cell", equations="dV/dt = (El - V + R*I_ext(t))/tau : volt", arrays={"I_ext": step}, ...)
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _border, _core
from ._errors import unit_error, user_error
from .units import Quantity, Unit, _scaled, _simple

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TimeArray", "SpikeTrain", "section", "constant", "step", "ramp", "sinusoid", "square", "pulses", "wiener_noise", "ou_noise",
           "pulse_packets"]


class _OfCore:
    """What functions of the core give back, by _made()."""

    __slots__ = ("_core",)
    _core: Any

    @classmethod
    def _made(cls, core):
        self = object.__new__(cls)
        self._core = core
        return self


class TimeArray(_OfCore):
    """Values at times 0, dt, 2 dt, ...: (T,) for all neurons, or (T, n), one for each. In a step from t to t + h the value at its middle
    acts. linear: between the values, else each counts for its dt.
    """

    __slots__ = ()

    def __init__(self, values, dt, linear=False):
        import numpy as np
        numbers, unit = _border.array(values, "values over time")
        if numbers.ndim not in (1, 2) or numbers.size == 0:
            raise user_error("values over time", f"have the shape {numbers.shape}", "give an array of shape (T,) or (T, n)")
        if not np.isfinite(numbers).all():
            raise user_error("values over time", f"hold {numbers[~np.isfinite(numbers)][0]}", "give finite values")
        rows = numbers.reshape(len(numbers), -1)
        self._core = _core.TimeArray(np.ascontiguousarray(rows), unit, _border.quantity(dt, "dt"), bool(linear))

    @property
    def values(self) -> Any:
        """(T,) or (T, n) in the coherent unit."""
        rows = _scaled(self._core.values, self._core.unit.exponent)
        return _simple(rows[:, 0] if rows.shape[1] == 1 else rows, Unit._of(self._core.unit))

    @property
    def dt(self) -> Quantity:
        return _border.from_core(self._core.dt)

    @property
    def linear(self) -> bool:
        return self._core.linear

    def __repr__(self) -> str:
        shape = self._core.values.shape
        return f"<TimeArray of {shape[0]} rows, {shape[1]} wide, in {Unit._of(self._core.unit)}, every {self.dt}>"

    def __reduce__(self):
        return (TimeArray, (self.values, self.dt, self.linear))


class SpikeTrain(_OfCore):
    """Spikes of a source: ids (S,) and times (S,) with a unit of time, in any order."""

    __slots__ = ()

    def __init__(self, ids, times):
        import numpy as np
        if not isinstance(times, Quantity) or not times.unit.same_dimension("ms"):
            raise unit_error("times of spikes", "must be in ms", "multiply them by ms or second")
        ids, when = np.atleast_1d(np.asarray(ids)), np.atleast_1d(times.to("ms").magnitude)
        if ids.shape != when.shape:
            raise user_error("spikes", f"{ids.size} ids and {when.size} times", "give one time for each id")
        if not (np.isfinite(when) & (when >= 0)).all():
            raise user_error("times of spikes", f"hold {when[~(np.isfinite(when) & (when >= 0))][0]} ms", "give finite times of 0 or more")
        self._core = _core.SpikeTrain(ids, when)

    @property
    def ids(self) -> NDArray[Any]:
        return self._core.ids

    @property
    def times(self) -> Quantity:
        return Quantity(self._core.times_ms, "ms")

    def __len__(self) -> int:
        return len(self._core.ids)

    def __repr__(self) -> str:
        return f"<SpikeTrain of {len(self)} spikes>"

    def __reduce__(self):
        return (SpikeTrain, (self.ids, self.times))


def _made(name, *quantities, numbers=()):
    return TimeArray._made(getattr(_core, name)(*quantities, *numbers))


def _q(**given):
    return [[_border.quantity(each, key) for each in value] if isinstance(value, (list, tuple)) or _border.is_array(value)
            else _border.quantity(value, key) for key, value in given.items()]


def section(values, durations, dt) -> TimeArray:
    """values[i] for durations[i], one after the other. Durations are multiples of dt."""
    return _made("section", *_q(values=values, durations=durations, dt=dt))


def constant(value, duration, dt) -> TimeArray:
    """One value."""
    return _made("constant_input", *_q(value=value, duration=duration, dt=dt))


def step(value, at, duration, dt) -> TimeArray:
    """0 before `at`, `value` from then on."""
    return _made("step_input", *_q(value=value, at=at, duration=duration, dt=dt))


def ramp(first, last, begin, end, duration, dt) -> TimeArray:
    """From `first` at `begin` linearly to `last` at `end`, 0 outside."""
    return _made("ramp", *_q(first=first, last=last, begin=begin, end=end, duration=duration, dt=dt))


def _wave(name, amplitude, frequency, duration, dt, bias, begin, end):
    bias = 0.0 * amplitude if bias is None else bias
    begin = Quantity(0.0, "ms") if begin is None else begin
    return _made(name, *_q(amplitude=amplitude, frequency=frequency, bias=bias, begin=begin, end=duration if end is None else end,
                           duration=duration, dt=dt))


def sinusoid(amplitude, frequency, duration, dt, *, bias=None, begin=None, end=None) -> TimeArray:
    """amplitude sin(2 pi frequency (t - begin)) + bias from `begin` to `end`, 0 outside."""
    return _wave("sinusoid", amplitude, frequency, duration, dt, bias, begin, end)


def square(amplitude, frequency, duration, dt, *, bias=None, begin=None, end=None) -> TimeArray:
    """amplitude + bias, then -amplitude + bias for the other half of each period."""
    return _wave("square", amplitude, frequency, duration, dt, bias, begin, end)


def pulses(times, length, size, duration, dt) -> TimeArray:
    """`size` for `length` from each of the times."""
    return _made("pulses", *_q(times=times, length=length, size=size, duration=duration, dt=dt))


def wiener_noise(sigma, per, duration, dt, *, neurons=1, seed=1, begin=None) -> TimeArray:
    """Independent normal values of deviation sigma sqrt(per/dt), one column a neuron; 0 before `begin`."""
    sigma, per, begin, duration, dt = _q(sigma=sigma, per=per, begin=Quantity(0.0, "ms") if begin is None else begin, duration=duration, dt=dt)
    return TimeArray._made(_core.wiener_noise(sigma, per, _border.count(neurons, "neurons"), _border.seed(seed), begin, duration, dt))


def ou_noise(mean, sigma, tau, duration, dt, *, neurons=1, seed=1, begin=None) -> TimeArray:
    """Ornstein-Uhlenbeck of this mean, stationary deviation and time constant, one column a neuron; 0 before `begin`."""
    mean, sigma, tau, begin, duration, dt = _q(mean=mean, sigma=sigma, tau=tau, begin=Quantity(0.0, "ms") if begin is None else begin,
                                               duration=duration, dt=dt)
    return TimeArray._made(_core.ou_noise(mean, sigma, tau, _border.count(neurons, "neurons"), _border.seed(seed), begin, duration, dt))


def pulse_packets(neurons, centres, spikes, sigma, seed=1) -> SpikeTrain:
    """Around each centre `spikes` spikes of each of `neurons` at normal times of deviation sigma: a SpikeTrain."""
    centres, sigma = _q(centres=centres, sigma=sigma)
    made = _core.pulse_packets(_border.count(neurons, "neurons"), centres, _border.count(spikes, "spikes"), sigma, _border.seed(seed))
    return SpikeTrain._made(made)
