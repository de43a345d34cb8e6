"""Random graphs within one group: small worlds and graphs whose degrees follow power laws."""
import numpy as np

from ..errors import ConnectorError
from .base import RandomConnector, probability


class SmallWorld(RandomConnector):
    """Watts and Strogatz 1998: a ring in which each has num_neighbor neighbours (half of them to each side), whose edges are rewired with
    the probability prob to an element drawn uniformly of those that are not connected yet. directed: both directions on their own."""

    def __init__(self, num_neighbor, prob, directed=False, include_self=False, seed=None, pre=None, post=None):
        if num_neighbor < 1:
            raise ConnectorError(f"num_neighbor is a whole number from 1 on, not {num_neighbor}")
        self.num_neighbor, self.prob = int(num_neighbor), probability(prob, "prob")
        self.directed, self.include_self = bool(directed), bool(include_self)
        super().__init__(seed, pre, post)

    def __repr__(self):
        return (f"SmallWorld(prob={self.prob}, directed={self.directed}, num_neighbor={self.num_neighbor}, "
                f"include_self={self.include_self}, seed={self.seed})")

    def build_mat(self):
        n = self._same_group()
        if len(self.pre_size) != 1:
            raise ConnectorError(f"SmallWorld is a ring: the group's size is one number, not {self.pre_size}")
        if self.num_neighbor > n:
            raise ConnectorError(f"num_neighbor={self.num_neighbor} is more than the {n} elements")
        if self.num_neighbor == n:
            return np.ones((n, n), bool)
        nodes, half = np.arange(n), self.num_neighbor // 2
        matrix = np.zeros((n, n), bool)
        for j in range(1, half + 1):
            matrix[nodes, (nodes + j) % n] = matrix[(nodes + j) % n, nodes] = True
        for j in range(1, half + 1):
            for u, v in zip(nodes, (nodes + j) % n):
                self._rewire(matrix, u, v, not self.directed)
                if self.directed:
                    self._rewire(matrix.T, u, v, False)
        return matrix

    def _rewire(self, matrix, u, v, both):
        """The edge u -> v goes elsewhere, perhaps; where both, also v -> u."""
        if not self.rng.random() < self.prob:
            return
        free = np.flatnonzero(~matrix[u])
        free = free if self.include_self else free[free != u]
        if not free.size:
            return
        w = self.rng.choice(free)
        matrix[u, v], matrix[u, w] = False, True
        if both:
            matrix[v, u], matrix[w, u] = False, True


class _Growing(RandomConnector):
    """Elements come one by one and choose among those that are there; a list in which each stands once an edge makes the choice."""

    def _subset(self, ends, count):
        """`count` distinct elements, each chosen by the number of its edges."""
        chosen = {}
        while len(chosen) < count:
            chosen[int(ends[self.rng.integers(len(ends))])] = None
        return list(chosen)

    def _link(self, matrix, source, targets):
        matrix[source, targets] = True
        if not self.directed:
            matrix[targets, source] = True


def _edges(value, name, n):
    if not 1 <= value < n:
        raise ConnectorError(f"{name} must be from 1 to {n - 1} for {n} elements, not {value}")


class ScaleFreeBA(_Growing):
    """Barabasi and Albert 1999: each new element has m edges to those that are there, chosen by their numbers of edges."""

    def __init__(self, m, directed=False, seed=None, pre=None, post=None):
        self.m, self.directed = int(m), bool(directed)
        super().__init__(seed, pre, post)

    def __repr__(self):
        return f"ScaleFreeBA(m={self.m}, directed={self.directed}, seed={self.seed})"

    def _number(self):
        return self.m

    def _limits(self, n):
        _edges(self.m, "m", n)
        return self.m

    def build_mat(self):
        n = self._same_group()
        first, m = self._limits(n), self._number()
        matrix, ends, targets = np.zeros((n, n), bool), [], list(range(m))
        for source in range(first, n):
            self._link(matrix, source, targets)
            ends += targets + [source] * m
            m = self._number()
            targets = self._subset(ends, m) if source + 1 < n else []
        return matrix


class ScaleFreeBADual(ScaleFreeBA):
    """Moshiri 2018: each new element has m1 edges with the probability p, else m2."""

    def __init__(self, m1, m2, p, directed=False, seed=None, pre=None, post=None):
        self.m1, self.m2, self.p = int(m1), int(m2), probability(p, "p")
        super().__init__(max(m1, m2), directed, seed, pre, post)

    def __repr__(self):
        return f"ScaleFreeBADual(m1={self.m1}, m2={self.m2}, p={self.p}, directed={self.directed}, seed={self.seed})"

    def _number(self):
        return self.m1 if self.rng.random() < self.p else self.m2

    def _limits(self, n):
        _edges(self.m1, "m1", n)
        _edges(self.m2, "m2", n)
        return max(self.m1, self.m2)

    def _subset(self, ends, count):
        return super()._subset(ends, min(count, len(set(ends))))


class PowerLaw(_Growing):
    """Holme and Kim 2002: as ScaleFreeBA, but after an edge the next one closes a triangle with the probability p."""

    def __init__(self, m, p, directed=False, seed=None, pre=None, post=None):
        self.m, self.p, self.directed = int(m), probability(p, "p"), bool(directed)
        super().__init__(seed, pre, post)

    def __repr__(self):
        return f"PowerLaw(m={self.m}, p={self.p}, directed={self.directed}, seed={self.seed})"

    def build_mat(self):
        n = self._same_group()
        if not 1 <= self.m <= n:
            raise ConnectorError(f"m must be from 1 to {n} for {n} elements, not {self.m}")
        matrix, ends = np.zeros((n, n), bool), list(range(self.m))
        for source in range(self.m, n):
            waiting = self._subset(ends, self.m)
            target = waiting.pop()
            self._join(matrix, ends, source, target)
            for _ in range(self.m - 1):
                near = np.flatnonzero(matrix[target] & ~matrix[source]) if self.rng.random() < self.p else np.zeros(0, int)
                near = near[near != source]
                if near.size:
                    self._join(matrix, ends, source, int(self.rng.choice(near)))
                else:
                    target = waiting.pop()
                    self._join(matrix, ends, source, target)
            ends += [source] * self.m
        return matrix

    def _join(self, matrix, ends, source, target):
        self._link(matrix, source, [target])
        ends.append(target)
