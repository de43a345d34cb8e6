"""Neurons that are made of channels."""
from ... import math as bm
from ..._array import Variable
from ..._share import share
from ..._system import NeuDyn
from ...integrators import odeint
from ..channels.base import Channel


class CondNeuGroupLTC(NeuDyn):
    """dV/dt = (input + projections + channels)/C; all currents inside of the derivative. A spike: V passes V_th upwards."""

    def __init__(self, size, keep_size=False, C=1., A=1e-3, V_th=0., V_initializer=None, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size, name, mode)
        self.C, self.A, self.V_th = C, A, V_th
        if V_initializer is None:
            start = bm.random.uniform(-70., -60., self.varshape)
        else:
            start = V_initializer(self.varshape) if callable(V_initializer) else bm.ones(self.varshape) * V_initializer
        self.V = Variable(start)
        self.input = Variable(bm.zeros(self.varshape))
        self.spike = Variable(bm.zeros(self.varshape, dtype=bool))
        for key, channel in channels.items():
            setattr(self, key, channel)
        self.integral = odeint(self.derivative, method=method)

    def _channels(self):
        return [c for c in vars(self).values() if isinstance(c, Channel)]

    def derivative(self, V, t, I):
        total = self.sum_inputs(V, init=I)
        for channel in self._channels():
            total = total + channel.current(V)
        return total / self.C

    def update(self, x=None):
        current = self.input if x is None else self.input + x
        if self.A != 1e-3:
            current = current * (1e-3 / self.A)
        V = self.integral(self.V, share["t"], current, dt=share["dt"])
        for channel in self._channels():
            channel.update(self.V)
        self.spike.value = bm.logical_and(V >= self.V_th, self.V < self.V_th)
        self.V.value = V
        return self.spike.value

    def clear_input(self):
        self.input[:] = 0.
