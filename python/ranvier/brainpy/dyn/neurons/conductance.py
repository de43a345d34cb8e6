"""Hodgkin-Huxley neurons: made of channels, or with fixed equations. Potentials in mV, times in ms; a spike: V passes V_th upwards.

Variants 'LTC': currents of projections are evaluated inside of the derivative of V; else once, before it.
"""
from functools import partial

from ... import math as bm
from ..._parameters import noise as noise_function
from ..._rates import over_expm1
from ..._share import share
from ..._tables import initial_value
from ...integrators import JointEq, odeint
from ...mixin import Container, TreeNode
from ..base import IonChaDyn, NeuDyn
from .base import TableNeuron


class HHTypedNeuron(NeuDyn):
    """Neurons that channels can belong to."""


class CondNeuGroupLTC(HHTypedNeuron, Container, TreeNode):
    """C dV/dt = input (1e-3/A) + projections + channels; A [cm^2], C [uF/cm^2], conductances [mS/cm^2].

    Channels and ions are keyword arguments or attributes. `noise`: the size of a Wiener noise on V."""

    def __init__(self, size, keep_size=False, C=1., A=1e-3, V_th=0., V_initializer=None, noise=None, method="exp_auto", name=None,
                 mode=None, init_var=True, input_var=True, spk_type=None, **channels):
        super().__init__(size, keep_size=keep_size, name=name, mode=mode, method=method)
        self.children = self.format_elements(IonChaDyn, **channels)
        self.input_var, self.C, self.A, self.V_th = input_var, C, A, V_th
        self._V_initializer = initial_value(V_initializer) if V_initializer is not None else lambda shape: bm.random.uniform(-70., -60., shape)
        self.noise = noise_function(noise, self.varshape)
        self.spk_type = spk_type or (bm.float_ if isinstance(self.mode, bm.TrainingMode) else bool)
        if self.noise is None:
            self.integral = odeint(self.derivative, method=method)
        else:
            from ...integrators import sdeint
            self.integral = sdeint(f=self.derivative, g=self.noise, method=method)
        if init_var:
            self.reset_state(self.mode)

    def _channels(self):
        return self._systems_below(IonChaDyn)

    def derivative(self, V, t, I):
        return self._currents(V, self.sum_inputs(V, init=I))

    def _currents(self, V, total):
        for channel in self._channels():
            total = total + channel.current(V)
        return total / self.C

    def reset_state(self, batch_size=None):
        self.V = self.init_variable(self._V_initializer, batch_size)
        self.spike = self.init_variable(partial(bm.zeros, dtype=self.spk_type), batch_size)
        if self.input_var:
            self.input = self.init_variable(bm.zeros, batch_size)
        for channel in self._channels():
            channel.reset_state(self.V.value, batch_size=batch_size)

    def update(self, x=None):
        if self.input_var:
            if x is not None:
                self.input += x
            x = self.input.value
        x = 0. if x is None else x
        if not (isinstance(self.A, float) and self.A == 1e-3):
            x = x * (1e-3 / self.A)
        V = self.integral(self.V.value, share.load("t"), x, dt=share.load("dt"))
        channels = self._channels()
        self.check_hierarchies(type(self), *channels)
        for channel in channels:
            channel(self.V.value)
        spike = bm.logical_and(V >= self.V_th, self.V < self.V_th)
        self.spike.value = spike if self.spike.dtype == bool else spike.astype(self.spike.dtype)
        self.V.value = V
        return self.spike.value

    def clear_input(self, *args, **keywords):
        if self.input_var:
            self.input.value = bm.zeros_like(self.input)

    def return_info(self):
        return self.spike


class CondNeuGroup(CondNeuGroupLTC):
    """As CondNeuGroupLTC; the currents of projections are frozen during a step."""

    def derivative(self, V, t, I):
        return self._currents(V, I)

    def update(self, x=None):
        return super().update(self.sum_inputs(self.V.value, init=0. if x is None else x) if self.cur_inputs else x)


class _FixedEquations(TableNeuron, NeuDyn):
    """A neuron with a threshold that is only watched."""

    def __init__(self, *args, **keywords):
        given = self.read(args, keywords)
        NeuDyn.__init__(self, **{name: given[name] for name in ("size", "keep_size", "sharding", "name", "mode", "method")})
        self._read_parameters(given)
        self._more(given)
        self.integral = self._integrator()
        if given["init_var"]:
            self.reset_state(self.mode)

    def reset_state(self, batch_size=None):
        self._make_states(batch_size)
        self.spike = self.init_variable(partial(bm.zeros, dtype=bool), batch_size)

    def update(self, x=None):
        new = self._integrate(x)
        self.spike.value = bm.logical_and(self.V < self.V_th, new["V"] >= self.V_th)
        for state, value in new.items():
            getattr(self, state).value = value
        return self.spike.value

    @property
    def derivative(self):
        return JointEq(*[getattr(self, "d" + state) for state in self._states])


class HHLTC(_FixedEquations):
    """Hodgkin and Huxley's squid axon (1952, J. Physiol. 117:500): C dV/dt = I - gNa m^3 h (V - ENa) - gK n^4 (V - EK) - gL (V - EL)."""
    _parameters = {"ENa": 50., "gNa": 120., "EK": -77., "gK": 36., "EL": -54.387, "gL": 0.03, "V_th": 20., "C": 1.}
    _states = ("V", "m", "h", "n")
    _initial = {"V": lambda shape: bm.random.uniform(-70., -60., shape), "m": None, "h": None, "n": None}

    def m_alpha(self, V):
        return over_expm1(-(V + 40) / 10)

    def m_beta(self, V):
        return 4. * bm.exp(-(V + 65) / 18)

    def m_inf(self, V):
        return self.m_alpha(V) / (self.m_alpha(V) + self.m_beta(V))

    def dm(self, m, t, V):
        return self.m_alpha(V) * (1 - m) - self.m_beta(V) * m

    def h_alpha(self, V):
        return 0.07 * bm.exp(-(V + 65) / 20.)

    def h_beta(self, V):
        return 1 / (1 + bm.exp(-(V + 35) / 10))

    def h_inf(self, V):
        return self.h_alpha(V) / (self.h_alpha(V) + self.h_beta(V))

    def dh(self, h, t, V):
        return self.h_alpha(V) * (1 - h) - self.h_beta(V) * h

    def n_alpha(self, V):
        return 0.1 * over_expm1(-(V + 55) / 10)

    def n_beta(self, V):
        return 0.125 * bm.exp(-(V + 65) / 80)

    def n_inf(self, V):
        return self.n_alpha(V) / (self.n_alpha(V) + self.n_beta(V))

    def dn(self, n, t, V):
        return self.n_alpha(V) * (1 - n) - self.n_beta(V) * n

    def dV(self, V, t, m, h, n, I):
        sodium = self.gNa * m ** 3 * h * (V - self.ENa)
        potassium = self.gK * n ** 4 * (V - self.EK)
        return (self._drive(V, I) - sodium - potassium - self.gL * (V - self.EL)) / self.C


class HH(HHLTC):
    _inputs_inside = False


class MorrisLecarLTC(_FixedEquations):
    """Morris and Lecar's barnacle muscle fibre (1981, Biophys. J. 35:193), W the share of open potassium channels."""
    _parameters = {"V_Ca": 130., "g_Ca": 4.4, "V_K": -84., "g_K": 8., "V_leak": -60., "g_leak": 2., "C": 20., "V1": -1.2, "V2": 18.,
                   "V3": 2., "V4": 30., "phi": 0.04, "V_th": 10.}
    _states = ("V", "W")
    _initial = {"W": 0.02, "V": lambda shape: bm.random.uniform(-70., -60., shape)}

    def dV(self, V, t, W, I):
        calcium = self.g_Ca * 0.5 * (1 + bm.tanh((V - self.V1) / self.V2)) * (V - self.V_Ca)
        potassium = self.g_K * W * (V - self.V_K)
        return (self._drive(V, I) - calcium - potassium - self.g_leak * (V - self.V_leak)) / self.C

    def dW(self, W, t, V):
        rate = self.phi * bm.cosh((V - self.V3) / (2 * self.V4))
        return (0.5 * (1 + bm.tanh((V - self.V3) / self.V4)) - W) * rate


class MorrisLecar(MorrisLecarLTC):
    _inputs_inside = False


class WangBuzsakiHHLTC(_FixedEquations):
    """Wang and Buzsaki's interneuron (1996, J. Neurosci. 16:6402): sodium with instantaneous activation, potassium, leak."""
    _parameters = {"ENa": 55., "gNa": 35., "EK": -90., "gK": 9., "EL": -65, "gL": 0.1, "V_th": 20., "phi": 5., "C": 1.}
    _states = ("V", "h", "n")
    _initial = {"V": -65., "h": 0.6, "n": 0.32}

    def m_inf(self, V):
        alpha = over_expm1(-0.1 * (V + 35))
        return alpha / (alpha + 4. * bm.exp(-(V + 60.) / 18.))

    def dh(self, h, t, V):
        alpha = 0.07 * bm.exp(-(V + 58) / 20)
        beta = 1 / (bm.exp(-0.1 * (V + 28)) + 1)
        return self.phi * (alpha * (1 - h) - beta * h)

    def dn(self, n, t, V):
        alpha = 0.1 * over_expm1(-0.1 * (V + 34))
        beta = 0.125 * bm.exp(-(V + 44) / 80)
        return self.phi * (alpha * (1 - n) - beta * n)

    def dV(self, V, t, h, n, I):
        sodium = self.gNa * self.m_inf(V) ** 3 * h * (V - self.ENa)
        potassium = self.gK * n ** 4 * (V - self.EK)
        return (self._drive(V, I) - sodium - potassium - self.gL * (V - self.EL)) / self.C


class WangBuzsakiHH(WangBuzsakiHHLTC):
    _inputs_inside = False
