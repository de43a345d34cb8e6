"""Weights within one group that decay with the distance: matrices (n, n) of a group's size."""
import math

import numpy as np

from ..connect.distance import squared_distances
from .base import Initializer, sizes


def _finished(weights, smallest, include_self, dtype):
    from ..math import asarray
    if not include_self:
        np.fill_diagonal(weights, 0.)
    return asarray(np.where(np.abs(weights) < smallest, 0., weights), dtype)


class GaussianDecay(Initializer):
    """max_w exp(-d^2 / (2 sigma^2)), divided by the largest one if normalize; below min_w (max_w/200 by default) it is 0.

    d: the distance of the encoded values: n equal steps from the first to before the second of encoding_values along each axis (one pair, or
    one for each axis; 0 and n by default); periodic_boundary: around the ring."""

    def __init__(self, sigma, max_w, min_w=None, encoding_values=None, periodic_boundary=False, include_self=True, normalize=False):
        self.sigma, self.max_w, self.min_w = sigma, max_w, 0.005 * max_w if min_w is None else min_w
        self.encoding_values, self.periodic_boundary = encoding_values, periodic_boundary
        self.include_self, self.normalize = include_self, normalize

    def __call__(self, shape, dtype=None):
        weights = np.exp(-0.5 * squared_distances(sizes(shape), self.encoding_values, self.periodic_boundary) / self.sigma ** 2)
        if self.normalize:
            weights = weights / weights.max()
        weights = weights * self.max_w
        return _finished(np.where(weights < self.min_w, 0., weights), -math.inf, self.include_self, dtype)


class DOGDecay(Initializer):
    """The difference of two Gaussians, max_ws[0] exp(-d^2/(2 sigmas[0]^2)) - max_ws[1] exp(-d^2/(2 sigmas[1]^2)); where it is smaller than
    min_w (the smaller of max_ws / 200 by default) in size it is 0."""

    def __init__(self, sigmas, max_ws, min_w=None, encoding_values=None, periodic_boundary=False, normalize=True, include_self=True):
        (self.sigma_p, self.sigma_n), (self.max_w_p, self.max_w_n) = sigmas, max_ws
        self.min_w = 0.005 * min(max_ws) if min_w is None else min_w
        self.encoding_values, self.periodic_boundary = encoding_values, periodic_boundary
        self.normalize, self.include_self = normalize, include_self

    def __call__(self, shape, dtype=None):
        squared = squared_distances(sizes(shape), self.encoding_values, self.periodic_boundary)
        weights = self.max_w_p * np.exp(-0.5 * squared / self.sigma_p ** 2) - self.max_w_n * np.exp(-0.5 * squared / self.sigma_n ** 2)
        return _finished(weights, self.min_w, self.include_self, dtype)
