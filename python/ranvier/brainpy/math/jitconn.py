"""`bm.jitconn`: products with random matrices that are named by a probability, a law of the weights and a seed.

    bm.jitconn.mv_prob_homo(x, 0.5, 0.1, 123, shape=(n_out, n_in)); bm.jitconn.event_mv_prob_normal(spikes, 0., 1., 0.1, 1, shape=...)

The law is BrainPy's: along the rows of the matrix that is multiplied, the places follow one another at distances that are uniform
over 1 .. 2 ceil(1/p) - 2 (always 1 where p = 1). The matrix of a seed is made once and kept; the numbers are this package's own.
"""
import collections
import math

import numpy as np

from .._array import Array
from .._graph import dtype_of
from ._tracing import plain
from .sparse import csrmv

__all__ = ["event_mv_prob_homo", "event_mv_prob_normal", "event_mv_prob_uniform", "mv_prob_homo", "mv_prob_normal", "mv_prob_uniform"]
_kept: collections.OrderedDict[tuple, tuple] = collections.OrderedDict()
_MOST = 64


def _matrix(shape, probability, seed, law, *numbers):
    """(weights, indices, indptr) of the (rows, columns) matrix; the 64 used last are kept."""
    key = (shape, probability, seed, law, numbers, str(dtype_of("f")))
    if key not in _kept:
        generator = np.random.default_rng([int(seed), shape[0], shape[1]])
        indices, indptr = _places(generator, shape, probability)
        if law == "homo":
            weights = np.full((), numbers[0])
        elif law == "uniform":
            weights = generator.uniform(*numbers, indices.size)
        else:
            weights = generator.normal(*numbers, indices.size)
        _kept[key] = weights.astype(dtype_of("f")), indices, indptr
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _places(generator, shape, probability):
    rows, columns = shape
    far = 2 * math.ceil(1. / probability) - 2
    if far < 1:
        return np.tile(np.arange(columns, dtype=np.int32), rows), (np.arange(rows + 1) * columns).astype(np.int32)
    at, found = generator.integers(0, far + 1, rows), []
    while True:
        row = np.flatnonzero(at < columns)
        if not row.size:
            break
        found.append((row, at[row]))
        at = at + generator.integers(1, far + 1, rows)
    row = np.concatenate([f[0] for f in found]) if found else np.zeros(0, np.int64)
    column = np.concatenate([f[1] for f in found]) if found else row
    order = np.argsort(row, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
    return column[order].astype(np.int32), indptr.astype(np.int32)


def _number(x, name):
    x = np.asarray(plain(Array(x), f"jitconn with a traced {name}"))
    if x.size != 1:
        raise ValueError(f"{name} must be one number, not of the shape {x.shape}")
    return float(x.reshape(()))


def _product(law, vector, numbers, conn_prob, seed, shape, transpose, outdim_parallel, events):
    probability = _number(conn_prob, "conn_prob")
    if not 0. < probability <= 1.:
        raise ValueError(f"conn_prob must be in (0, 1], not {probability}")
    shape = tuple(int(n) for n in shape)
    seed = int(np.random.randint(0, 10**8)) if seed is None else int(_number(seed, "seed"))
    outputs, inputs = shape[::-1] if transpose else shape
    vector = Array(vector)
    if vector.shape != (inputs,):
        raise ValueError(f"the vector must be of the shape {(inputs,)}, not {vector.shape}")
    if events and vector.dtype != bool:
        vector = vector > 0
    if outdim_parallel:
        weights, indices, indptr = _matrix((outputs, inputs), probability, seed, law, *numbers)
        return csrmv(weights, indices, indptr, vector, shape=(outputs, inputs))
    weights, indices, indptr = _matrix((inputs, outputs), probability, seed, law, *numbers)
    return csrmv(weights, indices, indptr, vector, shape=(inputs, outputs), transpose=True)


def _make(law, names, events):
    def one(vector, weight, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
        return _product(law, vector, (_number(weight, names[0]),), conn_prob, seed, shape, transpose, outdim_parallel, events)

    def two(vector, first, second, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
        numbers = (_number(first, names[0]), _number(second, names[1]))
        return _product(law, vector, numbers, conn_prob, seed, shape, transpose, outdim_parallel, events)
    call = one if len(names) == 1 else two
    call.__name__ = call.__qualname__ = f"{'event_' if events else ''}mv_prob_{law}"
    call.__doc__ = (f"The random matrix of `shape` (or its transpose) times {'events' if events else 'a vector'}; arguments: vector, "
                    f"{', '.join(names)}, conn_prob, seed (None: one drawn from NumPy's generator).")
    return call


mv_prob_homo, event_mv_prob_homo = (_make("homo", ("weight",), e) for e in (False, True))
mv_prob_uniform, event_mv_prob_uniform = (_make("uniform", ("w_low", "w_high"), e) for e in (False, True))
mv_prob_normal, event_mv_prob_normal = (_make("normal", ("w_mu", "w_sigma"), e) for e in (False, True))
