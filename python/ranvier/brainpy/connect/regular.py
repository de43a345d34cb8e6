"""Connections without chance: one to one, all to all, neighbours on a grid."""
import itertools

import numpy as np

from ..errors import ConnectorError
from .base import OneEndConnector, TwoEndConnector


class One2One(TwoEndConnector):
    """Element k to element k."""

    def __call__(self, pre_size, post_size):
        super().__call__(pre_size, post_size)
        if self.pre_num != self.post_num:
            raise ConnectorError(f"One2One wants as many targets as sources, not {self.pre_num} and {self.post_num}")
        return self

    def build_csr(self):
        return np.arange(self.pre_num), np.arange(self.pre_num + 1)


class All2All(TwoEndConnector):
    """Every source to every target; include_self=False: not k to k."""

    def __init__(self, include_self=True, pre=None, post=None):
        self.include_self = bool(include_self)
        super().__init__(pre, post)

    def __repr__(self):
        return f"All2All(include_self={self.include_self})"

    def build_csr(self):
        pre, post = self.pre_num, self.post_num
        if self.include_self:
            return np.tile(np.arange(post, dtype=np.int32), pre), np.arange(pre + 1) * post
        return np.nonzero(self.build_mat())[1], np.concatenate([[0], np.cumsum(self.build_mat().sum(axis=1))])

    def build_mat(self):
        matrix = np.ones((self.pre_num, self.post_num), bool)
        if not self.include_self:
            np.fill_diagonal(matrix, False)
        return matrix


class _Grid(OneEndConnector):
    def __init__(self, include_self=False, periodic_boundary=False, pre=None, post=None):
        self.include_self, self.periodic_boundary = bool(include_self), bool(periodic_boundary)
        super().__init__(pre, post)

    def __repr__(self):
        return f"{type(self).__name__}(include_self={self.include_self}, periodic_boundary={self.periodic_boundary})"

    def _steps(self, dimensions):
        """(number, dimensions) steps to neighbours."""
        raise NotImplementedError

    def build_coo(self):
        size = np.array(self.pre_size)
        place = np.stack(np.unravel_index(np.arange(self.pre_num), self.pre_size), axis=1)
        there = place[:, None, :] + self._steps(size.size)[None, :, :]
        if self.periodic_boundary:
            there = there % size
        inside = np.all((there >= 0) & (there < size), axis=2)
        pre = np.broadcast_to(np.arange(self.pre_num)[:, None], inside.shape)[inside]
        post = np.ravel_multi_index(tuple(there[inside].T), self.pre_size)
        if not self.include_self:
            pre, post = pre[pre != post], post[pre != post]
        pairs = np.unique(np.stack([pre, post], axis=1), axis=0)  # around a small ring a neighbour is met twice
        return pairs[:, 0], pairs[:, 1]


class GridFour(_Grid):
    """The neighbours at one step along one axis of the group's size."""

    def _steps(self, dimensions):
        steps = [np.zeros(dimensions, int)] if self.include_self else []
        for axis, sign in itertools.product(range(dimensions), (-1, 1)):
            steps.append(np.eye(dimensions, dtype=int)[axis] * sign)
        return np.stack(steps)


class GridN(_Grid):
    """The neighbours at up to N steps along each axis."""

    def __init__(self, N=1, include_self=False, periodic_boundary=False, pre=None, post=None):
        if int(N) != N or N < 1:
            raise ConnectorError(f"N is a whole number of steps from 1 on, not {N}")
        self.N = int(N)
        super().__init__(include_self, periodic_boundary, pre, post)

    def __repr__(self):
        return f"GridN(N={self.N}, include_self={self.include_self}, periodic_boundary={self.periodic_boundary})"

    def _steps(self, dimensions):
        steps = np.array(list(itertools.product(range(-self.N, self.N + 1), repeat=dimensions)))
        return steps if self.include_self else steps[np.any(steps != 0, axis=1)]


class GridEight(GridN):
    """GridN with N = 1."""

    def __init__(self, include_self=False, periodic_boundary=False, pre=None, post=None):
        super().__init__(1, include_self, periodic_boundary, pre, post)

    __repr__ = _Grid.__repr__


one2one, all2all, grid_four, grid_eight = One2One(), All2All(), GridFour(), GridEight()
