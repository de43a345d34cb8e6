"""Random connections by distance."""
import itertools
import math

import numpy as np

from ..errors import ConnectorError
from .base import OneEndConnector, RandomConnector, probability


def _ranges(size, given):
    """The pair (low, high) of each axis."""
    if given is None:
        return [(0., float(n)) for n in size]
    pairs = [given] * len(size) if len(given) and np.ndim(given[0]) == 0 else list(given)
    if len(pairs) != len(size) or any(len(p) != 2 or not p[0] < p[1] for p in pairs):
        raise ConnectorError(f"encoding_values are one pair (low, high), or one for each of {len(size)} axes, not {given!r}")
    return [(float(a), float(b)) for a, b in pairs]


def squared_distances(size, encoding_values=None, periodic=False):
    """The (n, n) matrix of squared distances of the elements' encoded values."""
    ranges = _ranges(size, encoding_values)
    axes = [np.linspace(a, b, n, endpoint=False) for (a, b), n in zip(ranges, size)]
    total = np.zeros((math.prod(size), math.prod(size)))
    for values, (low, high) in zip(np.meshgrid(*axes, indexing="ij"), ranges):
        distance = np.abs(values.reshape(-1, 1) - values.reshape(1, -1))
        if periodic:
            distance = np.minimum(distance, (high - low) - distance)
        total += distance ** 2
    return total


class GaussianProb(RandomConnector, OneEndConnector):
    """Within one group: with the probability exp(-d^2 / (2 sigma^2)), divided by the largest one if normalize.

    d: the distance between the elements' encoded values: along each axis of the group's size n equal steps from the first to before the
    second of encoding_values (one pair for all axes or one for each; 0 and n by default); periodic_boundary: around the ring."""

    def __init__(self, sigma, encoding_values=None, normalize=True, include_self=True, periodic_boundary=False, seed=None, pre=None, post=None):
        if not sigma > 0:
            raise ConnectorError(f"sigma must be positive, not {sigma}")
        self.sigma, self.encoding_values, self.normalize = float(sigma), encoding_values, bool(normalize)
        self.include_self, self.periodic_boundary = bool(include_self), bool(periodic_boundary)
        super().__init__(seed, pre, post)

    def __repr__(self):
        return (f"GaussianProb(sigma={self.sigma}, normalize={self.normalize}, periodic_boundary={self.periodic_boundary}, "
                f"include_self={self.include_self}, seed={self.seed})")

    def probabilities(self):
        """The (n, n) matrix of probabilities."""
        out = np.exp(-0.5 * squared_distances(self.pre_size, self.encoding_values, self.periodic_boundary) / self.sigma ** 2)
        return out / out.max() if self.normalize else out

    def build_mat(self):
        chance = self.probabilities()
        matrix = chance >= self.rng.random(chance.shape)
        if not self.include_self:
            np.fill_diagonal(matrix, False)
        return matrix


class ProbDist(RandomConnector):
    """To the targets within a distance `dist`, each with the probability prob; a source has any with the probability pre_ratio.

    The distance is that of the places in the groups' sizes, which have the same number of axes. include_self=False: not the same place."""

    def __init__(self, dist=1, prob=1., pre_ratio=1., seed=None, include_self=True, pre=None, post=None):
        if not dist >= 0:
            raise ConnectorError(f"a distance is not negative, {dist} is")
        self.dist, self.include_self = float(dist), bool(include_self)
        self.prob, self.pre_ratio = probability(prob, "prob"), probability(pre_ratio, "pre_ratio")
        super().__init__(seed, pre, post)

    def build_coo(self):
        if len(self.pre_size) != len(self.post_size):
            raise ConnectorError(f"the groups' sizes {self.pre_size} and {self.post_size} must have the same number of axes")
        reach = [min(math.floor(self.dist), n) for n in (max(a, b) for a, b in zip(self.pre_size, self.post_size))]
        steps = np.array(list(itertools.product(*(range(-r, r + 1) for r in reach))))
        distance = np.sqrt((steps ** 2).sum(axis=1))
        steps = steps[(distance <= self.dist) & ((distance > 0) | self.include_self)]
        own = np.flatnonzero(self.rng.random(self.pre_num) < self.pre_ratio)
        there = np.stack(np.unravel_index(own, self.pre_size), axis=1)[:, None, :] + steps[None, :, :]
        inside = np.all((there >= 0) & (there < np.array(self.post_size)), axis=2)
        inside &= self.rng.random(inside.shape) <= self.prob
        pre = np.broadcast_to(own[:, None], inside.shape)[inside]
        return pre, np.ravel_multi_index(tuple(there[inside].T), self.post_size)
