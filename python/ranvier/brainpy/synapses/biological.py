"""Synapses between two groups described by their receptors, gap junctions, and synapses with facilitation and depression."""
import numpy as np

from .. import math as bm
from .._parameters import parameter
from .._system import Sequential
from ..dyn import synapses as models
from ..mixin import ParamDesc
from ..synouts import COBA, CUBA, MgBlock
from .abstract import scalar
from .base import AlignPre, TwoEndConn


class AMPA(AlignPre):
    """dyn.AMPA at the source; transmitter is there for T_duration ms."""
    _model, _E = models.AMPA, 0.

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="dense", g_max=0.42, delay_step=None, alpha=0.98, beta=0.18,
                 T=0.5, T_duration=0.5, method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        self.alpha, self.beta = scalar("alpha", alpha), scalar("beta", beta)
        self.T, self.T_duration = scalar("T", T), scalar("T_duration", T_duration)
        syn = models.AMPA(pre.size, pre.keep_size, mode=mode, alpha=alpha, beta=beta, T=T, T_dur=T_duration, method=method)
        super().__init__(pre, post, syn, conn, g_max, COBA(E=self._E) if output is None else output, stp, comp_method, delay_step, name,
                         mode, stop_spike_gradient)
        self.g, self.spike_arrival_time = syn.g, syn.spike_arrival_time


class GABAa(AMPA):
    """The same with the values of GABA_A; E = -80 mV."""
    _E = -80.

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="dense", g_max=0.04, delay_step=None, alpha=0.53, beta=0.18,
                 T=1., T_duration=1., method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, output, stp, comp_method, g_max, delay_step, alpha, beta, T, T_duration, method, name, mode,
                         stop_spike_gradient)


class BioNMDA(AlignPre):
    """dyn.BioNMDA at the source, blocked by magnesium at the target."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="dense", g_max=0.15, delay_step=None, alpha1=2., beta1=0.01,
                 alpha2=1., beta2=0.5, T_0=1., T_dur=0.5, method="exp_auto", mode=None, name=None, stop_spike_gradient=False):
        self.alpha1, self.beta1 = scalar("alpha1", alpha1), scalar("beta1", beta1)
        self.alpha2, self.beta2 = scalar("alpha2", alpha2), scalar("beta2", beta2)
        self.T_0, self.T_dur = scalar("T_0", T_0), scalar("T_dur", T_dur)
        syn = models.BioNMDA(pre.size, pre.keep_size, mode=mode, alpha1=alpha1, beta1=beta1, alpha2=alpha2, beta2=beta2, T=T_0, T_dur=T_dur,
                             method=method)
        super().__init__(pre, post, syn, conn, g_max, MgBlock() if output is None else output, stp, comp_method, delay_step, name, mode,
                         stop_spike_gradient)
        self.g, self.x, self.spike_arrival_time = syn.g, syn.x, syn.spike_arrival_time


class GapJunction(TwoEndConn):
    """Each pair i -> j: weight (V_i - V_j) into j's input, and its negative into i's."""

    def __init__(self, pre, post, conn, comp_method="dense", g_max=1., name=None):
        super().__init__(pre, post, conn, name=name)
        self.check_pre_attrs("V", "input")
        self.check_post_attrs("V", "input")
        if comp_method not in ("dense", "sparse"):
            raise ValueError(f"comp_method is 'sparse' or 'dense', not {comp_method!r}")
        self.comp_method = comp_method
        if comp_method == "dense":
            self.weights = parameter(g_max, (pre.num, post.num), allow_none=False)
            self.conn_mat = self.conn.require("conn_mat")
        else:
            self.pre_ids, self.post_ids = self.conn.require("pre_ids", "post_ids")
            self.weights = parameter(g_max, tuple(self.pre_ids.shape), allow_none=False)

    def update(self):
        if self.comp_method == "dense":
            flow = (self.pre.V.reshape((-1, 1)) - self.post.V) * self.conn_mat * self.weights
            self.post.input += bm.sum(flow, axis=0)
            self.pre.input += -bm.sum(flow, axis=1)
        else:
            pre, post = np.asarray(self.pre_ids), np.asarray(self.post_ids)
            flow = (self.pre.V[pre] - self.post.V[post]) * self.weights
            self.post.input += bm.zeros(self.post.num).at[post].add(flow)
            self.pre.input += bm.zeros(self.pre.num).at[pre].add(-flow)


class _Plastic(Sequential, ParamDesc):
    """Facilitation and depression, then an exponential decay."""


class STP(AlignPre):
    """dyn.STP and dyn.Expon at the source. `x`, `u`: resources and their use, `I`: the current."""

    def __init__(self, pre, post, conn, U=0.15, tau_f=1500., tau_d=200., tau=8., A=1., delay_step=None, method="exp_auto", name=None):
        self.U, self.tau_f, self.tau_d, self.tau, self.A = U, tau_f, tau_d, tau, A
        stp = models.STP(pre.size, pre.keep_size, U=U, tau_f=tau_f, tau_d=tau_d, method=method)
        decay = models.Expon(pre.size, pre.keep_size, tau=tau, method=method)
        super().__init__(pre, post, _Plastic(stp, decay), conn, A, CUBA(), None, "sparse", delay_step, name)
        self.x, self.u, self.I = stp.x, stp.u, decay.g
