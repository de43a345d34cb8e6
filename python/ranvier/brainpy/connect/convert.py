"""One connectivity in three forms: matrix (pre, post) of booleans; pairs (pre ids, post ids); compressed rows (indices, indptr).

    indices, indptr = coo2csr((pre, post), num_pre)
"""
import numpy as np

from .._array import Array

IDX_DTYPE = np.int32


def values(x):
    return np.asarray(x)


def _like(given, *out):
    """Arrays where Arrays were given."""
    out = tuple(Array(o) if isinstance(given, Array) else o for o in out)
    return out[0] if len(out) == 1 else out


def counted(ids, count):
    """Row pointers of ids in 0 .. count - 1."""
    sums = np.concatenate([[0], np.cumsum(np.bincount(ids, minlength=count))])
    return sums.astype(IDX_DTYPE)


def mat2coo(dense):
    """(pre ids, post ids) of the places above 0, row by row."""
    pre, post = np.nonzero(values(dense) > 0)
    return _like(dense, pre.astype(IDX_DTYPE), post.astype(IDX_DTYPE))


def mat2csr(dense):
    """(indices, indptr) of the places above 0."""
    return coo2csr(mat2coo(dense), np.shape(dense)[0])


def mat2csc(dense):
    """The same of the transposed matrix."""
    pre, post = mat2coo(dense)
    return coo2csr((post, pre), np.shape(dense)[1])


def coo2csr(coo, num_pre):
    """(indices, indptr); pairs of one row keep their order."""
    pre, post = values(coo[0]), values(coo[1])
    return _like(coo[0], post[np.argsort(pre, kind="stable")].astype(IDX_DTYPE), counted(pre, num_pre))


def coo2csc(coo, post_num, data=None):
    """(pre ids by target, column pointers[, data by target])."""
    pre, post = values(coo[0]), values(coo[1])
    order = np.argsort(post, kind="stable")
    out = [pre[order].astype(IDX_DTYPE), counted(post, post_num)] + ([] if data is None else [values(data)[order]])
    return _like(coo[0], *out)


def coo2mat(ij, num_pre, num_post):
    """The matrix of pairs."""
    matrix = np.zeros((num_pre, num_post), bool)
    matrix[values(ij[0]), values(ij[1])] = True
    return _like(ij[0], matrix)


def csr2coo(csr):
    """(pre ids, post ids), row by row."""
    indices, indptr = values(csr[0]), values(csr[1])
    return _like(csr[0], np.repeat(np.arange(indptr.size - 1, dtype=IDX_DTYPE), np.diff(indptr)), indices)


def csr2csc(csr, post_num, data=None):
    """(pre ids by target, column pointers[, data by target])."""
    return coo2csc(csr2coo(csr), post_num, data)


def csr2mat(csr, num_pre, num_post):
    """The matrix of compressed rows."""
    return coo2mat(csr2coo(csr), num_pre, num_post)


def coo2mat_num(ij, num_pre, num_post, num, seed=0):
    """The matrix of `num` of the pairs, chosen at random."""
    pre, post = values(ij[0]), values(ij[1])
    chosen = np.random.default_rng(seed).choice(pre.size, num, replace=False)
    return coo2mat((pre[chosen], post[chosen]), num_pre, num_post)


def mat2mat_num(mat, num, seed=0):
    """The matrix with `num` of its places, chosen at random."""
    return coo2mat_num(mat2coo(values(mat)), *np.shape(mat), num=num, seed=seed)


def visualizeMat(mat, description="", show=True):  # noqa: N802 (BrainPy's name)
    """An image of the matrix; its axes."""
    from ..visualize import _pyplot
    plt = _pyplot()
    axes = plt.gca()
    axes.imshow(values(mat), aspect="auto", interpolation="nearest")
    axes.set(xlabel="post", ylabel="pre", title=description)
    if show:
        plt.show()
    return axes
