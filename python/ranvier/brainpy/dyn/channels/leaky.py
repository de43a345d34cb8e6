"""Leak channels."""
from .base import IonChannel, OfIon, OfNeuron, TableChannel
from .potassium import PotassiumChannel


class LeakyChannel(IonChannel):
    """Base of channels without gates."""

    def reset_state(self, V, batch_size=None):
        pass


class _NoGates(OfNeuron, TableChannel):
    _tail = {"method": None, "name": None, "mode": None}

    def _advance(self, V):
        pass


class IL(_NoGates, LeakyChannel):
    """g_max (E - V)."""
    _parameters = {"g_max": 0.1, "E": -70.}

    def reset_state(self, V, batch_size=None):
        pass


class IKL(_NoGates):
    """The potassium leak: g_max (E - V)."""
    _parameters = {"g_max": 0.005, "E": -90.}


class IK_Leak(OfIon, TableChannel, PotassiumChannel):
    """The potassium leak as a part of a potassium ion."""
    _tail = {"method": None, "name": None, "mode": None}
    _parameters = {"g_max": 0.005}

    def _advance(self, V):
        pass
