"""What neurons have in common: from a table of parameters and equations to a step of integration, threshold and reset.

    class LifLTC(SpikingNeuron):
        _parameters = {"V_rest": 0., ..., "tau": 10.}
        def derivative(self, V, t, I): ...
"""
from functools import partial
from typing import Any

from ... import math as bm
from ..._array import Array
from ..._share import share
from ..._tables import FromTable, initial_value
from ...integrators import odeint
from ..base import NeuDyn


RESET_FIRST = "sharding keep_size mode spk_fun spk_type spk_reset detach_spk"  # the order that some of BrainPy's neurons have


class GradNeuDyn(NeuDyn):
    """Neurons whose spikes can be numbers.

    spk_type: the type of `spike` (bool; a float type in training mode). In training mode spk_fun(V - V_th) is the spike, and the reset
    is soft (V -= (V_th - V_reset) spike) or hard."""

    def __init__(self, size, sharding=None, keep_size=False, mode=None, name=None, method="exp_auto", spk_fun=None, spk_type=None,
                 spk_reset="soft", detach_spk=False):
        super().__init__(size, keep_size=keep_size, sharding=sharding, name=name, mode=mode, method=method)
        if spk_reset not in ("soft", "hard"):
            raise ValueError(f"spk_reset is 'soft' or 'hard', not {spk_reset!r}")
        if spk_fun is not None and not callable(spk_fun):
            raise ValueError(f"spk_fun is a function of V - V_th, not {spk_fun!r}")
        self.spk_fun, self.spk_reset, self.detach_spk = spk_fun, spk_reset, detach_spk
        self._spk_type = spk_type

    @property
    def spk_type(self):
        if self._spk_type is not None:
            return self._spk_type
        return bm.float_ if isinstance(self.mode, bm.TrainingMode) else bool

    def _fire(self, V, V_th):
        """The spikes: truth values, or numbers in training mode."""
        if isinstance(self.mode, bm.TrainingMode) and self.spk_fun is not None:
            return self.spk_fun(V - V_th)
        return V >= V_th


class TableNeuron(FromTable):
    """Parameters become attributes; Variables start from '<name>_initializer' (`_initial`: default values)."""
    _head = {"sharding": None, "keep_size": False, "mode": None, "name": None, "method": "exp_auto", "init_var": True}
    _states: tuple[str, ...] = ("V",)
    _initial: dict[str, Any] = {"V": 0.}
    _inputs_inside = True  # projections are evaluated within the derivative (the variants 'LTC'); else once, before it

    def __init_subclass__(cls, **keywords):
        if "_initial" in cls.__dict__ or "_parameters" in cls.__dict__:
            starts = {cls._starter(state): value for state, value in cls._initial.items()}
            cls._parameters = {**{k: v for k, v in cls._parameters.items() if not k.endswith("_initializer")}, **starts}
        super().__init_subclass__(**keywords)

    @staticmethod
    def _starter(state):
        return state.replace("_", "") + "_initializer"

    def _read_parameters(self, given):
        starters = {self._starter(state): state for state in self._initial}
        for name in self._parameters:
            if name in starters:
                object.__setattr__(self, f"_{name}", initial_value(given[name]))
            else:
                setattr(self, name, self.init_param(given[name]))

    def _more(self, given):
        """Parameters of a variant."""

    def _integrator(self):
        return odeint(self.derivative, method=self.method)

    def _make_states(self, batch_size):
        """Each Variable from its initial value; where that is None, from the method '<name>_inf' at the initial V."""
        for state in self._initial:
            start = getattr(self, f"_{self._starter(state)}")
            if start is None:
                start = Array(getattr(self, f"{state}_inf")(self.V.value))
                setattr(self, state, bm.Variable(start, batch_axis=self.V.batch_axis))
            else:
                setattr(self, state, self.init_variable(start, batch_size))

    def _integrate(self, x):
        """The states after this step, by name."""
        x = 0. if x is None else x
        if not self._inputs_inside:
            x = self.sum_inputs(self.V.value, init=x)
        new = self.integral(*[getattr(self, s).value for s in self._states], share.load("t"), x, dt=share.load("dt"))
        return dict(zip(self._states, new if isinstance(new, (tuple, list)) else (new,)))

    def _drive(self, V, I):
        """The current inside of the derivative."""
        return self.sum_inputs(V, init=I) if self._inputs_inside else I

    def return_info(self):
        return self.spike


class SpikingNeuron(TableNeuron, GradNeuDyn):
    """Integrate, compare with the threshold, reset: integrate-and-fire neurons of all kinds."""
    _head = {"sharding": None, "keep_size": False, "mode": None, "name": None, "spk_fun": None, "spk_type": None, "spk_reset": "soft",
            "detach_spk": False, "method": "exp_auto", "init_var": True}
    _base = ("size", "sharding", "keep_size", "mode", "name", "method", "spk_fun", "spk_type", "spk_reset", "detach_spk")

    def __init__(self, *args, **keywords):
        given = self.read(args, keywords)
        GradNeuDyn.__init__(self, **{name: given[name] for name in self._base})
        self._read_parameters(given)
        self._more(given)
        self.integral = self._integrator()
        if given["init_var"]:
            self.reset_state(self.mode)

    def reset_state(self, batch_size=None):
        self._make_states(batch_size)
        self.spike = self.init_variable(partial(bm.zeros, dtype=self.spk_type), batch_size)

    def update(self, x=None):
        new = self._integrate(x)
        held = self._refractory()
        if held is not None:
            new["V"] = bm.where(held, self.V.value, new["V"])
        spike = self._fire(new["V"], self.V_th)
        fired = spike > 0. if isinstance(self.mode, bm.TrainingMode) else spike
        self._reset(spike, fired, new)
        for state, value in new.items():
            getattr(self, state).value = value
        self.spike.value = spike if spike.dtype == self.spike.dtype else spike.astype(self.spike.dtype)
        self._spiked(held, fired)
        return self.spike.value

    def _reset(self, spike, fired, new):
        """What a spike changes in the new states; here: V goes to V_reset."""
        if isinstance(self.mode, bm.TrainingMode) and self.spk_reset == "soft":
            new["V"] = new["V"] - (self.V_th - self.V_reset) * spike
        else:
            new["V"] = bm.where(fired, self.V_reset, new["V"])

    def _refractory(self):
        return None

    def _spiked(self, held, fired):
        """Called at the end of a step."""


class Refractory:
    """For `tau_ref` ms after a spike V stays where it is. `ref_var`: a Variable `refractory` tells who is so."""
    _head = {"sharding": None, "keep_size": False, "mode": None, "spk_fun": None, "spk_type": None, "detach_spk": False,
            "spk_reset": "soft", "method": "exp_auto", "name": None, "init_var": True}
    _tail = {"tau_ref": 0., "ref_var": False}
    _never = -1e7  # the time of the last spike of a neuron without any [ms]

    def _more(self, given):
        super()._more(given)
        self.tau_ref, self.ref_var = self.init_param(given["tau_ref"]), given["ref_var"]

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        self.t_last_spike = self.init_variable(initial_value(self._never), batch_size)
        if self.ref_var:
            self.refractory = self.init_variable(partial(bm.zeros, dtype=bool), batch_size)

    def _refractory(self):
        return share.load("t") - self.t_last_spike <= self.tau_ref

    def _spiked(self, held, fired):
        if self.ref_var:
            self.refractory.value = bm.logical_or(held, fired)
        self.t_last_spike.value = bm.where(fired, share.load("t"), self.t_last_spike.value)
