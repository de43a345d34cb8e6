"""Connection rules, and where neurons are (docs/connections.md).

    net.connect(E, I, bernoulli(0.02), ...)
    net.connect(E, E, fixed_outdegree(80, self_connections=False), ...)
    net.connect(E, I, gaussian_prob(100 * um), ...)            # E.positions = grid((40, 80), 25 * um, periodic=True)
    net.connect(E, I, matrix(weights * nS), ...)               # a NumPy array, or a SciPy sparse matrix
"""
from __future__ import annotations

from typing import Any

from . import _border, _core
from ._errors import user_error
from ._recipes import PlainNumber, lowered
from .expressions import Expression
from .units import Quantity, Unit

__all__ = ["Rule", "Positions", "bernoulli", "fixed_outdegree", "fixed_outdegree_fraction", "fixed_indegree", "fixed_indegree_fraction",
           "fixed_total", "one_to_one", "all_to_all", "grid_four", "grid_eight", "grid_n", "gaussian_prob", "exponential_prob", "dog_prob",
           "prob_dist", "small_world", "newman_watts", "scale_free_ba", "explicit_list", "matrix", "csr", "from_file", "symmetric",
           "grid", "random_box", "random_disc", "random_ball", "at_points"]


class _Made:
    """What a function of the library makes of plain arguments: a value that can be compared and pickled."""

    __slots__ = ("_core", "_recipe")
    _core: Any
    _recipe: tuple

    def _build(self):
        raise NotImplementedError

    def __init__(self, *_):
        raise TypeError(f"a {type(self).__name__} is made by a function, such as bernoulli(0.1) or grid((10, 10), 25 * um)")

    @classmethod
    def _made(cls, *recipe):
        self = object.__new__(cls)
        self._recipe = recipe
        self._core = self._build()
        return self

    def __reduce__(self):
        return (_again, (type(self), self._recipe))

    def __repr__(self) -> str:
        return self._core.text

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _again(cls, recipe):
    return cls._made(*recipe)


class Rule(_Made):
    """Who connects to whom. Nothing is drawn until a simulation is built; `law` says in a sentence what is fixed and what is random."""

    __slots__ = ("_weight_unit", "_shape")
    _weight_unit: Unit | None
    _shape: tuple[int, int | None] | None   # of a matrix; its columns may be unknown

    def _build(self):
        name, arguments, self_connections, multiple, self._shape = self._recipe
        self._weight_unit = None
        made = getattr(_core, name)(*_lists(name, arguments, self))
        if self_connections is not None:
            made = made.self_connections(bool(self_connections))
        return made if multiple is None else made.multiple(bool(multiple))

    @property
    def law(self) -> str:
        return self._core.law

    @property
    def pairs(self) -> Any:
        """(pre, post, weight, delay) of a list (weights in coherent units, delays in ms; empty: none), or None."""
        return self._core.pairs

    def __eq__(self, other) -> bool:
        return self._core.same(other._core) if isinstance(other, Rule) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._core)


def _lists(name, arguments, rule):
    """Arguments as the library takes them; weights in coherent units, whose unit the rule notes; delays in ms."""
    if name not in ("explicit_list", "csr", "symmetric", "matrix"):
        return lowered(list(arguments))
    out = []
    for what, x in zip({"explicit_list": ("pre", "post", "weight", "delay"), "csr": ("indptr", "indices", "weight"),
                        "symmetric": ("a", "b", "weight"), "matrix": ("weight",)}[name], arguments):
        if what == "weight" and x is not None:
            numbers, unit = _border.array(x, "weights")
            rule._weight_unit = Unit._of(unit)
            x = Quantity(numbers, Unit._made(unit, ()))._coherent if any(unit.dimension) else numbers
        elif what == "delay" and x is not None:
            if not isinstance(x, Quantity):
                from ._errors import unit_error
                raise unit_error("delays of a list", "must be in ms", "multiply them by ms")
            x = x.to("ms").magnitude
        out.append(x)
    return out


def _rule(name, *arguments, self_connections=None, multiple=None, shape=None):
    return Rule._made(name, arguments, self_connections, multiple, shape)


def _fraction(p, what="p"):
    p = _border.plain(p, what)
    if isinstance(p, Quantity):
        from ._errors import unit_error
        raise unit_error(what, f"is in {p.unit}", "give a plain number from 0 to 1")
    return p


def bernoulli(p, self_connections=None) -> Rule:
    """Each pair with probability p, independently. p may be an expression of distance(), or a text of one."""
    if isinstance(p, str):
        from .network import value_expression
        p = value_expression(p)
    if isinstance(p, Expression):
        return _rule("bernoulli_of", p, self_connections=self_connections)
    return _rule("bernoulli", PlainNumber(_fraction(p)), self_connections=self_connections)


def fixed_outdegree(k, self_connections=None, multiple=None) -> Rule:
    """Every source has exactly k targets."""
    return _rule("fixed_outdegree", _border.count(k, "k"), self_connections=self_connections, multiple=multiple)


def fixed_outdegree_fraction(p, self_connections=None, multiple=None) -> Rule:
    """Every source has exactly trunc(p * n_post) targets."""
    return _rule("fixed_outdegree_fraction", PlainNumber(_fraction(p)), self_connections=self_connections, multiple=multiple)


def fixed_indegree(k, self_connections=None, multiple=None) -> Rule:
    """Every target has exactly k sources."""
    return _rule("fixed_indegree", _border.count(k, "k"), self_connections=self_connections, multiple=multiple)


def fixed_indegree_fraction(p, self_connections=None, multiple=None) -> Rule:
    """Every target has exactly trunc(p * n_pre) sources."""
    return _rule("fixed_indegree_fraction", PlainNumber(_fraction(p)), self_connections=self_connections, multiple=multiple)


def fixed_total(n, self_connections=None, multiple=None) -> Rule:
    """Exactly n connections, uniform over all pairs."""
    return _rule("fixed_total", _border.count(n, "n"), self_connections=self_connections, multiple=multiple)


def one_to_one() -> Rule:
    """Source i to target i."""
    return _rule("one_to_one")


def all_to_all(self_connections=None) -> Rule:
    """Every pair."""
    return _rule("all_to_all", self_connections=self_connections)


def _shape(shape):
    if shape is None:
        return []
    shape = shape if isinstance(shape, (list, tuple)) else [shape]
    out = [_border.count(n, "shape") for n in shape]
    if any(n < 1 or n >= 2**32 for n in out):
        raise user_error("shape", f"is {tuple(out)}", "give positive numbers of neurons")
    return out


def grid_four(shape=None, periodic=False, self_connections=None) -> Rule:
    """The neighbours one step along one axis of a grid. Without shape: that of the populations' grid positions."""
    return _rule("grid_four", _shape(shape), bool(periodic), self_connections=self_connections)


def grid_eight(shape=None, periodic=False, self_connections=None) -> Rule:
    """The neighbours one step along any axes of a grid."""
    return _rule("grid_eight", _shape(shape), bool(periodic), self_connections=self_connections)


def grid_n(n, shape=None, periodic=False, self_connections=None) -> Rule:
    """The neighbours up to n steps along every axis of a grid."""
    return _rule("grid_n", _border.count(n, "n"), _shape(shape), bool(periodic), self_connections=self_connections)


def gaussian_prob(sigma, peak=1.0, self_connections=None) -> Rule:
    """Each pair with probability peak * exp(-d^2 / (2 sigma^2))."""
    return _rule("gaussian_prob", _border.plain(sigma, "sigma"), PlainNumber(_fraction(peak, "peak")), self_connections=self_connections)


def exponential_prob(scale, peak=1.0, self_connections=None) -> Rule:
    """Each pair with probability peak * exp(-d / scale)."""
    return _rule("exponential_prob", _border.plain(scale, "scale"), PlainNumber(_fraction(peak, "peak")), self_connections=self_connections)


def dog_prob(sigma, peak, surround_sigma, surround_peak, self_connections=None) -> Rule:
    """Each pair with a difference of two Gaussians of the distance as probability, 0 where it is negative."""
    return _rule("dog_prob", _border.plain(sigma, "sigma"), PlainNumber(_fraction(peak, "peak")), _border.plain(surround_sigma, "surround_sigma"),
                 PlainNumber(_fraction(surround_peak, "surround_peak")), self_connections=self_connections)


def prob_dist(radius, p=1.0, self_connections=None) -> Rule:
    """Each pair at most `radius` apart with probability p."""
    return _rule("prob_dist", _border.plain(radius, "radius"), PlainNumber(_fraction(p)), self_connections=self_connections)


def small_world(k, p, directed=False) -> Rule:
    """A ring of k neighbours whose edges are rewired with probability p (Watts and Strogatz 1998)."""
    return _rule("small_world", _border.count(k, "k"), PlainNumber(_fraction(p)), bool(directed))


def newman_watts(k, p, directed=False) -> Rule:
    """A ring of k neighbours with shortcuts added with probability p (Newman and Watts 1999)."""
    return _rule("newman_watts", _border.count(k, "k"), PlainNumber(_fraction(p)), bool(directed))


def scale_free_ba(m, directed=False) -> Rule:
    """Preferential attachment, m edges a vertex (Barabasi and Albert 1999)."""
    return _rule("scale_free_ba", _border.count(m, "m"), bool(directed))


def explicit_list(pre, post, weight=None, delay=None, self_connections=None, multiple=None) -> Rule:
    """These pairs: pre (S,) and post (S,) ids; weight (S,) with the unit of the projection's weight; delay (S,) with a unit of time."""
    return _rule("explicit_list", pre, post, weight, delay, self_connections=self_connections, multiple=multiple)


def matrix(weights, self_connections=None) -> Rule:
    """Rows are sources, columns targets: each entry other than 0 is a synapse of that weight; a boolean matrix says where synapses are, and
    the projection gives the weight. weights: an array (n_pre, n_post), with a unit, or a SciPy sparse matrix (`sparse, unit` as a tuple).
    """
    unit = None
    if isinstance(weights, tuple) and len(weights) == 2 and hasattr(weights[0], "tocsr"):
        weights, unit = weights[0], Unit(weights[1])
    if hasattr(weights, "tocsr"):
        rows = weights.tocsr()
        rows.sum_duplicates()
        boolean = rows.dtype.kind == "b"
        data = None if boolean else (rows.data * unit if unit is not None else rows.data)
        return _rule("csr", rows.indptr, rows.indices, data, self_connections=self_connections, shape=rows.shape)
    import numpy as np
    if not isinstance(weights, Quantity) and np.asarray(weights).dtype.kind == "b":
        return _rule("matrix_of_truth", np.asarray(weights), self_connections=self_connections, shape=np.shape(weights))
    return _rule("matrix", weights, self_connections=self_connections, shape=np.shape(weights.magnitude if isinstance(weights, Quantity) else weights))


def csr(indptr, indices, weight=None, self_connections=None, multiple=None) -> Rule:
    """Compressed rows: the targets of source i are indices[indptr[i]:indptr[i + 1]], with these weights."""
    import numpy as np
    return _rule("csr", indptr, indices, weight, self_connections=self_connections, multiple=multiple, shape=(np.size(indptr) - 1, None))


def from_file(path, self_connections=None, multiple=None) -> Rule:
    """The pairs of a text file, read now: one a line, `pre post [weight] [delay]`; weights in coherent units, delays in ms."""
    import os
    return _rule("from_file", os.fspath(path), self_connections=self_connections, multiple=multiple)


def symmetric(a, b, weight=None) -> Rule:
    """These pairs and their reverses, one weight a pair: for gap junctions."""
    return _rule("symmetric", a, b, weight)


# ------------------------------------------------------------------------------------------------------------------ positions

class Positions(_Made):
    """Where the neurons of a population are, in 1 to 3 dimensions; what is random in it is drawn when a simulation is built."""

    __slots__ = ()

    def _build(self):
        name, arguments, periodic, shifted = self._recipe
        made = getattr(_core, name)(*lowered(list(arguments)))
        if periodic is True:
            made = made.periodic()
        elif periodic:
            made = made.periodic_after(lowered(list(periodic)))
        return made.shifted(lowered(list(shifted))) if shifted else made

    def shifted(self, *by) -> Positions:
        """Moved by this vector, a length an axis."""
        name, arguments, periodic, _ = self._recipe
        return Positions._made(name, arguments, periodic, tuple(_border.plain(x, "shift") for x in by))

    @property
    def dimensions(self) -> int:
        return self._core.dimensions

    def __eq__(self, other) -> bool:
        return self._core.text == other._core.text if isinstance(other, Positions) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def _lengths(x, what):
    if isinstance(x, Quantity) and not isinstance(x.magnitude, float):
        return tuple(x)
    return tuple(_border.plain(each, what) for each in x) if isinstance(x, (list, tuple)) else (_border.plain(x, what),)


def _periodic(periodic):
    return periodic if isinstance(periodic, bool) else _lengths(periodic, "periodic")


def grid(shape, spacing, periodic=False) -> Positions:
    """Neuron (i, j, ...) at (i, j, ...) * spacing, the last axis fastest. periodic: space repeats, after the grid's extent or given lengths."""
    return Positions._made("grid", (_shape(shape), list(_lengths(spacing, "spacing"))), _periodic(periodic), None)


def random_box(*sides, periodic=False) -> Positions:
    """Uniform in [0, side) on each axis."""
    return Positions._made("random_box", ([_border.plain(s, "side") for s in sides],), _periodic(periodic), None)


def random_disc(radius) -> Positions:
    """Uniform inside a disc around the origin."""
    return Positions._made("random_disc", (_border.plain(radius, "radius"),), False, None)


def random_ball(radius) -> Positions:
    """Uniform inside a ball around the origin."""
    return Positions._made("random_ball", (_border.plain(radius, "radius"),), False, None)


def at_points(points, periodic=False) -> Positions:
    """points: an array (n, 1 to 3) of lengths."""
    if not isinstance(points, Quantity) or points.ndim != 2:
        from ._errors import unit_error
        raise unit_error("points", "must be an array (n, axes) of lengths", "multiply it by um")
    return Positions._made("at_points", (points.magnitude, points.unit), _periodic(periodic), None)
