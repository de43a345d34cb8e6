"""Integrate-and-fire neurons of the old interface, and reduced models with equations of their own."""
from functools import partial

from .. import math as bm
from .._share import share
from ..dyn.base import NeuDyn
from ..dyn.neurons import AdExIFRef, AdQuaIFRef, ExpIFRef, GifRef, IzhikevichRef, LifRef, QuaIFRef
from ..dyn.neurons.base import TableNeuron
from ..integrators import JointEq
from .base import WithInput


class _Spiking(WithInput):
    _extra = {**WithInput._extra, "spike_fun": None}


class LIF(_Spiking, LifRef):
    """dyn.LifRef with `input` and noise."""


class ExpIF(_Spiking, ExpIFRef):
    """dyn.ExpIFRef with `input` and noise."""


class AdExIF(_Spiking, AdExIFRef):
    """dyn.AdExIFRef with `input` and noise."""


class QuaIF(_Spiking, QuaIFRef):
    """dyn.QuaIFRef with `input` and noise."""


class AdQuaIF(_Spiking, AdQuaIFRef):
    """dyn.AdQuaIFRef with `input` and noise."""


class GIF(_Spiking, GifRef):
    """dyn.GifRef with `input` and noise."""


class Izhikevich(_Spiking, IzhikevichRef):
    """dyn.IzhikevichRef with `input` and noise."""


class _Model(TableNeuron, NeuDyn):
    """A model of the table: states that are integrated."""
    _head = {"keep_size": False}
    _tail = {"method": "exp_auto", "name": None, "mode": None}
    _has_spike = True

    def __init__(self, *args, **keywords):
        given = self.read(args, keywords)
        NeuDyn.__init__(self, given["size"], keep_size=given["keep_size"], name=given["name"], mode=given["mode"],
                         method=given.get("method", "exp_auto"))
        self._read_parameters(given)
        self._more(given)
        self.integral = self._integrator()
        self.reset_state(self.mode)

    def reset_state(self, batch_size=None):
        self._make_states(batch_size)
        if self._has_spike:
            self.spike = self.init_variable(partial(bm.zeros, dtype=self._spike_type()), batch_size)

    def _spike_type(self):
        return bm.float_ if isinstance(self.mode, bm.TrainingMode) else bool

    @property
    def derivative(self):
        return JointEq([getattr(self, "d" + state) for state in self._states])

    def update(self, x=None):
        return self._take(self._integrate(x))

    def _take(self, new):
        for state, value in new.items():
            getattr(self, state).value = value


class _Mixed(WithInput, _Model):
    """A model with `input` and noise."""


class _Watched(_Mixed):
    """A spike: V passes a threshold upwards; nothing is reset."""
    _threshold = "V_th"

    def _take(self, new):
        threshold = getattr(self, self._threshold)
        spike = bm.logical_and(new["V"] >= threshold, self.V < threshold)
        self.spike.value = spike if self.spike.dtype == bool else spike.astype(self.spike.dtype)
        super()._take(new)
        return self.spike.value


class LeakyIntegrator(_Mixed):
    """tau dV/dt = -(V - V_rest) + R I, without threshold; update() gives V."""
    _order = "keep_size V_rest R tau V_initializer noise input_var name mode method"
    _parameters = {"V_rest": 0., "R": 1., "tau": 10.}
    _initial = {"V": 0.}
    _has_spike = False

    @property
    def derivative(self):
        return self.dV

    def dV(self, V, t, I_ext):
        return (self.V_rest - V + self.R * I_ext) / self.tau

    def _take(self, new):
        super()._take(new)
        return self.V.value

    def return_info(self):
        return self.V


class HindmarshRose(_Watched):
    """dV/dt = y - a V^3 + b V^2 - z + I, dy/dt = c - d V^2 - y, dz/dt = r (s (V - V_rest) - z) (Hindmarsh and Rose 1984, Proc. R. Soc. B 221:87)."""
    _order = "a b c d r s V_rest V_th V_initializer y_initializer z_initializer noise method keep_size input_var name mode spike_fun"
    _parameters = {"a": 1., "b": 3., "c": 1., "d": 5., "r": 0.01, "s": 4., "V_rest": -1.6, "V_th": 1.}
    _states = ("V", "y", "z")
    _initial = {"V": 0., "y": -10., "z": 0.}
    _extra = {**WithInput._extra, "spike_fun": None}

    def dV(self, V, t, y, z, I_ext):
        return y - self.a * V * V * V + self.b * V * V - z + I_ext

    def dy(self, y, t, V):
        return self.c - self.d * V * V - y

    def dz(self, z, t, V):
        return self.r * (self.s * (V - self.V_rest) - z)


class FHN(_Watched):
    """dV/dt = V - V^3/3 - w + I, tau dw/dt = V + a - b w (FitzHugh 1961, Biophys. J. 1:445)."""
    _order = "a b tau Vth V_initializer w_initializer noise method keep_size input_var name mode"
    _parameters = {"a": 0.7, "b": 0.8, "tau": 12.5, "Vth": 1.8}
    _threshold = "Vth"
    _states = ("V", "w")
    _initial = {"V": 0., "w": 0.}

    def dV(self, V, t, w, I_ext):
        return V - V * V * V / 3 - w + I_ext

    def dw(self, w, t, V):
        return (V + self.a - self.b * w) / self.tau


class _Bellec2020(_Model):
    """tau dV/dt = -(V - V_rest) + R I, tau_a da/dt = -a; a spike: V >= V_th + beta a; then V -= V_th, a += 1 (Bellec et al. 2020,
    Nat. Commun. 11:3625; V_th is subtracted as it is, as in BrainPy: it is meant for potentials relative to rest)."""
    _states = ("V", "a")
    _initial = {"V": -70., "a": -50.}
    _wide = {"V_rest": -70., "V_th": -60., "R": 1., "beta": 1.6, "tau": 20., "tau_a": 2000.}

    def _more(self, given):
        super()._more(given)
        self.tau_ref = None if given["tau_ref"] is None else self.init_param(given["tau_ref"])
        self.spike_fun = given["spike_fun"]

    def dV(self, V, t, I_ext):
        return (self.V_rest - V + self.R * I_ext) / self.tau

    def da(self, a, t):
        return -a / self.tau_a

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self.tau_ref is not None:
            self.t_last_spike = self.init_variable(lambda shape: bm.ones(shape) * -1e7, batch_size)

    def _distance(self, V):
        """How far V is above the threshold, in its units."""
        return (V - self.V_th - self.beta * self.a) / self.V_th

    def _take(self, new):
        V, held = new["V"], None
        if self.tau_ref is not None:
            held = share.load("t") - self.t_last_spike <= self.tau_ref
            V = bm.where(held, self.V.value, V)
        spike, fired = self._spikes(V)
        if held is not None:
            self.t_last_spike.value = bm.where(fired, share.load("t"), self.t_last_spike.value)
        self._told(held, fired)
        self.V.value = V - self.V_th * bm.where(fired, 1., 0.)
        self.a.value = new["a"] + bm.where(fired, 1., 0.)
        self.spike.value = spike if self.spike.dtype == spike.dtype else spike.astype(self.spike.dtype)
        return spike

    def _told(self, held, fired):
        """Further Variables."""


class ALIFBellec2020(WithInput, _Bellec2020):
    _order = "keep_size V_rest V_th R beta tau tau_a tau_ref noise V_initializer a_initializer spike_fun input_var method name mode eprop"
    _parameters = _Bellec2020._wide
    _extra = {"tau_ref": None, "spike_fun": None, **WithInput._extra, "eprop": False}

    def _more(self, given):
        super()._more(given)
        self.eprop = given["eprop"]

    def _spikes(self, V):
        if isinstance(self.mode, bm.TrainingMode) and self.spike_fun is not None:
            spike = self.spike_fun(self._distance(V))
            return spike, spike > 0.
        fired = V >= self.V_th + self.beta * self.a
        return fired, fired

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self.tau_ref is not None:
            self.refractory = self.init_variable(partial(bm.zeros, dtype=bool), batch_size)

    def _told(self, held, fired):
        if held is not None:
            self.refractory.value = bm.logical_or(held, fired)


class LIF_SFA_Bellec2020(_Bellec2020):
    """As ALIFBellec2020, without `input`; spikes are numbers: spike_fun((V - V_th - beta a)/V_th), 1 where that is 0 or more."""
    _order = "keep_size V_rest V_th R beta tau tau_a tau_ref V_initializer a_initializer spike_fun method name mode"
    _parameters = _Bellec2020._wide
    _extra = {"tau_ref": None, "spike_fun": None}

    def _spike_type(self):
        return bm.float_

    def _spikes(self, V):
        distance = self._distance(V)
        if self.spike_fun is not None:
            spike = self.spike_fun(distance)
            return spike, spike > 0.
        fired = distance >= 0.
        return fired.astype(self.spike.dtype), fired
