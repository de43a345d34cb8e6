"""`bm.sparse`: products with sparse matrices in three forms.

    bm.sparse.csrmv(w, indices, indptr, x, shape=(n, m)); bm.sparse.csr_to_dense(w, indices, indptr, shape=(n, m))
"""
import numpy as np

from .._array import Array, unwrap
from .._graph import csr_product, dtype_of, put
from ._tracing import has_node, plain
from .segments import segment_sum

__all__ = ["coo_to_csr", "coomv", "csr_to_coo", "csr_to_dense", "csrmv", "seg_matmul"]


def _ids(x, name, limit):
    x = plain(Array(x), name)
    if x.ndim != 1 or x.dtype.kind not in "iu":
        raise ValueError(f"{name} must be whole numbers along one axis, not {x.dtype}{list(x.shape)}")
    if x.size and (x.min() < 0 or x.max() >= limit):
        raise ValueError(f"{name} must be in [0, {limit}), they go from {x.min()} to {x.max()}")
    return x


def _checked(data, indices, indptr, shape):
    rows, columns = (int(n) for n in shape)
    indices = _ids(indices, "indices", columns)
    indptr = _ids(indptr, "indptr", indices.size + 1)
    if indptr.size != rows + 1 or indptr[-1] != indices.size or np.any(np.diff(indptr) < 0):
        raise ValueError(f"indptr must have {rows + 1} numbers that do not fall and end with {indices.size}")
    data = Array(data)
    if data.size not in (1, indices.size):
        raise ValueError(f"data must be one number or one for each of {indices.size} places, not of the shape {data.shape}")
    return data, indices, indptr


def _vector(x, length, name):
    x = Array(x)
    if x.shape != (length,):
        raise ValueError(f"{name} must be of the shape {(length,)}, not {x.shape}")
    return x


def csrmv(data, indices, indptr, vector, *, shape, transpose=False, method="cusparse"):
    """The (shape) matrix of rows `indptr`, columns `indices` and values `data` (one, or one a place) times a vector; or its transpose."""
    data, indices, indptr = _checked(data, indices, indptr, shape)
    rows, columns = (int(n) for n in shape)
    if transpose:
        vector = _vector(vector, rows, "the vector")
        return Array(csr_product(unwrap(vector), data.value, indices, indptr, columns))
    vector = _vector(vector, columns, "the vector")
    row = csr_to_coo(indices, indptr)[0].value
    order = np.argsort(indices, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(indices, minlength=columns))]).astype(np.int32)
    data = data[order] if data.size > 1 else data
    return Array(csr_product(unwrap(vector), data.value, row[order].astype(np.int32), start, rows))


def coomv(data, row, col, vector, *, shape, rows_sorted=False, cols_sorted=False, transpose=False, method="cusparse"):
    """The same with the row and the column of each place."""
    row, col = _ids(row, "row", int(shape[0])), _ids(col, "col", int(shape[1]))
    if row.shape != col.shape:
        raise ValueError(f"rows and columns must be as many, not {row.size} and {col.size}")
    order = np.argsort(row, kind="stable")
    data = Array(data)
    data = data[order] if data.size > 1 else data
    indices, indptr = coo_to_csr(row, col, num_row=int(shape[0]))
    return csrmv(data, indices, indptr, vector, shape=shape, transpose=transpose)


def coo_to_csr(pre_ids, post_ids, *, num_row):
    """(indices, indptr) of pairs; pairs of one row keep their order."""
    pre, post = _ids(pre_ids, "pre_ids", int(num_row)), plain(Array(post_ids), "post_ids")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(pre, minlength=int(num_row)))]).astype(np.int32)
    return Array(post[np.argsort(pre, kind="stable")]), Array(indptr)


def csr_to_coo(indices, indptr):
    """(rows, columns) of the places."""
    indices, indptr = plain(Array(indices)), plain(Array(indptr))
    return Array(np.repeat(np.arange(indptr.size - 1, dtype=dtype_of("i")), np.diff(indptr))), Array(indices)


def csr_to_dense(data, indices, indptr, *, shape):
    """The matrix with all its zeros; repeated places add."""
    data, indices, indptr = _checked(data, indices, indptr, shape)
    row = csr_to_coo(indices, indptr)[0].value
    place = row.astype(np.int64) * int(shape[1]) + indices
    values = data + np.zeros(indices.size, dtype_of("f")) if data.size == 1 else data
    zeros = np.zeros(int(shape[0]) * int(shape[1]), dtype_of("f"))
    return Array(put(zeros, values.value, place, True)).reshape(tuple(int(n) for n in shape))


def seg_matmul(A, B):
    """A @ B where one is sparse: a dict of data, index (rows, columns) and shape, and the other a vector or matrix."""
    left = isinstance(A, dict)
    if left == isinstance(B, dict):
        raise ValueError("seg_matmul wants one sparse matrix, a dict of data, index and shape, and one dense array")
    sparse, dense = (A, Array(B)) if left else (B, Array(A))
    missing = [k for k in ("data", "index", "shape") if k not in sparse]
    if missing:
        raise ValueError(f"the sparse matrix has no {missing[0]!r}; it wants data, index and shape")
    if dense.ndim not in (1, 2):
        raise ValueError(f"the dense factor must have one or two axes, not {dense.ndim}")
    rows, columns = sparse["shape"]
    row, col = _ids(sparse["index"][0], "rows", rows), _ids(sparse["index"][1], "columns", columns)
    if dense.ndim == 1:
        return coomv(sparse["data"], row, col, dense, shape=(rows, columns), transpose=not left)
    if has_node(dense):
        return _rows_of(sparse, row, col, dense, left)
    values = Array(sparse["data"]).flatten().reshape((-1, 1))
    if left:
        return segment_sum(dense[col] * values, row, rows)
    return segment_sum(dense.T[row] * values, col, columns).T


def _rows_of(sparse, row, col, dense, left):
    """A traced matrix, one vector after another."""
    from .shapes import stack
    vectors = dense.T if left else dense
    out = [coomv(sparse["data"], row, col, vectors[k], shape=sparse["shape"], transpose=not left) for k in range(len(vectors))]
    return stack(out, 1 if left else 0)
