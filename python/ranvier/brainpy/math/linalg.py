"""`bm.linalg`: NumPy's functions of matrices, on arrays (TracingError in a trace, but for norms and powers).

    bm.linalg.norm(x, axis=1); bm.linalg.solve(a, b)
"""
import math
import operator

import numpy as np

from .._array import Array
from ._tracing import eager, has_node, plain, wrapped
from .elementwise import abs as _abs, sqrt
from .products import matmul
from .reductions import max as _max, min as _min, sum as _sum

for _name in ("cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_rank multi_dot pinv qr slogdet solve svd tensorinv "
              "tensorsolve").split():
    globals()[_name] = eager(_name, getattr(np.linalg, _name))


def norm(x, ord=None, axis=None, keepdims=False):
    """numpy.linalg.norm; of a traced vector, or along one axis, the orders 1, 2 and inf and -inf, and Frobenius' of anything."""
    if not has_node(x):
        return wrapped(np.linalg.norm(plain(Array(x)), ord, axis, keepdims))
    x = Array(x)
    if ord is None or (ord == 2 and (isinstance(axis, int) or x.ndim == 1)) or ord == "fro":
        return sqrt(_sum(x * x, axis=axis, keepdims=keepdims))
    if not (isinstance(axis, int) or x.ndim == 1) or ord not in (1, math.inf, -math.inf):
        plain(x, f"linalg.norm of the order {ord}")
    reduce = {1: _sum, math.inf: _max, -math.inf: _min}[ord]
    return reduce(_abs(x), axis=axis, keepdims=keepdims)


def matrix_power(a, n):
    """A square matrix multiplied with itself; traced for n of at least 1."""
    if not has_node(a):
        return wrapped(np.linalg.matrix_power(plain(Array(a)), n))
    n = operator.index(n)
    if n < 1:
        plain(a, f"linalg.matrix_power(x, {n})")
    out = Array(a)
    for _ in range(n - 1):
        out = matmul(out, a)
    return out
