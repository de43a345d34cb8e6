"""Connectors: which source reaches which target.

    conn = bp.conn.FixedProb(0.1, seed=1)(100, 100); indices, indptr = conn.require("pre2post")

A connector is one of build_csr(), build_coo(), build_mat() or build_conn(), written by a subclass for the sizes pre_num, post_num. It
is drawn once for the sizes it was called with: what is required later is of the same connections. Where there is build_mat() and the
matrix alone is required first, that is what is drawn (FixedProb's matrix has independent places, its rows have fixed numbers).
"""
import difflib

import numpy as np

from .._array import Array
from ..errors import ConnectorError
from . import convert
from .convert import IDX_DTYPE

CONN_MAT, PRE_IDS, POST_IDS, PRE2POST, POST2PRE, PRE2SYN, POST2SYN = ("conn_mat", "pre_ids", "post_ids", "pre2post", "post2pre", "pre2syn",
                                                                     "post2syn")
COO, CSR, CSC, PRE_SLICE, POST_SLICE = "coo", "csr", "csc", "pre_slice", "post_slice"
STRUCTURES = (CONN_MAT, PRE_IDS, POST_IDS, PRE2POST, POST2PRE, PRE2SYN, POST2SYN, COO, CSR, CSC)
_MOST = 2 ** 31 - 1


def size_of(size):
    """A group's size as a tuple."""
    size = tuple(int(n) for n in size) if isinstance(size, (tuple, list)) else (int(size),)
    if any(n < 0 for n in size):
        raise ConnectorError(f"a group's size is not negative, {size} is")
    return size


class Connector:
    """Base of everything that connects."""


class TwoEndConnector(Connector):
    """From one group to another: conn(pre_size, post_size); sizes are numbers or tuples."""

    def __init__(self, pre=None, post=None):
        self.pre_size = None if pre is None else size_of(pre)
        self.post_size = None if post is None else size_of(post)
        self._forget()

    pre_num = property(lambda self: None if self.pre_size is None else int(np.prod(self.pre_size)))
    post_num = property(lambda self: None if self.post_size is None else int(np.prod(self.post_size)))

    def __call__(self, pre_size, post_size):
        self.pre_size, self.post_size = size_of(pre_size), size_of(post_size)
        self._forget()
        return self

    def __repr__(self):
        return type(self).__name__

    def _forget(self):
        self._pairs = self._rows = self._matrix = None

    # -- written by subclasses
    build_csr = build_coo = build_mat = build_conn = None

    def _draw(self, matrix_alone):
        """Fills in one of the three forms."""
        if self._pairs is not None or self._rows is not None or self._matrix is not None:
            return
        if matrix_alone and self.build_mat:
            form, data = "mat", self.build_mat()
        elif self.build_csr:
            form, data = "csr", self.build_csr()
        elif self.build_coo:
            form, data = "coo", self.build_coo()
        elif self.build_mat:
            form, data = "mat", self.build_mat()
        elif self.build_conn:
            form, data = self._of_build_conn(self.build_conn())
        else:
            raise ConnectorError(f"{type(self).__name__} has none of build_csr, build_coo, build_mat and build_conn")
        self._take(form, data)

    def _of_build_conn(self, made):
        if isinstance(made, dict):
            made = next(((k, v) for k, v in made.items() if v is not None), (None, None))
        if not (isinstance(made, tuple) and len(made) == 2 and made[0] in ("csr", "coo", "ij", "mat")):
            raise ConnectorError("build_conn gives ('csr', (indices, indptr)), ('coo', (pre_ids, post_ids)) or ('mat', matrix)")
        return ("coo" if made[0] == "ij" else made[0]), made[1]

    def _take(self, form, data):
        if form == "mat":
            matrix = np.asarray(data) > 0
            if matrix.shape != (self.pre_num, self.post_num):
                raise ConnectorError(f"the matrix is {matrix.shape}, the groups are {self.pre_num} x {self.post_num}")
            self._matrix = matrix
            return
        first, second = np.asarray(data[0]), np.asarray(data[1])
        if first.size > _MOST:
            raise ConnectorError(f"{first.size} synapses are more than the {_MOST} that 32-bit places can name")
        if form == "csr":
            if second.size != self.pre_num + 1 or second[-1] != first.size or np.any(np.diff(second) < 0):
                raise ConnectorError(f"the row pointers do not fit {self.pre_num} sources and {first.size} synapses")
            self._within(first, self.post_num, "target")
            self._rows = first.astype(IDX_DTYPE, copy=False), second.astype(IDX_DTYPE, copy=False)
            return
        if first.shape != second.shape or first.ndim != 1:
            raise ConnectorError(f"pairs are two lists of one length, not of the shapes {first.shape} and {second.shape}")
        self._within(first, self.pre_num, "source")
        self._within(second, self.post_num, "target")
        self._pairs = first.astype(IDX_DTYPE, copy=False), second.astype(IDX_DTYPE, copy=False)

    @staticmethod
    def _within(ids, count, what):
        if ids.size and (ids.min() < 0 or ids.max() >= count):
            raise ConnectorError(f"the {what} {ids.max() if ids.max() >= count else ids.min()} is outside of a group of {count}")

    # -- the three forms of what was drawn
    def _coo(self):
        if self._pairs is None:
            self._pairs = convert.csr2coo(self._rows) if self._rows is not None else convert.mat2coo(self._matrix)
        return self._pairs

    def _csr(self):
        if self._rows is None:
            self._rows = convert.coo2csr(self._coo(), self.pre_num)
        return self._rows

    def _mat(self):
        if self._matrix is None:
            self._matrix = convert.coo2mat(self._coo(), self.pre_num, self.post_num)
        return self._matrix

    def require(self, *structures):
        """Structures by name, one or a tuple of them, after the sizes if these are not known: require(10, 20, "csr").

        csr, pre2post: (indices, indptr); csc, post2pre: (sources by target, column pointers); coo: (pre_ids, post_ids); pre_ids; post_ids;
        pre2syn, post2syn: (numbers of synapses in the order of pre_ids, pointers by source or target); conn_mat: booleans (pre, post)."""
        structures = list(structures)
        if structures and not isinstance(structures[0], str):
            sizes = [structures.pop(0)]
            if structures and not isinstance(structures[0], str):
                sizes.append(structures.pop(0))
            self(*sizes)
        if not structures:
            return ()
        for name in structures:
            if name not in STRUCTURES:
                near = difflib.get_close_matches(str(name), STRUCTURES, 3, 0.5)
                raise ConnectorError(f"no structure {name!r}; {'the nearest are' if near else 'there are'} {', '.join(near or STRUCTURES)}")
        if self.pre_num is None or self.post_num is None:
            raise ConnectorError("the sizes of the groups are not known: call conn(pre_size, post_size) first")
        self._draw(all(name == CONN_MAT for name in structures))
        out = tuple(self._structure(name) for name in structures)
        return out[0] if len(out) == 1 else out

    requires = require

    def _structure(self, name):
        if name in (PRE2POST, CSR):
            return tuple(Array(part) for part in self._csr())
        if name == COO:
            return tuple(Array(part) for part in self._coo())
        if name in (PRE_IDS, POST_IDS):
            return Array(self._coo()[0 if name == PRE_IDS else 1])
        if name in (POST2PRE, CSC):
            return tuple(Array(part) for part in convert.coo2csc(self._coo(), self.post_num))
        if name == CONN_MAT:
            return Array(self._mat())
        ids, count = (self._coo()[0], self.pre_num) if name == PRE2SYN else (self._coo()[1], self.post_num)
        return Array(np.argsort(ids, kind="stable").astype(IDX_DTYPE)), Array(convert.counted(ids, count))


class OneEndConnector(TwoEndConnector):
    """Within one group: conn(size)."""

    def __call__(self, pre_size, post_size=None):
        post_size = pre_size if post_size is None else post_size
        if size_of(pre_size) != size_of(post_size):
            raise ConnectorError(f"{type(self).__name__} is within one group, not from {size_of(pre_size)} to {size_of(post_size)}")
        return super().__call__(pre_size, post_size)


class RandomConnector(TwoEndConnector):
    """With a generator of its own; None: a seed drawn from NumPy's generator, which bm.random.seed sets. Each drawing goes on with it."""

    def __init__(self, seed=None, pre=None, post=None):
        self.seed = int(np.random.randint(0, 10 ** 7)) if seed is None else int(seed)
        self.rng = np.random.default_rng(self.seed)
        super().__init__(pre, post)

    def _same_group(self):
        if self.pre_num != self.post_num:
            raise ConnectorError(f"{type(self).__name__} is within one group, not from {self.pre_num} to {self.post_num} elements")
        return self.pre_num


def probability(value, name):
    """A number in [0, 1]."""
    value = float(value)
    if not 0. <= value <= 1.:
        raise ConnectorError(f"{name} must be in [0, 1], not {value}")
    return value
