"""Base of ion channels."""
from ..._system import Dynamic


class Channel(Dynamic):
    """A current of a neuron: current(V), and gates that update(V) moves on."""

    def update(self, V):
        pass
