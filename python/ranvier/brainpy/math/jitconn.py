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


def mv_prob_homo(vector, weight, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """The random matrix of `shape` (or its transpose) of one weight times a vector. seed None: one drawn from NumPy's generator."""
    return _product("homo", vector, (_number(weight, "weight"),), conn_prob, seed, shape, transpose, outdim_parallel, False)


def event_mv_prob_homo(events, weight, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """mv_prob_homo() of events: of truth values, or of numbers above 0."""
    return _product("homo", events, (_number(weight, "weight"),), conn_prob, seed, shape, transpose, outdim_parallel, True)


def mv_prob_uniform(vector, w_low, w_high, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """mv_prob_homo() with weights that are uniform over [w_low, w_high)."""
    numbers = (_number(w_low, "w_low"), _number(w_high, "w_high"))
    return _product("uniform", vector, numbers, conn_prob, seed, shape, transpose, outdim_parallel, False)


def event_mv_prob_uniform(events, w_low, w_high, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """event_mv_prob_homo() with weights that are uniform over [w_low, w_high)."""
    numbers = (_number(w_low, "w_low"), _number(w_high, "w_high"))
    return _product("uniform", events, numbers, conn_prob, seed, shape, transpose, outdim_parallel, True)


def mv_prob_normal(vector, w_mu, w_sigma, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """mv_prob_homo() with weights that are normal with the mean w_mu and the deviation w_sigma."""
    numbers = (_number(w_mu, "w_mu"), _number(w_sigma, "w_sigma"))
    return _product("normal", vector, numbers, conn_prob, seed, shape, transpose, outdim_parallel, False)


def event_mv_prob_normal(events, w_mu, w_sigma, conn_prob, seed=None, *, shape, transpose=False, outdim_parallel=True):
    """event_mv_prob_homo() with weights that are normal with the mean w_mu and the deviation w_sigma."""
    numbers = (_number(w_mu, "w_mu"), _number(w_sigma, "w_sigma"))
    return _product("normal", events, numbers, conn_prob, seed, shape, transpose, outdim_parallel, True)
