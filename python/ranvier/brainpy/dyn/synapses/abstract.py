"""Abstract models of synapses."""
from ... import math as bm
from ..._array import Variable
from ..._share import share
from ..._system import Dynamic
from ...integrators import odeint


class Expon(Dynamic):
    """An exponential synapse: dg/dt = -g/tau, arrivals add to g."""

    def __init__(self, size, keep_size=False, tau=8., method="exp_auto", name=None, mode=None):
        super().__init__(size, keep_size, name, mode)
        self.tau = tau
        self.g = Variable(bm.zeros(self.varshape))
        self.integral = odeint(lambda g, t: -g / self.tau, method=method)

    def update(self, x=None):
        self.g.value = self.integral(self.g, share["t"], dt=share["dt"])
        if x is not None:
            self.add_current(x)
        return self.g.value

    def add_current(self, x):
        self.g.value = self.g + x

    def return_info(self):
        return self.g
