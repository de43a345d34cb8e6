"""Base of layers."""
from .._system import DynamicalSystem


class Layer(DynamicalSystem):
    """A system without states of its own, unless it says so."""

    def reset_state(self, *args, **keywords):
        pass

    def clear_input(self, *args, **keywords):
        pass
