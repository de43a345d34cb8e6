"""Leak channels."""
from .base import Channel


class IL(Channel):
    """g_max (E - V)."""

    def __init__(self, size, g_max=0.1, E=-70., method=None, **keywords):
        super().__init__(size, **keywords)
        self.g_max, self.E = g_max, E

    def current(self, V):
        return self.g_max * (self.E - V)
