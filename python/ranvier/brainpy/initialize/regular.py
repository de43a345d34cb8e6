"""Initialisers without chance, and Clip."""
from .base import Initializer, sizes


class ZeroInit(Initializer):
    """Zeros."""

    def __call__(self, shape, dtype=None):
        from ..math import zeros
        return zeros(sizes(shape), dtype)


class Constant(Initializer):
    """One value."""

    def __init__(self, value=1.):
        self.value = value

    def __call__(self, shape, dtype=None):
        from ..math import ones
        return ones(sizes(shape), dtype) * self.value


class OneInit(Constant):
    """Ones, times a value."""


class Identity(Initializer):
    """A value on the diagonal of a matrix (n, m), or (n, n) for a shape of one axis."""

    def __init__(self, value=1.):
        self.value = value

    def __call__(self, shape, dtype=None):
        from ..math import eye
        shape = sizes(shape)
        if len(shape) > 2:
            raise ValueError(f"Identity is a matrix: its shape has one or two axes, not {len(shape)}")
        return eye(*shape, dtype=dtype) * self.value


class Clip(Initializer):
    """Another initialiser's values within [min, max]; either may be None."""

    def __init__(self, init, min=None, max=None):
        if not callable(init):
            raise ValueError(f"Clip wants an initialiser, not a {type(init).__name__}")
        self.init, self.min, self.max = init, min, max

    def __call__(self, shape, dtype=None):
        from ..math import clip
        return clip(self.init(shape, dtype), self.min, self.max)
