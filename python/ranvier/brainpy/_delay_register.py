"""Delays of a system: register_delay() and get_delay_data() of BrainPy's older programs, register_delay_at() of newer ones.

    step = self.register_delay("pre.spike", 10, pre.spike); x = self.get_delay_data("pre.spike", step)
"""
import numpy as np

from ._array import Array, Variable
from ._parameters import parameter

delay_identifier = "_*_delay_*_"


class _Registry(dict):
    """name -> (delay or None, its Variable): what get_delay_data() finds from any system."""


global_delay_data = _Registry()


def _delay_steps(delay_step, target):
    """(steps, longest) from None, a whole number, an array of whole numbers or a function of the shape."""
    if delay_step is None:
        return None, None
    if callable(delay_step) and not isinstance(delay_step, Array):
        delay_step = parameter(delay_step, target.shape, allow_none=False)
    steps = np.asarray(delay_step)
    if steps.dtype.kind not in "iu":
        raise ValueError(f"delays are whole numbers of steps, not {steps.dtype}: divide the time by bm.get_dt() and round")
    if steps.size and steps.min() < 0:
        raise ValueError(f"a delay of {steps.min()} steps")
    if steps.ndim == 0:
        return int(steps), int(steps)
    if steps.shape[0] != target.shape[0]:
        raise ValueError(f"{steps.shape[0]} delays for {target.shape[0]} elements")
    return Array(steps), int(steps.max())


class DelayRegister:
    """The part of a DynamicalSystem that has to do with delays."""

    def register_delay_at(self, name, delay=None):
        """An entry `name` of this system's own delay, `delay` ms behind."""
        self._own_delay().register_entry(name, delay)

    def _own_delay(self):
        from .delay import init_delay_by_return
        if not self.has_aft_update(delay_identifier):
            self.add_aft_update(delay_identifier, init_delay_by_return(self.return_info()))
        return self.get_aft_update(delay_identifier)

    def get_delay_at(self, name):
        return self.get_aft_update(delay_identifier).at(name)

    def register_delay(self, identifier, delay_step, delay_target, initial_delay_data=None):
        """A delay of a Variable under a name that all systems know; the longest registered one is kept. Gives the steps back."""
        from .delay import LengthDelay
        steps, longest = _delay_steps(delay_step, delay_target)
        known = global_delay_data.get(identifier, (None, None))[0]
        if steps is None:
            global_delay_data.setdefault(identifier, (None, delay_target))
            return None
        if not isinstance(delay_target, Variable):
            raise ValueError(f"a Variable can be delayed, not a {type(delay_target).__name__}")
        if known is None:
            delay = LengthDelay(delay_target, longest, initial_delay_data)
            global_delay_data[identifier] = (delay, delay_target)
            self.local_delay_vars[identifier] = delay
        elif known.num_delay_step - 1 < longest:
            known.reset(delay_target, longest, initial_delay_data)
        return steps

    def get_delay_data(self, identifier, delay_step, *indices):
        """What the Variable was `delay_step` steps ago (one number for all, or one an element)."""
        if identifier not in global_delay_data:
            raise ValueError(f"no delay {identifier!r} is registered; there are {', '.join(map(repr, global_delay_data)) or 'none'}")
        delay, target = global_delay_data[identifier]
        if delay_step is None:
            return target.value
        if np.ndim(delay_step) and not indices:
            indices = (np.arange(np.size(delay_step)),)
        return delay(delay_step, *indices)

    def get_delay_var(self, name):
        return global_delay_data[name]

    def _delays_of(self, nodes):
        if nodes is None:
            nodes = self._systems_below()
        nodes = nodes.values() if isinstance(nodes, dict) else nodes if isinstance(nodes, (list, tuple)) else [nodes]
        return [global_delay_data[name] for node in nodes for name in node.local_delay_vars]

    def update_local_delays(self, nodes=None):
        """Takes the present values into the delays that these systems (default: those directly below) registered."""
        for delay, target in self._delays_of(nodes):
            delay.update(target.value)

    def reset_local_delays(self, nodes=None):
        for delay, target in self._delays_of(nodes):
            delay.reset(target.value)
