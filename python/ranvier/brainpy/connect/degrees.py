"""Random connections with fixed numbers of targets, of sources, or of synapses.

Rows without repetition: more elements are drawn than are wanted, with repetition; of those that differ as many as are too many are taken
out again at random. All elements are treated alike at each stage, so that all sets are equally likely.
"""
import math

import numpy as np

from ..errors import ConnectorError
from . import convert
from .base import RandomConnector, probability

_CHUNK = 2 ** 20  # elements that are drawn at once: they stay in the cache


def distinct_rows(rng, rows, count, total):
    """(rows, count) whole numbers below total, each row of distinct ones in ascending order, all sets equally likely."""
    if count > total:
        raise ConnectorError(f"{count} distinct elements of {total}; with allow_multi_conn=True they may repeat")
    if count > total - count:  # the few that are left out are drawn
        keep = np.ones((rows, total), bool)
        np.put_along_axis(keep, distinct_rows(rng, rows, total - count, total), False, axis=1)
        return np.nonzero(keep)[1].reshape(rows, count).astype(np.int32)
    out, draws = np.empty((rows, count), np.int32), _draws(count, total)
    if count == 0:
        return out
    todo, at_once = np.arange(rows), max(1, _CHUNK // draws)
    while todo.size:
        short = []
        for start in range(0, todo.size, at_once):
            part = todo[start:start + at_once]
            enough = _draw_rows(rng, out, part, draws, total)
            short.append(part[~enough])
        todo = np.concatenate(short)
    return out


def _draws(count, total):
    """With so many draws at least `count` differ, but for one row in a million."""
    rate = -math.log1p(-count / total)
    left = math.exp(-rate)
    spread = math.sqrt(max(total * left * (1 - (1 + rate) * left), 0.))
    return math.ceil(total * rate + 5 * spread / left) + 4


def _draw_rows(rng, out, part, draws, total):
    """Fills the rows `part` of out; which of them had enough elements that differ."""
    drawn = np.sort(rng.integers(0, total, (part.size, draws), dtype=np.int32), axis=1)
    keep = np.ones(drawn.shape, bool)
    np.not_equal(drawn[:, 1:], drawn[:, :-1], out=keep[:, 1:])
    over = keep.sum(axis=1) - out.shape[1]
    enough = over >= 0
    if not enough.all():
        drawn, keep, over, part = drawn[enough], keep[enough], over[enough], part[enough]
    flat = keep.reshape(-1)
    while over.any():
        row = np.repeat(np.arange(over.size), over)
        place = row * draws + rng.integers(0, draws, row.size)
        place = np.unique(place[flat[place]])
        flat[place] = False
        over = over - np.bincount(place // draws, minlength=over.size)
    out[part] = drawn[keep].reshape(part.size, -1)
    return enough


class _Rows(RandomConnector):
    """Each source has a number of targets."""

    def __init__(self, include_self, allow_multi_conn, seed, pre, post):
        self.include_self, self.allow_multi_conn = bool(include_self), bool(allow_multi_conn)
        super().__init__(seed, pre, post)

    def _check_self(self):
        if not self.include_self and self.pre_num != self.post_num:
            raise ConnectorError(f"include_self=False wants as many sources as targets, not {self.pre_num} and {self.post_num}")

    def _choose(self, rows, count, total):
        if self.allow_multi_conn:
            return self.rng.integers(0, total, (rows, count), dtype=np.int32)
        return distinct_rows(self.rng, rows, count, total)

    def _compressed(self, chosen, own, rows):
        """(indices, indptr) of rows of chosen elements; `own`: the rows' numbers."""
        if not self.include_self:
            keep = chosen != own[:, None]
            sizes, chosen = keep.sum(axis=1), chosen[keep]
        else:
            sizes = np.full(own.size, chosen.shape[1])
        counts = np.zeros(rows, np.int64)
        counts[own] = sizes
        return chosen.reshape(-1), np.concatenate([[0], np.cumsum(counts)])


class FixedProb(_Rows):
    """Each source has int(prob post_num) targets, drawn uniformly without repetition (allow_multi_conn: with), of all targets.

    pre_ratio: the share of the sources, drawn uniformly, that have any. include_self=False: k to k is taken out afterwards. The
    matrix required alone has independent places of probability prob, in rows kept with probability pre_ratio."""

    def __init__(self, prob, pre_ratio=1., include_self=True, allow_multi_conn=False, seed=None, pre=None, post=None):
        self.prob, self.pre_ratio = probability(prob, "prob"), probability(pre_ratio, "pre_ratio")
        super().__init__(include_self, allow_multi_conn, seed, pre, post)

    def __repr__(self):
        return (f"FixedProb(prob={self.prob}, pre_ratio={self.pre_ratio}, include_self={self.include_self}, "
                f"allow_multi_conn={self.allow_multi_conn}, seed={self.seed})")

    def build_csr(self):
        self._check_self()
        own = np.arange(self.pre_num)
        if self.pre_ratio < 1.:
            own = np.sort(self.rng.choice(self.pre_num, int(self.pre_num * self.pre_ratio), replace=False))
        return self._compressed(self._choose(own.size, int(self.post_num * self.prob), self.post_num), own, self.pre_num)

    def build_mat(self):
        self._check_self()
        rows = self.rng.random((self.pre_num, 1)) < self.pre_ratio
        matrix = (self.rng.random((self.pre_num, self.post_num), dtype=np.float32) < np.float32(self.prob)) & rows
        if not self.include_self:
            np.fill_diagonal(matrix, False)
        return matrix


class _FixedNum(_Rows):
    def __init__(self, num, include_self=True, allow_multi_conn=False, seed=None, pre=None, post=None):
        self.num = _number_or_share(num)
        super().__init__(include_self, allow_multi_conn, seed, pre, post)

    def __repr__(self):
        return f"{type(self).__name__}(num={self.num}, include_self={self.include_self}, seed={self.seed})"

    def _count(self, total, what):
        count = int(total * self.num) if isinstance(self.num, float) else self.num
        if count > total and not self.allow_multi_conn:
            raise ConnectorError(f"num={count} is more than the {total} {what}")
        return count


def _number_or_share(num):
    if isinstance(num, (float, np.floating)):
        return probability(num, "num (a share)")
    if isinstance(num, bool) or not isinstance(num, (int, np.integer)) or num < 0:
        raise ConnectorError(f"num is a whole number that is not negative, or a share in [0., 1.], not {num!r}")
    return int(num)


class FixedPostNum(_FixedNum):
    """Each source has num targets (a whole number, or a share of all targets), drawn uniformly."""

    def build_csr(self):
        self._check_self()
        own = np.arange(self.pre_num)
        return self._compressed(self._choose(self.pre_num, self._count(self.post_num, "targets"), self.post_num), own, self.pre_num)


class FixedPreNum(_FixedNum):
    """Each target has num sources (a whole number, or a share of all sources), drawn uniformly."""

    def build_coo(self):
        self._check_self()
        own = np.arange(self.post_num)
        pre, pointers = self._compressed(self._choose(self.post_num, self._count(self.pre_num, "sources"), self.pre_num), own, self.post_num)
        return pre, convert.csr2coo((pre, pointers))[0]


class FixedTotalNum(RandomConnector):
    """num synapses (a whole number, or a share of all pairs), drawn uniformly of all pairs without repetition (allow_multi_conn: with)."""

    def __init__(self, num, allow_multi_conn=False, seed=None, pre=None, post=None):
        self.num, self.allow_multi_conn = _number_or_share(num), bool(allow_multi_conn)
        super().__init__(seed, pre, post)

    def __repr__(self):
        return f"FixedTotalNum(num={self.num}, seed={self.seed})"

    def build_coo(self):
        total = self.pre_num * self.post_num
        count = int(total * self.num) if isinstance(self.num, float) else self.num
        if self.allow_multi_conn:
            return self.rng.integers(0, self.pre_num, count), self.rng.integers(0, self.post_num, count)
        if count > total:
            raise ConnectorError(f"num={count} is more than the {total} pairs of {self.pre_num} sources and {self.post_num} targets")
        chosen = np.sort(self.rng.choice(total, count, replace=False, shuffle=False))
        return chosen // self.post_num, chosen % self.post_num
