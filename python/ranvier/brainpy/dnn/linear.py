"""Layers that carry values or events of one group to another."""
import numpy as np

from .. import math as bm
from .._system import DynamicalSystem


class EventCSRLinear(DynamicalSystem):
    """y[j] = the sum of weights of true x[i] with a synapse i -> j. weight: a number or one a synapse."""

    def __init__(self, conn, weight, sharding=None, name=None, mode=None):
        super().__init__(name, mode)
        self.conn, self.weight = conn, weight
        indices, indptr = conn.require("csr")
        self.csr = np.asarray(indices), np.asarray(indptr)
        count = np.size(np.asarray(weight))
        if count not in (1, len(self.csr[0])):
            raise ValueError(f"{count} weights for {len(self.csr[0])} synapses")

    def update(self, x):
        return bm.pre2post_event_sum(x, self.csr, self.conn.post_num, self.weight)
