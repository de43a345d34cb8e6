"""Neurons whose variables have derivatives of a fractional order alpha: what they were, up to num_memory steps ago, acts on."""
import inspect

from .. import math as bm
from ..dyn.base import NeuDyn
from ..integrators.fde import CaputoL1Schema, GLShortMemory
from .base import WithInput
from .reduced import _Model


class FractionalNeuron(NeuDyn):
    """Base of neurons of a fractional order."""


class _Fractional(WithInput, _Model, FractionalNeuron):
    """The order is `alpha`: one number, or one a variable; `num_memory`: how many past steps are kept."""
    _tail = {"input_var": True, "name": None, "keep_size": False}
    _extra = {}

    def __init__(self, *args, **keywords):
        given = {"noise": None, "mode": None, **self.read(args, keywords)}
        NeuDyn.__init__(self, given["size"], keep_size=given["keep_size"], name=given["name"])
        if not isinstance(self.mode, bm.NonBatchingMode):
            raise ValueError(f"{type(self).__name__} has no batches")
        self._read_parameters(given)
        self._more(given)
        self.alpha, self.num_memory = given["alpha"], given["num_memory"]
        self._restart = False
        self.reset_state()
        self.integral = self._memory(f=self.derivative, alpha=self.alpha, num_memory=self.num_memory, inits=self._starts())
        self._restart = True

    def _starts(self):
        return [getattr(self, state) for state in self._states]

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self._restart:
            self.integral.reset(self._starts())


class FractionalFHR(_Fractional):
    """dV = V - V^3/3 - w + y + I, dw = delta (a + V - b w), dy = mu (c - V - d y), of the order alpha (Mondal et al. 2019, Sci. Rep. 9:15721).

    By Gruenwald and Letnikov's scheme. A spike: V passes Vth upwards."""
    _head = {"alpha": inspect.Parameter.empty, "num_memory": 1000}
    _parameters = {"a": 0.7, "b": 0.8, "c": -0.775, "d": 1., "delta": 0.08, "mu": 0.0001, "Vth": 1.8}
    _states = ("V", "w", "y")
    _initial = {"V": 2.5, "w": 0., "y": 0.}
    _memory = GLShortMemory

    def dV(self, V, t, w, y, I):
        return V - V ** 3 / 3 - w + y + I

    def dw(self, w, t, V):
        return self.delta * (self.a + V - self.b * w)

    def dy(self, y, t, V):
        return self.mu * (self.c - V - self.d * y)

    def _take(self, new):
        self.spike.value = bm.logical_and(new["V"] >= self.Vth, self.V < self.Vth)
        super()._take(new)
        return self.spike.value


class FractionalIzhikevich(_Fractional):
    """tau dV = f V^2 + g V + h - u + R I, tau du = a (b V - u), of the order alpha (Teka, Upadhyay and Mondal 2017, Neural Netw. 93:110).

    By Caputo's L1 scheme. V >= V_th: a spike, V = c, u += d."""
    _head = {"alpha": inspect.Parameter.empty, "num_memory": inspect.Parameter.empty}
    _parameters = {"a": 0.02, "b": 0.2, "c": -65., "d": 8., "f": 0.04, "g": 5., "h": 140., "R": 1., "tau": 1., "V_th": 30.}
    _tail = {"keep_size": False, "input_var": True, "name": None}
    _states = ("V", "u")
    _initial = {"V": -65., "u": -13.}
    _memory = CaputoL1Schema

    def dV(self, V, t, u, I_ext):
        return (self.f * V * V + self.g * V + self.h - u + self.R * I_ext) / self.tau

    def du(self, u, t, V):
        return self.a * (self.b * V - u) / self.tau

    def _take(self, new):
        spike = new["V"] >= self.V_th
        self.V.value = bm.where(spike, self.c, new["V"])
        self.u.value = bm.where(spike, new["u"] + self.d, new["u"])
        self.spike.value = spike
        return spike
