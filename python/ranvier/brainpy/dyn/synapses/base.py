"""What models of synapses have in common: parameters from a table, states that start at 0."""
from ... import math as bm
from ..._tables import FromTable
from ...integrators import odeint
from ..base import SynDyn


class TableSynapse(FromTable, SynDyn):
    """Parameters become attributes; `_states`: Variables with their initial values; `derivative`: the equations."""
    _head = {"keep_size": False, "sharding": None, "method": "exp_auto", "name": None, "mode": None}
    _states = {"g": 0.}

    def __init__(self, *args, **keywords):
        given = self.read(args, keywords)
        super().__init__(given["size"], keep_size=given["keep_size"], sharding=given["sharding"], name=given["name"], mode=given["mode"],
                         method=given.get("method", "exp_auto"))
        for name in self._parameters:
            setattr(self, name, self.init_param(given[name]))
        if self.derivative is not None:
            self.integral = odeint(self.derivative, method=self.method)
        self.reset_state(self.mode)

    derivative = None

    def reset_state(self, batch_size=None):
        for state, start in self._states.items():
            setattr(self, state, self.init_variable(lambda shape: bm.full(shape, start, bm.float_), batch_size))

    def return_info(self):
        return self.g
