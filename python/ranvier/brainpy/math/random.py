"""bm.random: random numbers of one generator that bm.random.seed(s) starts anew; seed() also seeds NumPy's global generator, as
connections use it. Inside of a traced loop every step draws anew (see ranvier.brainpy._draws).

    bm.random.seed(1); bm.random.randn(10)

Each law is a method of RandomState and a function here. `size`: a number, a tuple, or None for the shape of the parameters.
"""
import numpy as np

from .. import _context
from .._array import Array, unwrap
from .._draws import draw
from .._errors import NotTraceable
from .._graph import canonical_dtype, lift, mode
from .ordering import argsort
from .shapes import take
from .._names import absent


def _plain(value):
    return value if value is None or isinstance(value, (int, float)) else lift(unwrap(value))


class RandomState:
    """A generator of its own: RandomState(42). seed_or_key: a whole number, or an array of them."""

    def __init__(self, seed_or_key=None, seed=None):
        self.seed(seed_or_key, seed)

    def seed(self, seed_or_key=None, seed=None):
        """Starts anew."""
        seed = seed if seed_or_key is None else seed_or_key
        self._generator = np.random.default_rng(None if seed is None else np.asarray(unwrap(seed)).astype(np.uint64).tolist())

    def next_key(self):
        """A number that a compiled run's random numbers are keyed by; each run takes the next."""
        return int(self._generator.integers(2**62))

    def split_key(self):
        """A new key for RandomState(key) or the argument `key` of a law."""
        return Array(self._generator.integers(2**32, size=2, dtype=np.uint32))

    def split_keys(self, n):
        return Array(self._generator.integers(2**32, size=(n, 2), dtype=np.uint32))

    def clone(self):
        return RandomState(self.split_key())

    def _draw(self, law, size, parameters, eager, key=None, kind="f"):
        parameters = [_plain(p) for p in parameters]
        if _context.following() is not None:
            if key is not None:
                raise NotTraceable("a key was given to a law in a traced body", "draw without key=")
            return Array(draw(self, law, size, *parameters))
        generator = self._generator if key is None else np.random.default_rng(np.asarray(unwrap(key)).astype(np.uint64).tolist())
        value = np.asarray(eager(generator, *parameters))
        return Array(value.astype({"f": mode.float_, "i": mode.int_, "b": bool, "?": value.dtype}[kind]))

    # -- BrainPy's laws
    def random(self, size=None, key=None):
        return self._draw("uniform", size, (0., 1.), lambda g, a, b: g.random(size), key)

    random_sample = ranf = sample = random

    def rand(self, *dn, key=None):
        return self.random(dn, key)

    def randn(self, *dn, key=None):
        return self.standard_normal(dn, key)

    def standard_normal(self, size=None, key=None):
        return self._draw("normal", size, (None, None), lambda g, *_: g.standard_normal(size), key)

    def uniform(self, low=0., high=1., size=None, key=None):
        return self._draw("uniform", size, (low, high), lambda g, a, b: g.uniform(a, b, size), key)

    def normal(self, loc=None, scale=None, size=None, key=None):
        return self._draw("normal", size, (loc, scale), lambda g, m, s: g.normal(0. if m is None else m, 1. if s is None else s, size), key)

    def randint(self, low, high=None, size=None, dtype=None, key=None):
        out = self._draw("randint", size, (low, high), lambda g, a, b: g.integers(a, b, size), key, "i")
        return out if dtype is None else out.astype(canonical_dtype(dtype))

    def random_integers(self, low, high=None, size=None, key=None):
        low, high = (1, low) if high is None else (low, high)
        return self.randint(low, high + 1, size, key=key)

    def poisson(self, lam=1., size=None, key=None):
        return self._draw("poisson", size, (lam,), lambda g, mean: g.poisson(mean, size), key, "i")

    def bernoulli(self, p=0.5, size=None, key=None):
        return self._draw("bernoulli", size, (p,), lambda g, q: g.random(np.shape(q) if size is None else size) < q, key, "b")

    def exponential(self, scale=None, size=None, key=None):
        return self._draw("exponential", size, (scale,), lambda g, s: g.exponential(1. if s is None else s, size), key)

    def standard_exponential(self, size=None, key=None):
        return self.exponential(None, size, key)

    def choice(self, a, size=None, replace=True, p=None, key=None):
        if not replace and _context.following() is not None:
            return self._without_replacement(a, size, p)
        return self._draw("choice", size, (a, p), lambda g, x, q: g.choice(x, size, replace, _normalised(q)), key, "?")

    def _without_replacement(self, a, size, p):
        """The first of all elements in the order of uniform numbers (equal ones, within 2^-24: in their own)."""
        values = np.arange(int(a)) if np.ndim(unwrap(a)) == 0 else a
        n, *rest = np.shape(unwrap(values))
        size = () if size is None else tuple(np.atleast_1d(size).tolist())
        count = int(np.prod(size, dtype=np.int64))
        if p is not None:
            raise NotTraceable("bm.random.choice without replacement of given probabilities has no compiled form", "draw before the loop")
        if count > n:
            raise ValueError(f"bm.random.choice: {count} of {n} elements without replacement")
        return take(values, argsort(self.random(n))[:count], axis=0).reshape(size + tuple(rest))

    def permutation(self, x, axis=0, independent=False, key=None):
        if _context.following() is not None and not independent and key is None:
            x = np.arange(int(x)) if np.ndim(unwrap(x)) == 0 else x
            return take(x, argsort(self.random(np.shape(unwrap(x))[axis])), axis=axis)
        return self._draw("permutation", None, (x,), lambda g, y: (g.permuted if independent else g.permutation)(y, axis=axis), key, "?")

    def shuffle(self, x, axis=0, key=None):
        return self.permutation(x, axis, key=key)

    def multivariate_normal(self, mean, cov, size=None, method="cholesky", key=None):
        return self._draw("multivariate_normal", size, (mean, cov), lambda g, m, c: g.multivariate_normal(m, c, size, method=method), key)

    def truncated_normal(self, lower, upper, size=None, scale=None, key=None):
        """Normal numbers within [lower, upper]; `scale` multiplies them afterwards."""
        def eager(g, a, b, s):
            shape = np.broadcast_shapes(np.shape(a), np.shape(b)) if size is None else size
            a, b, x = np.broadcast_to(a, shape), np.broadcast_to(b, shape), np.full(shape, np.nan)
            if not np.all(a < b):
                raise ValueError("truncated_normal needs lower < upper")
            while np.isnan(x).any():
                x = np.where(np.isnan(x), _one_truncated(g, a, b), x)
            return x if s is None else x * s
        return self._draw("truncated_normal", size, (lower, upper, scale), eager, key)

    def categorical(self, logits, axis=-1, size=None, key=None):
        def eager(g, x):
            shape = np.delete(np.array(x.shape), axis % x.ndim) if size is None else np.atleast_1d(size)
            noise = g.gumbel(size=tuple(shape) + (x.shape[axis],))
            return np.argmax(np.moveaxis(x, axis, -1) + noise, axis=-1)
        return self._draw("categorical", size, (logits,), eager, key, "i")

    def orthogonal(self, n, size=None, key=None):
        def eager(g, _):
            shape = () if size is None else (size,) if isinstance(size, int) else tuple(size)
            q, r = np.linalg.qr(g.standard_normal(shape + (n, n)))
            return q * np.sign(np.diagonal(r, axis1=-2, axis2=-1))[..., None, :]
        return self._draw("orthogonal", size, (n,), eager, key)

    def maxwell(self, size=None, key=None):
        return self._draw("maxwell", size, (), lambda g: np.sqrt(g.chisquare(3, size)), key)

    def rand_like(self, input, *, dtype=None, key=None):
        return self.random(lift(unwrap(input)).shape, key).astype(dtype or mode.float_)

    def randn_like(self, input, *, dtype=None, key=None):
        return self.standard_normal(lift(unwrap(input)).shape, key).astype(dtype or mode.float_)

    def randint_like(self, input, low=0, high=None, *, dtype=None, key=None):
        return self.randint(low, high, lift(unwrap(input)).shape, dtype, key)


def _normalised(p):
    return None if p is None else np.asarray(p, np.float64) / np.sum(p, dtype=np.float64)


def _one_truncated(g, a, b):
    """A try for each element, NaN where it fails: normal, or uniform with rejection where the interval is narrow or far out."""
    mode_at = np.clip(0., a, b)
    low, high = np.maximum(a, mode_at - 9.), np.minimum(b, mode_at + 9.)
    x = g.uniform(low, high)
    return np.where(g.random(x.shape) < np.exp((mode_at ** 2 - x ** 2) / 2), x, np.nan)


def _add_law(name, arguments, kind="f", numpy_name=None, defaults=()):
    """A law that takes its parameters, size and key, as NumPy's generator does."""
    def law(self, *args, size=None, key=None, **keywords):
        values = list(args[:len(arguments)])
        rest = list(args[len(arguments):])
        size = rest.pop(0) if rest else size
        for parameter, default in list(zip(arguments, (None,) * (len(arguments) - len(defaults)) + tuple(defaults)))[len(values):]:
            if parameter not in keywords and default is None:
                raise TypeError(f"bm.random.{name} needs {parameter!r}")
            values.append(keywords.pop(parameter, default))
        if keywords or rest:
            raise TypeError(f"bm.random.{name} has no argument {next(iter(keywords), rest)!r}; it takes {', '.join(arguments)}, size, key")
        return self._draw(name, size, values, lambda g, *p: getattr(g, numpy_name or name)(*p, size=size), key, kind)
    law.__name__ = name
    law.__doc__ = f"{name}({', '.join(arguments)}, size=None, key=None)"
    setattr(RandomState, name, law)


for _name, _arguments, *_rest in (
        ("beta", ("a", "b")), ("gamma", ("shape", "scale"), "f", None, (1.,)), ("standard_gamma", ("shape",)), ("standard_t", ("df",)),
        ("t", ("df",), "f", "standard_t"), ("gumbel", ("loc", "scale"), "f", None, (0., 1.)), ("laplace", ("loc", "scale"), "f", None, (0., 1.)),
        ("logistic", ("loc", "scale"), "f", None, (0., 1.)), ("standard_cauchy", ()),
        ("lognormal", ("mean", "sigma"), "f", None, (0., 1.)), ("binomial", ("n", "p"), "i"), ("chisquare", ("df",)),
        ("dirichlet", ("alpha",)), ("geometric", ("p",), "i"), ("f", ("dfnum", "dfden")), ("multinomial", ("n", "pvals"), "i"),
        ("negative_binomial", ("n", "p"), "i"), ("noncentral_chisquare", ("df", "nonc")), ("noncentral_f", ("dfnum", "dfden", "nonc")),
        ("power", ("a",)), ("rayleigh", ("scale",), "f", None, (1.,)), ("vonmises", ("mu", "kappa")), ("wald", ("mean", "scale")),
        ("weibull", ("a",)), ("zipf", ("a",), "i"), ("hypergeometric", ("ngood", "nbad", "nsample"), "i"), ("logseries", ("p",), "i")):
    _add_law(_name, _arguments, *_rest)


def _weibull_min(self, a, scale=None, size=None, key=None):
    """Weibull numbers times `scale`."""
    out = self.weibull(a, size=size, key=key)
    return out if scale is None else out * scale


def _pareto(self, a, size=None, key=None):
    """Pareto numbers of at least 1, as BrainPy's (NumPy's are these minus 1)."""
    return self._draw("pareto", size, (a,), lambda g, b: g.pareto(b, size) + 1., key)


def _loggamma(self, a, size=None, key=None):
    return Array(np.log(np.asarray(self.gamma(a, size=size, key=key))))


def _triangular(self, size=None, key=None):
    """-1 or 1, by halves (what BrainPy 2.4 gives under this name)."""
    return 2 * self.bernoulli(0.5, size, key).astype(mode.int_) - 1


for _name, _function in {"weibull_min": _weibull_min, "loggamma": _loggamma, "triangular": _triangular, "pareto": _pareto}.items():
    setattr(RandomState, _name, _function)
DEFAULT = RandomState()


def seed(seed=None):
    """Starts bm.random and NumPy's global generator anew."""
    DEFAULT.seed(seed)
    np.random.seed(None if seed is None else int(seed) % 2**32)


def clone_rng(seed_or_key=None, clone=True):
    """A generator: the default one (or its clone) without a seed, else a new one."""
    if seed_or_key is None:
        return DEFAULT.clone() if clone else DEFAULT
    if isinstance(seed_or_key, RandomState):
        return seed_or_key.clone() if clone else seed_or_key
    return RandomState(seed_or_key)


default_rng = clone_rng


_missing = absent(__name__, "bm.random", names=vars(RandomState))


def __getattr__(name):
    if name.startswith("_") or not hasattr(RandomState, name):
        return _missing(name)
    return getattr(DEFAULT, name)
