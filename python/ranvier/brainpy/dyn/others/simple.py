"""Leaky and integrating elements, and noise with a time constant."""
from ... import math as bm
from ..._share import share
from ..._tables import initial_value
from ...integrators import odeint
from ..base import NeuDyn


class Leaky(NeuDyn):
    """tau dx/dt = -x; an input is added after the step."""

    def __init__(self, size, sharding=None, keep_size=False, mode=None, name=None, tau=10., method="exp_auto", init_var=True):
        super().__init__(size, keep_size=keep_size, sharding=sharding, name=name, mode=mode, method=method)
        self.tau = self.init_param(tau)
        self.integral = odeint(self.derivative, method=method)
        if init_var:
            self.reset_state(self.mode)

    def derivative(self, x, t):
        return -x / self.tau

    def reset_state(self, batch_size=None):
        self.x = self.init_variable(bm.zeros, batch_size)

    def update(self, inp=None):
        self.x.value = self.integral(self.x.value, share.load("t"), dt=share.load("dt"))
        if inp is not None:
            self.x += inp
        return self.x.value

    def return_info(self):
        return self.x


class Integrator(NeuDyn):
    """tau dx/dt = -x + input."""

    def __init__(self, size, keep_size=False, sharding=None, name=None, mode=None, tau=10., x_initializer=0., method="exp_auto",
                 init_var=True):
        super().__init__(size, keep_size=keep_size, sharding=sharding, name=name, mode=mode, method=method)
        self.tau = self.init_param(tau)
        self._x_initializer = initial_value(x_initializer)
        self.integral = odeint(self.derivative, method=method)
        if init_var:
            self.reset_state(self.mode)

    def derivative(self, V, t, I_ext):
        return (I_ext - V) / self.tau

    def reset_state(self, batch_size=None):
        self.x = self.init_variable(self._x_initializer, batch_size)

    def update(self, x=None):
        self.x.value = self.integral(self.x.value, share.load("t"), I_ext=0. if x is None else x, dt=share.load("dt"))
        return self.x.value

    def return_info(self):
        return self.x


class OUProcess(NeuDyn):
    """The Ornstein-Uhlenbeck process tau dx = (mean - x) dt + tau sigma dW, from x = mean. Its standard deviation becomes sigma sqrt(tau/2)."""

    def __init__(self, size, mean=0., sigma=1., tau=10., method="exp_euler", keep_size=False, mode=None, name=None):
        super().__init__(size, keep_size=keep_size, name=name, mode=mode, method=method)
        from ...integrators import sdeint
        self.mean, self.sigma, self.tau = self.init_param(mean), self.init_param(sigma), self.init_param(tau)
        self.reset_state(self.mode)
        self.integral = sdeint(f=self.df, g=self.dg, method=method)

    def reset_state(self, batch_size=None):
        self.x = self.init_variable(lambda shape: bm.ones(shape) * self.mean, batch_size)

    def df(self, x, t):
        return (self.mean - x) / self.tau

    def dg(self, x, t):
        return self.sigma

    def update(self):
        self.x.value = self.integral(self.x.value, share.load("t"), dt=share.load("dt"))
        return self.x.value

    def return_info(self):
        return self.x
