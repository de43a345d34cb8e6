"""Base of synapses between two groups (BrainPy's old interface), and of what they are made of: outputs and short-term plasticity."""
import numpy as np

from .. import math as bm
from .._array import Array, Variable
from .._graph import csr_product, lift
from .._parameters import parameter
from .._system import DynamicalSystem
from ..connect import All2All, One2One
from ..dnn import AllToAll, CSRLinear, EventCSRLinear, MaskedLinear, OneToOne
from ..dnn.connections import rows_of
from ..dyn.projections import SynConn
from ..mixin import AutoDelaySupp, ParamDesc, ReturnInfo


class _Component(DynamicalSystem):
    """A part of one synapse, its master; part(x) is filter(x)."""
    master = None

    @property
    def isregistered(self):
        return self.master is not None

    def register_master(self, master):
        if not isinstance(master, SynConn):
            raise TypeError(f"{type(self).__name__} is a part of a synapse, not of a {type(master).__name__}")
        if self.isregistered:
            raise ValueError(f"{self.name} is a part of another synapse already")
        object.__setattr__(self, "master", _Hidden(master))
        self._registered_with(master)

    def _registered_with(self, master):
        """Called once, with the synapse."""

    def __call__(self, *args, **keywords):
        return self.filter(*args, **keywords)

    def filter(self, g):
        raise NotImplementedError(f"{type(self).__name__} has no filter()")

    def clone(self):
        raise NotImplementedError(f"{type(self).__name__} has no clone()")

    def reset_state(self, *args, **keywords):
        pass

    def update(self, *args, **keywords):
        pass


class _Hidden:
    """A reference that nodes() does not follow; attributes are the object's."""

    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr(self.target, name)


def variable_of(group, name, what):
    """A Variable of a group by its name, or the Variable that was given."""
    if isinstance(name, Variable):
        return name
    if not isinstance(name, str):
        raise TypeError(f"{what} is a name or a Variable, not a {type(name).__name__}")
    if not hasattr(group, name):
        raise KeyError(f"{what} {name!r} is not in {group.name}")
    return getattr(group, name)


class SynOut(_Component, ParamDesc):
    """Base of outputs: filter(g) adds to `target_var` of the target; without one it gives the value back."""

    def __init__(self, name=None, target_var=None):
        super().__init__(name=name)
        if target_var is not None and not isinstance(target_var, (str, Variable)):
            raise TypeError(f"target_var is a name or a Variable, not a {type(target_var).__name__}")
        self.target_var = target_var

    def _registered_with(self, master):
        if isinstance(self.target_var, str):
            self.setattr("target_var", variable_of(master.post, self.target_var, "target_var"))

    def filter(self, g):
        if self.target_var is None:
            return g
        self.target_var += g
        return None


class SynSTP(_Component, ParamDesc, AutoDelaySupp):
    """Base of short-term plasticity: update(spikes of the source), then filter(x) scales."""

    def return_info(self):
        if not self.isregistered:
            raise ValueError(f"{self.name} is a part of no synapse yet")
        return ReturnInfo(self.master.pre.varshape, None, self.master.pre.mode, bm.zeros)


class NullSynOut(SynOut):
    """Gives the value back."""

    def clone(self):
        return NullSynOut()


class TwoEndConn(SynConn):
    """Base: pre, post, conn (a connector is applied to their sizes), `output`, `stp`."""

    def __init__(self, pre, post, conn=None, output=None, stp=None, ltp=None, mode=None, name=None, init_stp=True):
        super().__init__(pre, post, conn, name=name, mode=mode)
        for argument, part, kind, where in (("output", output, SynOut, "bp.synouts"), ("stp", stp, SynSTP, "bp.synplast")):
            if part is not None and not isinstance(part, kind):
                raise TypeError(f"{type(self).__name__}: {argument} is one of {where}, not {part!r} of {type(part).__module__.rpartition('.brainpy.')[2]}")
        output = NullSynOut() if output is None else output.clone() if output.isregistered else output
        output.register_master(self)
        self.output = output
        self.stp = stp
        if init_stp and stp is not None:
            self._take_stp(stp)

    def _take_stp(self, stp):
        stp = stp.clone() if stp.isregistered else stp
        stp.register_master(self)
        self.setattr("stp", stp)

    def _delayed_spikes(self, delay_step):
        self.check_pre_attrs("spike")
        self._spikes = f"{self.pre.name}.spike"
        self.delay_step = self.register_delay(self._spikes, delay_step, self.pre.spike)

    def _arriving(self, pre_spike):
        """The source's spikes, delayed, through short-term plasticity."""
        x = self.get_delay_data(self._spikes, self.delay_step) if pre_spike is None else pre_spike
        if self.stp is not None:
            self.stp.update(x)
            x = self.stp(x)
        return x

    def _communication(self, conn, g_max, comp_method, events):
        """The layer that a connector and a method ask for."""
        if comp_method not in ("sparse", "dense"):
            raise ValueError(f"comp_method is 'sparse' or 'dense', not {comp_method!r}")
        if isinstance(conn, All2All):
            return AllToAll(self.pre.num, self.post.num, g_max)
        if isinstance(conn, One2One):
            if self.pre.num != self.post.num:
                raise ValueError(f"One2One needs groups of one size, not of {self.pre.num} and {self.post.num}")
            return OneToOne(self.pre.num, g_max)
        if self.conn is None:
            raise ValueError(f"{type(self).__name__} needs connections: conn=")
        if comp_method == "dense":
            return MaskedLinear(self.conn, g_max)
        return EventCSRLinear(self.conn, g_max) if events else CSRLinear(self.conn, g_max)

    # -- for synapses of the user's own
    def _init_weights(self, weight, comp_method="sparse", sparse_data="csr"):
        """(weights, structure of the connections) for these methods."""
        if comp_method not in ("sparse", "dense") or sparse_data not in ("csr", "ij", "coo"):
            raise ValueError(f"comp_method is 'sparse' or 'dense', sparse_data 'csr', 'ij' or 'coo', not {comp_method!r}, {sparse_data!r}")
        if self.conn is None:
            raise ValueError(f"{type(self).__name__} needs connections: conn=")
        matrix = (self.pre.num, self.post.num)
        if isinstance(self.conn, One2One):
            return parameter(weight, (self.pre.num,), allow_none=False), None
        if isinstance(self.conn, All2All):
            return parameter(weight, matrix, allow_none=False), None
        if comp_method == "dense":
            return parameter(weight, matrix, allow_none=False), self.conn.require("conn_mat")
        mask = self.conn.require("pre2post") if sparse_data == "csr" else self.conn.require("post_ids", "pre_ids")
        return parameter(weight, tuple(mask[0].shape), allow_none=False), mask

    def _syn2post_with_all2all(self, syn_value, syn_weight):
        if np.ndim(syn_weight):
            return syn_value @ syn_weight
        total = bm.sum(bm.asarray(syn_value), axis=-1, keepdims=True)
        return syn_weight * (total if self.conn.include_self else total - syn_value)

    def _syn2post_with_one2one(self, syn_value, syn_weight):
        return syn_value * syn_weight

    def _syn2post_with_dense(self, syn_value, syn_weight, conn_mat):
        return syn_weight * syn_value @ conn_mat if np.ndim(syn_weight) == 0 else syn_value @ (syn_weight * conn_mat)

    def _syn2post_with_csr(self, syn_value, syn_weight, mask):
        indices, indptr = (np.asarray(part) for part in mask)
        return rows_of(bm.asarray(syn_value), lambda v: Array(csr_product(lift(v), lift(syn_weight), indices, indptr, self.post.num)))


class Communicating(TwoEndConn):
    """Base of synapses whose weights are those of a layer `comm`."""

    @property
    def g_max(self):
        return self.comm.weight

    @g_max.setter
    def g_max(self, value):
        self.comm.weight = value


class AlignPre(Communicating):
    """Base of synapses whose states are the source's: stp, synapse, communication, output."""

    def __init__(self, pre, post, syn, conn, g_max, output=None, stp=None, comp_method="dense", delay_step=None, name=None, mode=None,
                 stop_spike_gradient=False):
        super().__init__(pre, post, conn, output, stp, name=name, mode=mode)
        self._delayed_spikes(delay_step)
        self.syn, self.comp_method, self.stop_spike_gradient = syn, comp_method, stop_spike_gradient
        self.comm = self._communication(conn, g_max, comp_method, events=False)

    def update(self, pre_spike=None):
        return self.output(self.comm(self.syn(self._arriving(pre_spike))))

    def reset_state(self, *args, **keywords):
        for part in (self.syn, self.comm, self.output, self.stp):
            if part is not None:
                part.reset(*args, **keywords)
