"""`bp.synouts`: outputs of the synapses in `bp.synapses`."""
from ._names import absent


class COBA:
    """post.input += g (E - V), with the V of before the step."""

    def __init__(self, E=0.):
        self.E = E

    def __call__(self, g, post):
        post.input += g * (self.E - post.V)


class CUBA:
    """post.input += g."""

    def __call__(self, g, post):
        post.input += g


__getattr__ = absent(__name__, "bp.synouts")
