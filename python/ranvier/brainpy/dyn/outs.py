"""What a conductance does to its target: the current that enters the derivative of V."""
from .._system import DynamicalSystem


class SynOut(DynamicalSystem):
    def __init__(self, name=None):
        super().__init__(name)
        self.conductance = None

    def bind_cond(self, g):
        self.conductance = g


class COBA(SynOut):
    """g (E - V)."""

    def __init__(self, E, name=None):
        super().__init__(name)
        self.E = E

    def __call__(self, V):
        return self.conductance * (self.E - V)


class CUBA(SynOut):
    """g."""

    def __call__(self, V=None):
        return self.conductance


__all__ = ["COBA", "CUBA", "SynOut"]
