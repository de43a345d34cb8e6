"""Projections whose weights change with the times of spikes.

    STDP_Song2000(pre=a, delay=1., comm=bp.dnn.EventCSRLinear(conn, 0.1), syn=bp.dyn.Expon.desc(b.num, tau=5.), out=bp.dyn.COBA.desc(E=0.), post=b)
"""
import numpy as np

from ... import math as bm
from ..._array import Variable
from ..._parameters import parameter
from ..._system import DynamicalSystem
from ...delay import DelayAccess
from ...mixin import AlignPost, AutoDelaySupp
from ..synapses import Expon
from .align_post import _PostState
from .align_pre import _DelayThenSynapse, _present
from .base import own_delay, wants, wants_description


class STDP_Song2000(_PostState):
    """Pairs of spikes (Song, Miller and Abbott 2000, Nat. Neurosci. 3:919); BrainPy has it from 2.4.5 on.

    A spike of the source that arrives takes A2 times the target's trace from its weights; a spike of the target adds A1 times the source's
    trace. Traces decay with tau_s (source) and tau_t (target) [ms]; a spike adds 1 to them. W_min and W_max: bounds of the weights.
    `comm`: a layer with `synapse_ends()`; its weight becomes a Variable, one number a synapse."""

    def __init__(self, pre, delay, syn, comm, out, post, tau_s=16.8, tau_t=33.7, A1=0.96, A2=0.53, W_max=None, W_min=None, out_label=None,
                 name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        if not hasattr(comm, "synapse_ends"):
            raise TypeError(f"STDP_Song2000: comm must be a layer with weights of its own, not a {type(comm).__name__}")
        wants(self, "post", post, DynamicalSystem, AutoDelaySupp)
        wants_description(self, "syn", syn, DynamicalSystem)
        self._delayed(pre, delay)
        self._align_post = issubclass(syn.cls, AlignPost)
        if self._align_post:
            self._share(post, syn, out, out_label)
        else:
            self.refs["syn"] = _after_delay(pre, delay, syn)
            self._give_to(post, out() if hasattr(out, "cls") else out)
        self.refs["pre_trace"] = _after_delay(pre, delay, Expon.desc(pre.num, tau=tau_s))
        self.refs["post_trace"] = _after_delay(post, None, Expon.desc(post.num, tau=tau_t))
        self.tau_s, self.tau_t = tau_s, tau_t
        self.A1, self.A2 = parameter(A1, pre.num, allow_none=False), parameter(A2, post.num, allow_none=False)
        self.W_min, self.W_max = W_min, W_max
        self._ends = comm.synapse_ends()
        if not isinstance(comm.weight, Variable):
            shape = np.broadcast_shapes(*(end.shape for end in self._ends))
            comm.weight = Variable(bm.zeros(shape) + comm.weight)

    def update(self):
        spike = self.refs["delay"].at(self.name)
        self._learn(bm.asarray(spike, dtype=bm.float_), bm.asarray(self.refs["post"].spike, dtype=bm.float_))
        current = self.comm(spike if self._align_post else _present(self.refs["syn"].return_info()))
        if self._align_post:
            self.refs["syn"].add_current(current)
        else:
            self.refs["out"].bind_cond(current)
        return current

    def _learn(self, pre_spike, post_spike):
        pre, post = self._ends
        less = pre_spike[pre] * (self.refs["post_trace"].g * self.A2)[post]
        more = (self.refs["pre_trace"].g * self.A1)[pre] * post_spike[post]
        weight = self.comm.weight - less + more
        if self.W_min is not None or self.W_max is not None:
            weight = bm.clip(weight, self.W_min, self.W_max)
        self.comm.weight.value = weight


def _after_delay(group, delay, described):
    """A synapse at the group that takes its spikes `delay` ms late; shared by equal descriptions."""
    ring, key = own_delay(group), f"Delay({delay}) // {described.identifier}"
    if not ring.has_bef_update(key):
        ring.add_bef_update(key, _DelayThenSynapse(DelayAccess(ring, delay), described()))
    return ring.get_bef_update(key).syn
