"""Values of the past by time: `bm.TimeDelay`, for delayed differential equations.

    d = bm.TimeDelay(x, 10., before_t0=0.5, dt=0.1); d(t - 2.5); d.update(x)

It keeps ceil(delay_len / dt) + 1 values at distances of dt, the latest being of `current_time`.
"""
import math

import numpy as np

from .._array import Array, Variable, unwrap
from .._errors import UnsupportedError
from .._graph import broadcast_to, cast, dtype_of, is_sym, kind_of, lift
from .._object import BrainPyObject
from .elementwise import floor, round as _round, where
from .environment import get_dt

__all__ = ["TimeDelay", "NeuTimeDelay"]


class TimeDelay(BrainPyObject):
    """delay_target: the present value; delay_len, dt, t0: [ms]; before_t0: a number, an array, or a function of the time that gives
    what was before t0 (0 by default); interp_method: "linear_interp" or "round" between the kept values.

    A time after the present one, or before the kept ones, raises ValueError where it is known (not traced)."""

    def __init__(self, delay_target, delay_len, before_t0=None, t0=0., dt=None, name=None, interp_method="linear_interp"):
        if interp_method not in ("linear_interp", "round"):
            raise UnsupportedError(f"the interpolation {interp_method!r}", "use 'linear_interp' or 'round'")
        self.dt = get_dt() if dt is None else float(dt)
        super().__init__(name=name)
        self.interp_method, self.t0 = interp_method, float(t0)
        self._before = before_t0 if callable(before_t0) and not isinstance(before_t0, Array) else None
        self._set_length(delay_len)
        target = lift(unwrap(delay_target))
        axis = getattr(delay_target, "batch_axis", None)
        data = self._initial(target, None if self._before else before_t0)
        self.data = Variable(data, batch_axis=None if axis is None else axis + 1)
        self.idx = Variable(np.zeros(1, dtype_of("i")))
        self.current_time = Variable(np.full(1, self.t0, dtype_of("f")))

    def _set_length(self, delay_len):
        if not float(delay_len) >= 0. or not math.isfinite(delay_len):
            raise ValueError(f"delay_len must be a finite time that is not negative, not {delay_len}")
        self.delay_len = float(delay_len)
        self.num_delay_step = math.ceil(self.delay_len / self.dt - 1e-6) + 1

    def _initial(self, target, before):
        data = np.zeros((self.num_delay_step,) + tuple(target.shape), target.dtype)
        if before is not None:
            data[:-1] = np.asarray(before)
        data[-1] = target
        return data

    def reset(self, delay_target, delay_len=None, t0=0., before_t0=None):
        """Starts anew at t0 with the target's value; another length makes other Variables."""
        self._set_length(self.delay_len if delay_len is None else delay_len)
        self.t0 = float(t0)
        if before_t0 is not None:
            self._before = before_t0 if callable(before_t0) and not isinstance(before_t0, Array) else None
        data = self._initial(lift(unwrap(delay_target)), None if self._before else before_t0)
        if data.shape == self.data.shape:
            self.data.value, self.idx.value = data, np.zeros(1, self.idx.dtype)
            self.current_time.value = np.full(1, self.t0, self.current_time.dtype)
        else:
            for name, value in (("data", data), ("idx", np.zeros(1, dtype_of("i"))), ("current_time", np.full(1, self.t0, dtype_of("f")))):
                self.setattr(name, Variable(value))

    def _check(self, time):
        now = float(np.asarray(self.current_time)[0])
        slack = 1e-6 + 1e-6 * abs(now)
        if np.any(time > now + slack):
            raise ValueError(f"the time {np.max(time)} is after the present one, {now}")
        if np.any(time < now - self.delay_len - self.dt - slack):
            raise ValueError(f"the time {np.min(time)} is before the kept ones, which begin at {now - self.delay_len}; make the delay longer")

    def __call__(self, time, indices=None):
        time = Array(time)
        if time.size != 1:
            raise ValueError(f"a TimeDelay is asked for one time, not for {time.shape}; index the result for parts")
        time = time.reshape(())
        if not is_sym(time.value) and not is_sym(self.current_time.value):
            self._check(time.value)
        out = self._kept(time)
        if self._before is not None:
            past = Array(broadcast_to(lift(unwrap(self._before(time))), self.data.shape[1:]))
            out = where(time < self.t0, past, out)
        if self.data.dtype != out.dtype:
            out = Array(cast(out.value, kind_of(self.data.dtype)))
        return out if indices is None else out[indices]

    def _kept(self, time):
        steps = (self.num_delay_step - 1) - (self.current_time[0] - time) / self.dt
        steps = where(steps < 0., 0., where(steps > self.num_delay_step - 1., self.num_delay_step - 1., steps))
        whole = _round(steps) if self.interp_method == "round" else floor(steps)
        first = self._row(whole)
        if self.interp_method == "round":
            return first
        rest = steps - whole
        second = self._row(where(whole < self.num_delay_step - 1., whole + 1., whole))
        return where(rest == 0., first, first + (second - first) * rest)

    def _row(self, number):
        return self.data[(self.idx[0] + Array(cast(number.value, "i"))) % self.num_delay_step]

    def update(self, value):
        """The value of one dt later."""
        self.data[self.idx[0]] = value
        self.current_time += self.dt
        self.idx.value = (self.idx + 1) % self.num_delay_step


class NeuTimeDelay(TimeDelay):
    """Keeps derivatives, for neutral delayed equations."""
