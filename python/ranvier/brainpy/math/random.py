"""bm.random: numbers of one generator that bm.random.seed(s) starts anew; seed() also seeds NumPy's global generator, as connections use it.

    bm.random.seed(1); bm.random.randn(10)
"""
import numpy as np

from .._array import Array, unwrap


class RandomState:
    def __init__(self, seed=None):
        self._generator = np.random.default_rng(seed)

    def seed(self, seed=None):
        self._generator = np.random.default_rng(seed)

    def next_key(self):
        """A number that a compiled run's random numbers are keyed by; each run takes the next."""
        return int(self._generator.integers(2**62))

    def _wrap(self, value):
        return Array(np.asarray(value))

    def rand(self, *shape):
        return self._wrap(self._generator.random(shape))

    def randn(self, *shape):
        return self._wrap(self._generator.standard_normal(shape))

    def random(self, size=None):
        return self._wrap(self._generator.random(size))

    def uniform(self, low=0., high=1., size=None):
        return self._wrap(self._generator.uniform(unwrap(low), unwrap(high), size))

    def normal(self, loc=0., scale=1., size=None):
        return self._wrap(self._generator.normal(unwrap(loc), unwrap(scale), size))

    def randint(self, low, high=None, size=None, dtype=None):
        return self._wrap(self._generator.integers(low, high, size))

    def poisson(self, lam=1., size=None):
        return self._wrap(self._generator.poisson(unwrap(lam), size))

    def exponential(self, scale=1., size=None):
        return self._wrap(self._generator.exponential(unwrap(scale), size))

    def bernoulli(self, p=0.5, size=None):
        return self._wrap(self._generator.random(size) < unwrap(p))

    def permutation(self, x):
        return self._wrap(self._generator.permutation(unwrap(x)))

    def choice(self, a, size=None, replace=True, p=None):
        return self._wrap(self._generator.choice(unwrap(a), size, replace, unwrap(p)))


DEFAULT = RandomState()


def seed(seed=None):
    DEFAULT.seed(seed)
    np.random.seed(None if seed is None else seed % 2**32)


def __getattr__(name):
    if name.startswith("_") or not hasattr(DEFAULT, name):
        raise AttributeError(f"bm.random has no {name!r}")
    return getattr(DEFAULT, name)
