"""Bases of groups: neurons, synapses, and ions with their channels."""
from .._dynamic import Dynamic
from ..mixin import AutoDelaySupp, ParamDesc


class NeuDyn(Dynamic, AutoDelaySupp):
    """A group of neurons."""


NeuGroup = NeuGroupNS = NeuDyn


class SynDyn(Dynamic, AutoDelaySupp, ParamDesc):
    """States of synapses: one an element of the group that they come from or go to."""


class IonChaDyn(Dynamic):
    """An ion or a channel of a neuron."""
