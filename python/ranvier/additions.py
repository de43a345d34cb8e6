"""What can be added to any model of a neuron: Poisson arrivals without connectivity, noise currents, clamps (docs/sources.md, docs/noise.md).

    cell = with_poisson_input(neurons.lif(), "V", n=800, rate=5 * Hz, weight=0.1 * mV)
    cell = with_ou_current(cell, "I", mean=0 * pA, sigma=50 * pA, tau=5 * ms)

Each gives a copy with new parameters NAME_..., so that several of a kind can be told apart by `name`.
"""
from __future__ import annotations

from . import _border
from ._errors import user_error
from ._recipes import PlainNumber
from .inputs import TimeArray
from .models import Model
from .units import Quantity

__all__ = ["with_poisson_input", "with_white_current", "with_ou_current", "with_current", "with_voltage_clamp"]


def _added(function, model, *arguments):
    if not isinstance(model, Model):
        raise user_error(function, f"the model is {type(model).__name__}", "give a Model")
    return Model._made((function, model.copy(), *arguments))


def _values(x, function):
    if not isinstance(x, TimeArray):
        raise user_error(function, f"the values over time are {type(x).__name__}", "give a TimeArray, such as ranvier.inputs.step()")
    return x


def with_poisson_input(model, state, n, rate, weight, name="poisson") -> Model:
    """In each step `state` grows by weight times a Poisson count of mean n * rate * dt. Parameters NAME_n, NAME_rate, NAME_weight."""
    return _added("with_poisson_input", model, state, PlainNumber(_border.plain(n, "n")), _border.plain(rate, "rate"), _border.plain(weight, "weight"), name)


def with_white_current(model, input, sigma, per=Quantity(1.0, "ms"), name="white") -> Model:
    """Adds white noise to an input, constant over each step; sigma is the deviation of its mean over `per`."""
    return _added("with_white_current", model, input, _border.plain(sigma, "sigma"), _border.plain(per, "per"), name)


def with_ou_current(model, input, mean, sigma, tau, name="ou") -> Model:
    """Adds an Ornstein-Uhlenbeck process of this mean, stationary deviation and time constant to an input."""
    return _added("with_ou_current", model, input, _border.plain(mean, "mean"), _border.plain(sigma, "sigma"), _border.plain(tau, "tau"), name)


def with_current(model, input, values, name="clamp") -> Model:
    """Current clamp: adds a TimeArray to an input."""
    return _added("with_current", model, input, _values(values, "with_current"), name)


def with_voltage_clamp(model, input, command, conductance, voltage="V", name="clamp") -> Model:
    """Voltage clamp through an electrode: adds conductance * (command - voltage) to an input."""
    return _added("with_voltage_clamp", model, input, _values(command, "with_voltage_clamp"), _border.plain(conductance, "conductance"), voltage, name)
