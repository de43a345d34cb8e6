"""Connections that are given: a matrix, pairs, compressed rows."""
import numpy as np

from ..errors import ConnectorError
from .base import TwoEndConnector, size_of


def _whole(ids, name):
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise ConnectorError(f"{name} are whole numbers along one axis, not {ids.dtype}{list(ids.shape)}")
    return ids


class _Given(TwoEndConnector):
    def _sized(self, pre_size, post_size, known):
        for size, wanted, what in zip((pre_size, post_size), known, ("sources", "targets")):
            if wanted is not None and int(np.prod(size_of(size))) != wanted:
                raise ConnectorError(f"the connections are of {wanted} {what}, the group has {int(np.prod(size_of(size)))}")
        return TwoEndConnector.__call__(self, pre_size, post_size)


class MatConn(_Given):
    """The places of a (pre, post) matrix that are above 0."""

    def __init__(self, conn_mat, pre=None, post=None):
        self.conn_mat = np.asarray(conn_mat) > 0
        if self.conn_mat.ndim != 2:
            raise ConnectorError(f"a connection matrix has two axes, not {self.conn_mat.ndim}")
        super().__init__(self.conn_mat.shape[0] if pre is None else pre, self.conn_mat.shape[1] if post is None else post)

    def __call__(self, pre_size, post_size):
        return self._sized(pre_size, post_size, self.conn_mat.shape)

    def build_mat(self):
        return self.conn_mat


class IJConn(TwoEndConnector):
    """Pairs: source i[k] to target j[k]. Their order is that of pre_ids and post_ids."""

    def __init__(self, i, j, pre=None, post=None):
        self.pre_ids, self.post_ids = _whole(i, "the sources"), _whole(j, "the targets")
        if self.pre_ids.size != self.post_ids.size:
            raise ConnectorError(f"{self.pre_ids.size} sources for {self.post_ids.size} targets")
        super().__init__(pre, post)

    def __call__(self, pre_size, post_size):
        super().__call__(pre_size, post_size)
        self._within(self.pre_ids, self.pre_num, "source")
        self._within(self.post_ids, self.post_num, "target")
        return self

    def build_coo(self):
        return self.pre_ids, self.post_ids


class CSRConn(_Given):
    """Compressed rows: source i reaches indices[inptr[i]:inptr[i + 1]]."""

    def __init__(self, indices, inptr, pre=None, post=None):
        self.indices, self.inptr = _whole(indices, "the indices"), _whole(inptr, "the row pointers")
        super().__init__(self.inptr.size - 1 if pre is None else pre, post)

    def __call__(self, pre_size, post_size):
        self._sized(pre_size, post_size, (self.inptr.size - 1, None))
        self._within(self.indices, self.post_num, "target")
        return self

    def build_csr(self):
        return self.indices, self.inptr


class SparseMatConn(CSRConn):
    """The places of a SciPy sparse matrix (pre, post)."""

    def __init__(self, csr_mat, pre=None, post=None):
        if not hasattr(csr_mat, "tocsr"):
            raise ConnectorError(f"SparseMatConn wants a matrix of scipy.sparse, not a {type(csr_mat).__name__}; use MatConn for arrays")
        self.csr_mat = csr_mat.tocsr()
        super().__init__(self.csr_mat.indices, self.csr_mat.indptr, pre, self.csr_mat.shape[1] if post is None else post)

    def __call__(self, pre_size, post_size):
        return self._sized(pre_size, post_size, self.csr_mat.shape)
