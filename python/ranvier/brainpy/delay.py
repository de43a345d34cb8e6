"""What was some steps ago: rings of past values.

    d = bp.VarDelay(group.spike, entries={"slow": 2.}); d.at("slow"); d.update()
"""
import math

import numpy as np

from . import math as bm
from ._array import Array, Variable
from ._delay_register import delay_identifier  # noqa: F401
from ._object import BrainPyObject
from ._parameters import variable_
from ._share import share
from ._system import DynamicalSystem
from .math.environment import get_dt
from .mixin import ParamDesc, ReturnInfo

ROTATE_UPDATE, CONCAT_UPDATE = "rotation", "concat"


def _fill(data, first, initial):
    """Initial values of the rows from `first` on: a number, an array, or a function of (shape, dtype)."""
    if initial is None:
        return
    rows = data.shape[0] - first
    if callable(initial) and not isinstance(initial, Array):
        initial = initial((rows,) + tuple(data.shape[1:]), dtype=data.dtype)
    if not isinstance(initial, (bool, int, float, np.ndarray, np.generic, Array)):
        raise ValueError(f"initial values of a delay are a number, an array or a function of (shape, dtype), not a {type(initial).__name__}")
    data[first:] = initial


class LengthDelay(BrainPyObject):
    """The last `delay_len` values of a target and the present one; delay(k): k steps ago, delay(k, index): a part of it, k one or many."""

    def __init__(self, delay_target, delay_len, initial_delay_data=None, name=None, batch_axis=None, update_method=ROTATE_UPDATE):
        super().__init__(name=name)
        if update_method not in (ROTATE_UPDATE, CONCAT_UPDATE):
            raise ValueError(f"update_method is {ROTATE_UPDATE!r} or {CONCAT_UPDATE!r}, not {update_method!r}")
        self.update_method, self.data, self.num_delay_step, self.idx = update_method, None, 0, None
        self.delay_target = delay_target if isinstance(delay_target, Variable) else None
        self.reset(delay_target, delay_len, initial_delay_data, batch_axis)

    delay_shape = property(lambda self: self.data.shape)
    delay_target_shape = property(lambda self: self.data.shape[1:])

    def reset(self, delay_target, delay_len=None, initial_delay_data=None, batch_axis=None):
        if delay_len is None:
            delay_len = self.num_delay_step - 1
        if delay_len < 0:
            raise ValueError(f"a delay of {delay_len} steps")
        target = delay_target if isinstance(delay_target, Variable) else Array(delay_target)
        axis = getattr(delay_target, "batch_axis", None) if batch_axis is None else batch_axis - 1
        data = Variable(np.zeros((delay_len + 1,) + tuple(target.shape), target.dtype), batch_axis=None if axis is None else axis + 1)
        data[0] = target
        _fill(data, 1, initial_delay_data)
        if self.data is None or self.num_delay_step != delay_len + 1:
            self.setattr("data", data)
        else:
            self.data.value = data.value
        self.num_delay_step = delay_len + 1
        if self.idx is None:
            self.idx = Variable(bm.zeros(1, dtype=bm.int_))
        else:
            self.idx.value = bm.zeros(1, dtype=self.idx.dtype)

    def retrieve(self, delay_len, *indices):
        steps = np.asarray(delay_len) if not isinstance(delay_len, Array) or isinstance(delay_len.value, np.ndarray) else None
        if steps is not None and steps.size and (steps.min() < 0 or steps.max() >= self.num_delay_step):
            raise ValueError(f"a delay of {steps.max()} steps of at most {self.num_delay_step - 1}")
        if self.update_method == CONCAT_UPDATE:
            return self.data[(delay_len,) + indices]
        return self.data[((self.idx[0] + delay_len) % self.num_delay_step,) + indices]

    __call__ = retrieve

    def update(self, value=None):
        if value is None:
            if self.delay_target is None:
                raise ValueError("this delay has no Variable of its own: give the value")
            value = self.delay_target.value
        if self.update_method == ROTATE_UPDATE:
            self.idx.value = (self.idx - 1) % self.num_delay_step
            self.data[self.idx[0]] = value
        elif self.num_delay_step > 1:
            self.data[1:] = self.data[:-1]
            self.data[0] = value
        else:
            self.data[0] = value


class NeuLenDelay(LengthDelay):
    """LengthDelay under its older name."""


class Delay(DynamicalSystem, ParamDesc):
    """Base of delays with named entries."""

    def __init__(self, time=None, init=None, method=None, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        self.method = method or ROTATE_UPDATE
        if self.method not in (ROTATE_UPDATE, CONCAT_UPDATE):
            raise ValueError(f"the method is {ROTATE_UPDATE!r} or {CONCAT_UPDATE!r}, not {method!r}")
        if time is not None and not isinstance(time, (int, float)):
            raise TypeError(f"a delay's time is a number of ms, not a {type(time).__name__}")
        self.max_time = 0. if time is None else time
        self.max_length = int(self.max_time / get_dt())
        self._init, self._registered_entries, self.data = init, {}, None


class VarDelay(Delay):
    """The past of a Variable. An entry of `d` ms is ceil(d/dt) steps behind; update() takes the present value in, once a step."""
    not_desc_params = ("time", "entries", "name")

    def __init__(self, target, time=None, init=None, entries=None, method=None, name=None, mode=None):
        super().__init__(time=time, init=init, method=method, name=name, mode=mode)
        if not isinstance(target, Variable):
            raise ValueError(f"a Variable can be delayed, not a {type(target).__name__}")
        self.target = target
        if self.max_length > 0:
            self._init_data(self.max_length)
        for entry, time in (entries or {}).items():
            self.register_entry(entry, time)

    def register_entry(self, entry, delay_time):
        if entry in self._registered_entries:
            raise KeyError(f"the entry {entry!r} is there already")
        steps = None
        if delay_time is not None:
            if np.ndim(delay_time) or not float(delay_time) >= 0:
                raise ValueError(f"an entry's delay is a number of ms, 0 or more, not {delay_time!r}")
            delay_time = float(delay_time)
            steps = math.ceil(delay_time / get_dt())
            if self.max_length < steps:
                self._init_data(steps)
                self.max_length, self.max_time = steps, delay_time
        self._registered_entries[entry] = steps
        return self

    def at(self, entry, *indices):
        """The value of an entry; with indices a part of it."""
        if entry not in self._registered_entries:
            raise KeyError(f"no entry {entry!r}; there are {', '.join(map(repr, self._registered_entries)) or 'none'}")
        steps = self._registered_entries[entry]
        if not steps:
            return self.target[indices] if indices else self.target.value
        return self.retrieve(steps, *indices)

    def retrieve(self, delay_step, *indices):
        if self.data is None:
            raise ValueError("this delay holds no past: give it a time, or register an entry")
        if np.ndim(delay_step) == 0 and isinstance(delay_step, (int, np.integer)) and delay_step > self.max_length:
            raise ValueError(f"a delay of {delay_step} steps of at most {self.max_length}")
        if self.method == ROTATE_UPDATE:
            return self.data[((delay_step - Array(share.load("i")) - 1) % self.max_length,) + indices]
        return self.data[(delay_step - 1,) + indices]

    def update(self, latest_value=None):
        if self.data is None:
            return
        value = self.target.value if latest_value is None else latest_value
        if self.method == ROTATE_UPDATE:
            self.data[(-Array(share.load("i")) - 1) % self.max_length] = value
        else:
            if self.max_length > 1:
                self.data[1:] = self.data[:-1]
            self.data[0] = value

    def _init_data(self, length, batch_size=None):
        axis = None if self.target.batch_axis is None else self.target.batch_axis + 1
        data = Variable(np.zeros((length,) + tuple(self.target.shape), self.target.dtype), batch_axis=axis)
        _fill(data, 0, self._init)
        if self.data is not None and len(self.data) == length:
            self.data.value = data.value
        else:
            self.setattr("data", data)

    def reset_state(self, *args, **keywords):
        if self.data is not None:
            self._init_data(self.max_length)
        for node in list(self.before_updates.values()) + list(self.after_updates.values()):
            node.reset_state(*args, **keywords)


class DataDelay(VarDelay):
    """The past of values that are given to update(value)."""

    def __init__(self, data, data_init, time=None, init=None, entries=None, method=None, name=None, mode=None):
        self.target_init = data_init
        super().__init__(data, time=time, init=init, entries=entries, method=method, name=name, mode=mode)

    def reset_state(self, *args, **keywords):
        self.target.value = variable_(self.target_init, self.target.size_without_batch, self.target.batch_size).value
        if self.data is not None:
            self._init_data(self.max_length)

    def update(self, latest_value):
        self.target.value = latest_value
        super().update(latest_value)


class DelayAccess(DynamicalSystem):
    """One entry of a delay, as a system that gives it."""

    def __init__(self, delay, time, *indices):
        super().__init__(mode=delay.mode)
        self.delay, self.indices = delay, indices
        delay.register_entry(self.name, time)

    def update(self):
        return self.delay.at(self.name, *self.indices)

    def reset_state(self, *args, **keywords):
        pass


def init_delay_by_return(info):
    """The delay of what a system says that it gives."""
    if isinstance(info, Variable):
        return VarDelay(info)
    if not isinstance(info, ReturnInfo):
        raise TypeError(f"return_info() gives a Variable or a ReturnInfo, not a {type(info).__name__}")
    data = info.data if info.data is not None else bm.zeros
    return DataDelay(variable_(data, info.size, info.batch_or_mode), data)
