"""Models of rates and oscillators: two variables x and y an element, with inputs and, where asked for, Ornstein-Uhlenbeck noise on both."""
import math

import numpy as np

from .. import math as bm
from .._share import share
from ..delay import LengthDelay
from ..dyn.others import OUProcess
from ..integrators import JointEq
from ..math.environment import get_dt
from ..neurons.reduced import _Model


def _uniform(high):
    return lambda shape: bm.random.uniform(0., high, shape)


_NOISE = {f"{which}_ou_{what}": default for which in "xy" for what, default in (("mean", 0.), ("sigma", 0.), ("tau", 5.))}


class RateModel(_Model):
    """Base: update(inp_x, inp_y) adds to `input` and `input_y` (input_var) and makes a step; gives x. Noise acts as an input.

    x_ou_mean, x_ou_sigma, x_ou_tau: mean, size and time [ms] of the noise on x; the same for y. Without mean and sigma there is none."""
    _states = ("x", "y")
    _initial = {"x": _uniform(0.05), "y": _uniform(0.05)}
    _extra = {"input_var": True}
    _has_spike = False

    def _more(self, given):
        super()._more(given)
        self.input_var = given["input_var"]
        self.x_ou, self.y_ou = self._noise("x"), self._noise("y")

    def _noise(self, which):
        mean, sigma, tau = (getattr(self, f"{which}_ou_{what}") for what in ("mean", "sigma", "tau"))
        if not (np.any(np.asarray(mean) > 0.) or np.any(np.asarray(sigma) > 0.)):
            return None
        return OUProcess(self.varshape, mean, sigma, tau, keep_size=True)

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self.input_var:
            self.input, self.input_y = self.init_variable(bm.zeros, batch_size), self.init_variable(bm.zeros, batch_size)
        for noise in (self.x_ou, self.y_ou):
            if noise is not None:
                noise.reset_state(batch_size)

    def _collect(self, name, given, noise):
        total = getattr(self, name) if self.input_var else 0.
        for more in (given, None if noise is None else noise()):
            if more is not None:
                total = total + more
        if self.input_var:
            setattr(self, name, total)
            return getattr(self, name).value
        return total

    def update(self, inp_x=None, inp_y=None):
        x_ext, y_ext = self._collect("input", inp_x, self.x_ou), self._collect("input_y", inp_y, self.y_ou)
        new = self.integral(self.x.value, self.y.value, share.load("t"), x_ext=x_ext, y_ext=y_ext, dt=share.load("dt"))
        self._take(dict(zip(self._states, new)))
        return self.x.value

    @property
    def derivative(self):
        return JointEq([self.dx, self.dy])

    def clear_input(self, *args, **keywords):
        if self.input_var:
            self.input.value, self.input_y.value = bm.zeros_like(self.input), bm.zeros_like(self.input_y)

    def return_info(self):
        return self.x


class FHN(RateModel):
    """dx/dt = -alpha x^3 + beta x^2 + gamma x - y + I, tau dy/dt = x - delta - epsilon y (FitzHugh 1961, Biophys. J. 1:445)."""
    _parameters = {"alpha": 3., "beta": 4., "gamma": -1.5, "delta": 0., "epsilon": 0.5, "tau": 20., **_NOISE}

    def dx(self, x, t, y, x_ext):
        return -self.alpha * x ** 3 + self.beta * x ** 2 + self.gamma * x - y + x_ext

    def dy(self, y, t, x, y_ext=0.):
        return (x - self.delta - self.epsilon * y) / self.tau + y_ext


class FeedbackFHN(RateModel):
    """FitzHugh-Nagumo with delayed feedback mu (x(t - delay) - v0) (Plant 1981, SIAM J. Appl. Math. 40:150); x is 0 before the start."""
    _parameters = {"a": 0.7, "b": 0.8, "delay": 10., "tau": 12.5, "mu": 1.6886, "v0": -1, **_NOISE}

    def _steps(self):
        if np.ndim(self.delay) or not float(self.delay) > 0:
            raise ValueError(f"FeedbackFHN: delay is one number of ms above 0, not {self.delay}")
        return math.ceil(float(self.delay) / get_dt())

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if getattr(self, "x_delay", None) is None:
            self.x_delay = LengthDelay(self.x, self._steps())
        else:
            self.x_delay.reset(self.x)

    def dx(self, x, t, y, x_ext):
        return x - x * x * x / 3 - y + x_ext + self.mu * (self.x_delay(self._steps()) - self.v0)

    def dy(self, y, t, x, y_ext):
        return (x + self.a - self.b * y + y_ext) / self.tau

    def update(self, inp_x=None, inp_y=None):
        x = super().update(inp_x, inp_y)
        self.x_delay.update(x)
        return x


class QIF(RateModel):
    """The mean field of quadratic integrate-and-fire neurons (Montbrio, Pazo and Roxin 2015, Phys. Rev. X 5:021028); x: mean V, y: rate."""
    _parameters = {"tau": 1., "eta": -5., "delta": 1., "J": 15., **_NOISE}
    _order = " ".join(("keep_size tau eta delta J", *_NOISE, "x_initializer y_initializer method name input_var mode"))

    def dy(self, y, t, x, y_ext):
        return (self.delta / (bm.pi * self.tau) + 2. * x * y + y_ext) / self.tau

    def dx(self, x, t, y, x_ext):
        return (x ** 2 + self.eta + x_ext + self.J * y * self.tau - (bm.pi * y * self.tau) ** 2) / self.tau


class StuartLandauOscillator(RateModel):
    """dx/dt = (a - x^2 - y^2) x - w y + I, dy/dt = (a - x^2 - y^2) y - w y + I_y (Stuart and Landau; the last term as in BrainPy)."""
    _parameters = {"a": 0.25, "w": 0.2, **_NOISE}
    _initial = {"x": _uniform(0.5), "y": _uniform(0.5)}

    def dx(self, x, t, y, x_ext):
        return (self.a - x * x - y * y) * x - self.w * y + x_ext

    def dy(self, y, t, x, y_ext):
        return (self.a - x * x - y * y) * y - self.w * y + y_ext


class WilsonCowanModel(RateModel):
    """Excitation x and inhibition y (Wilson and Cowan 1972, Biophys. J. 12:1)."""
    _parameters = {"E_tau": 1., "E_a": 1.2, "E_theta": 2.8, "I_tau": 1., "I_a": 1., "I_theta": 4., "wEE": 12., "wIE": 4., "wEI": 13.,
                   "wII": 11., "r": 1., **_NOISE}
    _tail = {"method": "exp_euler_auto", "name": None, "mode": None}

    def F(self, x, a, theta):
        return 1 / (1 + bm.exp(-a * (x - theta))) - 1 / (1 + bm.exp(a * theta))

    def dx(self, x, t, y, x_ext):
        drive = self.wEE * x - self.wIE * y + x_ext
        return (-x + (1 - self.r * x) * self.F(drive, self.E_a, self.E_theta)) / self.E_tau

    def dy(self, y, t, x, y_ext):
        drive = self.wEI * x - self.wII * y + y_ext
        return (-y + (1 - self.r * y) * self.F(drive, self.I_a, self.I_theta)) / self.I_tau


class ThresholdLinearModel(_Model):
    """tau_e de/dt = -e + beta_e max(I_e, 0) + noise, the same for i; rates are kept at 0 or more (Chaudhuri et al. 2015, Neuron 88:419).

    Times in seconds where dt is: Euler's step with bp.share's dt. Inputs are collected in `Ie` and `Ii`; update() gives e."""
    _parameters = {"tau_e": 2e-2, "tau_i": 1e-2, "beta_e": .066, "beta_i": .351, "noise_e": 0., "noise_i": 0.}
    _states = ("e", "i")
    _initial = {"e": 0., "i": 0.}
    _tail = {"name": None, "mode": None}
    _extra = {"seed": None, "input_var": True}
    _order = "tau_e tau_i beta_e beta_i noise_e noise_i e_initializer i_initializer seed keep_size name mode input_var"
    _has_spike = False

    def _more(self, given):
        super()._more(given)
        self.seed, self.input_var = given["seed"], given["input_var"]

    def _integrator(self):
        return None

    def reset_state(self, batch_size=None):
        super().reset_state(batch_size)
        if self.input_var:
            self.Ie, self.Ii = self.init_variable(bm.zeros, batch_size), self.init_variable(bm.zeros, batch_size)

    def _step(self, which, drive):
        rate, noise = getattr(self, which), getattr(self, f"noise_{which}")
        slope = getattr(self, f"beta_{which}") * bm.maximum(drive, 0.) - rate
        if np.any(np.asarray(noise) != 0.):
            slope = slope + bm.random.randn(*self.varshape) * noise
        rate.value = bm.maximum(rate + slope / getattr(self, f"tau_{which}") * share.load("dt"), 0.)

    def update(self, inp_e=None, inp_i=None):
        drives = []
        for name, given in (("Ie", inp_e), ("Ii", inp_i)):
            if self.input_var and given is not None:
                setattr(self, name, getattr(self, name) + given)
            drives.append(getattr(self, name).value if self.input_var else 0. if given is None else given)
        self._step("e", drives[0])
        self._step("i", drives[1])
        return self.e.value

    def clear_input(self, *args, **keywords):
        if self.input_var:
            self.Ie.value, self.Ii.value = bm.zeros_like(self.Ie), bm.zeros_like(self.Ii)

    def return_info(self):
        return self.e
