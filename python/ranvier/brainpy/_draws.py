"""Random numbers of a traced step: laws as expressions of uniform and normal streams, which each step and element draws anew.

    value = draw(generator, "exponential", size, scale)     # a node; NotTraceable for laws that only NumPy has

Streams are counted by (seed of the run, stream, element, step), so results do not depend on how a loop is cut into workers.
"""
import numpy as np

from . import _context
from ._errors import NotTraceable
from ._graph import apply, broadcast_shapes, broadcast_to, cast, gather, lift, random_node
from ._inversion import binomial

_TINY = 2. ** -25  # half of the least distance of two uniform numbers in float32


class _Source:
    """The streams of one draw."""

    def __init__(self, trace, shape):
        self.trace, self.shape = trace, shape

    def uniform(self):
        return random_node("uniform", self.shape, self.trace.next_stream(), self.trace)

    def normal(self):
        return random_node("normal", self.shape, self.trace.next_stream(), self.trace)

    def poisson(self, mean):
        return random_node("poisson", self.shape, self.trace.next_stream(), self.trace, broadcast_to(cast(lift(mean), "f"), self.shape))

    def exponential(self):
        return _neg(apply("log1p", _neg(self.uniform())))


def _neg(x):
    return apply("neg", x)


def _add(a, b):
    return apply("add", a, b)


def _mul(a, b):
    return apply("mul", a, b)


def _moved(value, loc, scale):
    value = value if scale is None else _mul(value, scale)
    return value if loc is None else _add(value, loc)


def _laplace(s, loc, scale):
    u = apply("sub", s.uniform(), 0.5 - _TINY)
    size = apply("log1p", _mul(apply("abs", u), -2. * (1. - 2. ** -22)))
    return _moved(_mul(apply("select", apply("lt", u, 0.), 1., -1.), size), loc, scale)


def _logistic(s, loc, scale):
    u = _add(s.uniform(), _TINY)
    return _moved(apply("log", apply("div", u, apply("sub", 1. + _TINY, u))), loc, scale)


def _randint(s, low, high):
    low, high = (0, low) if high is None else (low, high)
    number = apply("floor", _mul(s.uniform(), apply("sub", high, low)))
    return _add(cast(number, "i"), low)


def _choice(s, a, p):
    a = lift(a)
    if p is not None:
        edges = np.cumsum(np.asarray(lift(p), dtype=np.float64))
        u, index = s.uniform(), lift(0)
        for edge in edges[:-1]:
            index = _add(index, cast(apply("ge", u, float(edge / edges[-1])), "i"))
    else:
        index = _randint(s, a.size if a.ndim else a, None)
    return gather(a, index) if a.ndim else index


def _gumbel(s, loc, scale):
    inner = _neg(apply("log", _add(s.uniform(), _TINY)))
    return _moved(_neg(apply("log", apply("max", inner, 2. ** -25))), loc, scale)


def _geometric(s, p):
    return _add(cast(apply("floor", apply("div", _neg(s.exponential()), apply("log1p", _neg(lift(p))))), "i"), 1)


def _maxwell(s):
    parts = [s.normal() for _ in range(3)]
    squares = [_mul(x, x) for x in parts]
    return apply("sqrt", _add(_add(squares[0], squares[1]), squares[2]))


LAWS = {
    "uniform": lambda s, low, high: _add(low, _mul(s.uniform(), apply("sub", high, low))),
    "normal": lambda s, loc, scale: _moved(s.normal(), loc, scale),
    "poisson": lambda s, lam: cast(s.poisson(lam), "i"),
    "bernoulli": lambda s, p: apply("lt", s.uniform(), p),
    "exponential": lambda s, scale: _moved(s.exponential(), None, scale),
    "laplace": _laplace, "logistic": _logistic, "randint": _randint, "choice": _choice, "gumbel": _gumbel, "geometric": _geometric,
    "maxwell": _maxwell, "binomial": binomial,
    "lognormal": lambda s, mean, sigma: apply("exp", _moved(s.normal(), mean, sigma)),
    "pareto": lambda s, a: apply("exp", apply("div", s.exponential(), a)),
    "standard_cauchy": lambda s: apply("tan", _mul(apply("sub", s.uniform(), 0.5 - _TINY), np.pi)),
    "rayleigh": lambda s, scale: _mul(apply("sqrt", _mul(s.exponential(), 2.)), scale),
    "weibull": lambda s, a: apply("pow", s.exponential(), apply("div", 1., a)),
    "power": lambda s, a: apply("pow", s.uniform(), apply("div", 1., a)),
}


def draw(generator, law, size, *parameters):
    """A traced array of the law's numbers; `generator` has a part in the seed of the run."""
    trace = _context.following()
    if law not in LAWS:
        raise NotTraceable(f"bm.random.{law} has no compiled form", "compiled are " + ", ".join(sorted(LAWS)))
    if size is None:
        size = () if law == "choice" else broadcast_shapes(*[lift(p).shape for p in parameters if p is not None], ())
    shape = tuple(int(n) for n in size) if isinstance(size, (tuple, list)) else (int(size),)
    trace.generators.append(generator)
    return LAWS[law](_Source(trace, shape), *parameters)
