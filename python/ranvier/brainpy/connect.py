"""Connections between groups: conn(pre_size, post_size).require('pre2post').

    c = bp.conn.FixedProb(0.1, seed=1)(100, 100); indices, indptr = c.require("pre2post")
"""
import numpy as np

from ._array import Array
from ._errors import UnsupportedError


def _count(size):
    return int(np.prod(size))


class TwoEndConnector:
    def __init__(self, pre=None, post=None):
        self.pre_num = self.post_num = None
        self._rows = None
        if pre is not None and post is not None:
            self(pre, post)

    def __call__(self, pre_size, post_size):
        self.pre_size, self.post_size = pre_size, post_size
        self.pre_num, self.post_num = _count(pre_size), _count(post_size)
        self._rows = None
        return self

    def build_csr(self):
        """(indices, indptr) as int32 arrays."""
        raise NotImplementedError

    def _csr(self):
        if self.pre_num is None:
            raise ValueError("the sizes are not known: call conn(pre_size, post_size) first")
        if self._rows is None:
            indices, indptr = self.build_csr()
            self._rows = np.asarray(indices, np.int32), np.asarray(indptr, np.int32)
        return self._rows

    def require(self, *names):
        """Structures by name: pre2post or csr (indices, indptr), post2pre or csc, coo, pre_ids, post_ids, conn_mat."""
        out = tuple(self._one(name) for name in names)
        return out[0] if len(out) == 1 else out

    requires = require

    def _one(self, name):
        indices, indptr = self._csr()
        if name in ("pre2post", "csr"):
            return Array(indices), Array(indptr)
        pre = np.repeat(np.arange(self.pre_num, dtype=np.int32), np.diff(indptr))
        if name in ("post2pre", "csc"):
            order = np.argsort(indices, kind="stable")
            counts = np.bincount(indices, minlength=self.post_num)
            return Array(pre[order]), Array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
        if name == "coo":
            return Array(pre), Array(indices)
        if name in ("pre_ids", "post_ids"):
            return Array(pre if name == "pre_ids" else indices)
        if name in ("conn_mat", "mat"):
            matrix = np.zeros((self.pre_num, self.post_num), bool)
            matrix[pre, indices] = True
            return Array(matrix)
        raise UnsupportedError(f"the structure {name!r} is not there", "use pre2post, post2pre, csr, csc, coo, pre_ids, post_ids or conn_mat")


def _from_pairs(pre, post, pre_num, post_num):
    pre, post = np.asarray(pre), np.asarray(post)
    if pre.shape != post.shape or pre.ndim != 1:
        raise ValueError(f"pairs need two lists of one length, not of shapes {pre.shape} and {post.shape}")
    if pre.size and (pre.min() < 0 or pre.max() >= pre_num or post.min() < 0 or post.max() >= post_num):
        raise ValueError(f"a pair is outside of {pre_num} x {post_num} elements")
    order = np.argsort(pre, kind="stable")
    return post[order], np.concatenate([[0], np.cumsum(np.bincount(pre, minlength=pre_num))])


class FixedProb(TwoEndConnector):
    """Each source has int(prob * post_num) distinct targets, drawn uniformly (with allow_multi_conn: with replacement)."""

    def __init__(self, prob, pre_ratio=1., include_self=True, allow_multi_conn=False, seed=None, pre=None, post=None):
        if not 0. <= prob <= 1.:
            raise ValueError(f"prob must be in [0, 1], not {prob}")
        if pre_ratio != 1.:
            raise UnsupportedError("FixedProb with a pre_ratio below 1", "use IJConn with the pairs")
        self.prob, self.include_self, self.allow_multi_conn = prob, include_self, allow_multi_conn
        self.seed = int(np.random.randint(0, 10**7)) if seed is None else seed
        super().__init__(pre, post)

    def _out_degree(self):
        return int(self.post_num * self.prob)

    def build_csr(self):
        if not self.include_self and self.pre_num != self.post_num:
            raise ValueError("include_self=False needs as many sources as targets")
        k, n = self._out_degree(), self.post_num
        generator = np.random.default_rng(self.seed)
        blocks, chunk = [np.zeros((0, k), np.int32)], max(1, 4_000_000 // max(n, 1))
        for start in range(0, self.pre_num, chunk):
            rows = min(chunk, self.pre_num - start)
            if self.allow_multi_conn or k == 0:
                blocks.append(generator.integers(0, n, (rows, k), dtype=np.int32))
            elif k == n:
                blocks.append(np.tile(np.arange(n, dtype=np.int32), (rows, 1)))
            else:
                blocks.append(np.argpartition(generator.random((rows, n), dtype=np.float32), k, axis=1)[:, :k].astype(np.int32))
        targets = np.concatenate(blocks)
        keep = np.ones(targets.shape, bool) if self.include_self else targets != np.arange(self.pre_num)[:, None]
        return targets[keep], np.concatenate([[0], np.cumsum(keep.sum(axis=1))])


class FixedPostNum(FixedProb):
    """Each source has `num` distinct targets."""

    def __init__(self, num, **keywords):
        self.fixed = int(num)
        super().__init__(0., **keywords)

    def _out_degree(self):
        if not 0 <= self.fixed <= self.post_num:
            raise ValueError(f"{self.fixed} distinct targets of {self.post_num}")
        return self.fixed


class All2All(TwoEndConnector):
    def __init__(self, include_self=True, pre=None, post=None):
        self.include_self = include_self
        super().__init__(pre, post)

    def build_csr(self):
        matrix = np.ones((self.pre_num, self.post_num), bool)
        if not self.include_self:
            np.fill_diagonal(matrix, False)
        pre, post = np.nonzero(matrix)
        return _from_pairs(pre, post, self.pre_num, self.post_num)


class One2One(TwoEndConnector):
    def build_csr(self):
        if self.pre_num != self.post_num:
            raise ValueError(f"One2One needs equal sizes, not {self.pre_num} and {self.post_num}")
        return np.arange(self.pre_num), np.arange(self.pre_num + 1)


class MatConn(TwoEndConnector):
    def __init__(self, conn_mat, pre=None, post=None):
        self.matrix = np.asarray(conn_mat, bool)
        super().__init__(pre, post)

    def build_csr(self):
        if self.matrix.shape != (self.pre_num, self.post_num):
            raise ValueError(f"the matrix is {self.matrix.shape}, the groups {self.pre_num} x {self.post_num}")
        return _from_pairs(*np.nonzero(self.matrix), self.pre_num, self.post_num)


class IJConn(TwoEndConnector):
    def __init__(self, i, j, pre=None, post=None):
        self.i, self.j = np.asarray(i), np.asarray(j)
        super().__init__(pre, post)

    def build_csr(self):
        return _from_pairs(self.i, self.j, self.pre_num, self.post_num)


class CSRConn(TwoEndConnector):
    def __init__(self, indices, inptr, pre=None, post=None):
        self.given = np.asarray(indices), np.asarray(inptr)
        super().__init__(pre, post)

    def build_csr(self):
        indices, indptr = self.given
        if len(indptr) != self.pre_num + 1 or indptr[-1] != len(indices) or np.any(np.diff(indptr) < 0):
            raise ValueError("the row pointers do not fit the sources and indices")
        if len(indices) and (np.min(indices) < 0 or np.max(indices) >= self.post_num):
            raise ValueError(f"an index is outside of {self.post_num} targets")
        return indices, indptr
