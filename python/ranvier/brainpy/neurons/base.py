"""What neurons of BrainPy's old interface have besides their equations: the Variable `input`, and noise."""
from typing import Any

from .. import math as bm
from .._parameters import noise as noise_function


class Noisy:
    """noise: the size of a Wiener noise on the first state (a number or an array), or a function that gives one a state."""
    _extra: dict[str, Any] = {"noise": None}

    def _more(self, given):
        super()._more(given)
        self.noise = noise_function(given["noise"], self.varshape, num_vars=len(self._states), noise_idx=0)

    def _integrator(self):
        if self.noise is None:
            return super()._integrator()
        from ..integrators import sdeint
        return sdeint(f=self.derivative, g=self.noise, method=self.method)


class WithInput(Noisy):
    """update(x) adds x to `input` and makes a step with it; clear_input() empties it (a runner does so after each step).

    input_var=False: there is no `input`, x is all. noise: the size of a Wiener noise on V (a number or an array), or a function."""
    _extra = {"input_var": True, "noise": None}

    def _more(self, given):
        super()._more(given)
        self.input_var = given["input_var"]
        if given.get("spike_fun") is not None:
            self.spk_fun = given["spike_fun"]

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self.input_var:
            self.input = self.init_variable(bm.zeros, batch_size)

    def _all_input(self, x):
        if not self.input_var:
            return 0. if x is None else x
        if x is not None:
            self.input += x
        return self.input.value

    def update(self, x=None):
        return super().update(self._all_input(x))

    def clear_input(self, *args, **keywords):
        if self.input_var:
            self.input.value = bm.zeros_like(self.input)
