"""Base of initialisers: functions of a shape that give an array.

    V = bp.init.Normal(-65., 5.)((100,))
"""
import numpy as np


class Initializer:
    """initializer(shape, dtype=None) gives an Array."""

    def __call__(self, shape, dtype=None):
        raise NotImplementedError(f"{type(self).__name__} has no __call__(shape, dtype)")

    def __repr__(self):
        settings = ", ".join(f"{k}={v}" for k, v in vars(self).items() if k != "rng")
        return f"{type(self).__name__}({settings})"


def sizes(shape):
    """A shape as a tuple; its entries may be sizes of groups, tuples themselves."""
    if isinstance(shape, (int, np.integer)):
        return (int(shape),)
    out = tuple(int(np.prod(n)) for n in shape)
    if not out:
        raise ValueError("an initialiser wants a shape of at least one axis")
    return out


def generator(seed):
    """A generator of its own for a seed; bm.random's for None."""
    from ..math import random
    return random.default_rng(seed, clone=False)
