"""Layers that carry values or events from one group to another: y = comm(x), x of the source's size, y of the target's."""
import numpy as np

from .. import math as bm
from .._array import Array, TrainVar
from .._graph import csr_product, lift
from .._parameters import parameter
from ..connect import TwoEndConnector
from .base import Layer
from .linear import Identity


class _Weighted(Layer):
    def _keep(self, weight, shape):
        weight = parameter(weight, shape, allow_none=False)
        self.weight = TrainVar(weight) if isinstance(self.mode, bm.TrainingMode) else weight

    def _connected(self, conn):
        if not isinstance(conn, TwoEndConnector):
            raise TypeError(f"{type(self).__name__}: conn must be a connector, not a {type(conn).__name__}")
        if conn.pre_num is None:
            raise ValueError(f"{type(self).__name__}: the connector has no sizes yet, call conn(pre_size, post_size)")
        self.conn = conn


def rows_of(x, function):
    """The function of a vector, for each vector of an array's last axis."""
    if x.ndim == 1:
        return function(x)
    flat = x.reshape((-1, x.shape[-1]))
    out = bm.stack([bm.asarray(function(flat[k])) for k in range(flat.shape[0])])
    return out.reshape(tuple(x.shape[:-1]) + (out.shape[-1],))


class AllToAll(_Weighted):
    """y_j = sum_i w_ij x_i; one number as weight: the sum of x times it. include_self=False leaves i = j out."""

    def __init__(self, num_pre, num_post, weight, sharding=None, include_self=True, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        self.num_pre, self.num_post, self.include_self, self.sharding = num_pre, num_post, include_self, sharding
        self._keep(weight, (num_pre, num_post))

    def update(self, pre_val):
        x = bm.asarray(pre_val)
        if np.ndim(self.weight) == 0:
            total = bm.sum(x, axis=-1, keepdims=True)
            if not self.include_self:
                shared = min(self.num_pre, self.num_post)
                own = x[..., :shared]
                if self.num_post > shared:
                    own = bm.concatenate([own, bm.zeros(tuple(x.shape[:-1]) + (self.num_post - shared,))], axis=-1)
                total = total - own
            return self.weight * (total + bm.zeros(self.num_post))
        if self.include_self:
            return x @ self.weight
        return x @ (self.weight * bm.asarray(1. - np.eye(self.num_pre, self.num_post)))


    def synapse_ends(self):
        """Index arrays of source and target of the weights."""
        return np.arange(self.num_pre)[:, None], np.arange(self.num_post)[None, :]


class OneToOne(_Weighted):
    """y = w x."""

    def __init__(self, num, weight, sharding=None, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        self.num, self.sharding = num, sharding
        self._keep(weight, (num,))

    def update(self, pre_val):
        return pre_val * self.weight

    def synapse_ends(self):
        return np.arange(self.num), np.arange(self.num)


class MaskedLinear(_Weighted):
    """y = x @ mask_fun(w * mask), mask: conn's matrix (of FixedProb: each pair by itself, not the rows of its CSR)."""

    def __init__(self, conn, weight, mask_fun=None, sharding=None, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        self._connected(conn)
        self.mask_fun, self.sharding = mask_fun or Identity(), sharding
        self._keep(weight, (conn.pre_num, conn.post_num))
        self.mask = conn.require("conn_mat")

    def update(self, x):
        matrix = self.weight * self.mask
        return bm.asarray(x) @ self.mask_fun(matrix if isinstance(matrix, Array) else bm.asarray(matrix))

    def synapse_ends(self):
        return np.arange(self.conn.pre_num)[:, None], np.arange(self.conn.post_num)[None, :]


class CSRLinear(_Weighted):
    """y_j = the sum of w x_i over the synapses i -> j; transpose=False: the other way, from targets to sources."""
    _events = False

    def __init__(self, conn, weight, sharding=None, mode=None, name=None, method="cusparse", transpose=True):
        super().__init__(mode=mode, name=name)
        self._connected(conn)
        self.sharding, self.method, self.transpose = sharding, method, transpose
        self.indices, self.indptr = conn.require("csr")
        self._keep(weight, (self.indices.size,))
        indices, indptr = np.asarray(self.indices), np.asarray(self.indptr)
        self._size = conn.post_num if transpose else conn.pre_num
        self._order = None
        if not transpose:
            sources = np.repeat(np.arange(conn.pre_num), np.diff(indptr))
            self._order = np.argsort(indices, kind="stable")
            indptr = np.concatenate([[0], np.cumsum(np.bincount(indices, minlength=conn.post_num))]).astype(np.int32)
            indices = sources[self._order].astype(np.int32)
        self._csr = indices, indptr

    def _product(self, x):
        weight = lift(self.weight)
        if self._order is not None and weight.size > 1:
            weight = lift(self.weight[self._order])
        return Array(csr_product(lift(x), weight, *self._csr, self._size))

    def update(self, x):
        x = bm.asarray(x)
        if self._events and x.dtype != bool:
            x = x != 0
        return rows_of(x, self._product)

    def synapse_ends(self):
        indptr = np.asarray(self.indptr)
        return np.repeat(np.arange(self.conn.pre_num), np.diff(indptr)), np.asarray(self.indices)


class EventCSRLinear(CSRLinear):
    """As CSRLinear, for events: x counts as true where it is not 0, and only rows of true elements are looked at."""
    _events = True

    def __init__(self, conn, weight, sharding=None, mode=None, name=None, transpose=True):
        super().__init__(conn, weight, sharding, mode, name, transpose=transpose)


class _JitFixedProb(Layer):
    """The random matrix (num_out, num_in) that a probability and a seed name (bm.jitconn), times x.

    transpose: x is of num_out elements, y of num_in. atomic: the places are drawn along the other axis of the matrix; so a layer and its
    transpose are of one matrix where one of them has atomic=True."""
    _law, _events = "", False

    def __init__(self, num_in, num_out, prob, seed=None, sharding=None, mode=None, name=None, transpose=False, atomic=False):
        super().__init__(mode=mode, name=name)
        self.num_in, self.num_out, self.prob, self.sharding = int(num_in), int(num_out), prob, sharding
        self.transpose, self.atomic = transpose, atomic
        self.seed = int(np.random.randint(0, 100000)) if seed is None else int(seed)

    def update(self, x):
        product = getattr(bm.jitconn, f"{'event_' if self._events else ''}mv_prob_{self._law}")
        return rows_of(bm.asarray(x), lambda v: product(v, *self._numbers(), self.prob, self.seed, shape=(self.num_out, self.num_in),
                                                        transpose=self.transpose, outdim_parallel=not self.atomic))


class JitFPHomoLinear(_JitFixedProb):
    """All weights are `weight`."""
    _law = "homo"

    def __init__(self, num_in, num_out, prob, weight, seed=None, sharding=None, mode=None, name=None, transpose=False, atomic=False):
        super().__init__(num_in, num_out, prob, seed, sharding, mode, name, transpose, atomic)
        self.weight = TrainVar(weight) if isinstance(self.mode, bm.TrainingMode) else weight

    def _numbers(self):
        return (self.weight,)


class JitFPUniformLinear(_JitFixedProb):
    """Weights are uniform between w_low and w_high."""
    _law = "uniform"

    def __init__(self, num_in, num_out, prob, w_low, w_high, seed=None, sharding=None, mode=None, name=None, transpose=False, atomic=False):
        super().__init__(num_in, num_out, prob, seed, sharding, mode, name, transpose, atomic)
        self.w_low, self.w_high = w_low, w_high

    def _numbers(self):
        return self.w_low, self.w_high


class JitFPNormalLinear(_JitFixedProb):
    """Weights are normal, of the mean w_mu and the deviation w_sigma."""
    _law = "normal"

    def __init__(self, num_in, num_out, prob, w_mu, w_sigma, seed=None, sharding=None, transpose=False, atomic=False, mode=None, name=None):
        super().__init__(num_in, num_out, prob, seed, sharding, mode, name, transpose, atomic)
        self.w_mu, self.w_sigma = w_mu, w_sigma

    def _numbers(self):
        return self.w_mu, self.w_sigma


class EventJitFPHomoLinear(JitFPHomoLinear):
    """As JitFPHomoLinear, for events: x counts as true where it is above 0."""
    _events = True


class EventJitFPUniformLinear(JitFPUniformLinear):
    """As JitFPUniformLinear, for events."""
    _events = True


class EventJitFPNormalLinear(JitFPNormalLinear):
    """As JitFPNormalLinear, for events."""
    _events = True
