"""Synapses between two groups described by what they do. update() makes one step; currents go to the output's target."""
from .. import math as bm
from ..connect import All2All, One2One
from ..dyn import synapses as models
from ..synouts import COBA, CUBA, MgBlock
from .base import AlignPre, Communicating, TwoEndConn


class Delta(TwoEndConn):
    """Each spike adds g_max to `output`'s target (V) at once. post_ref_key: the name of a Variable of the target; true: nothing is added."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="sparse", g_max=1., delay_step=None, post_ref_key=None,
                 name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, CUBA(target_var="V") if output is None else output, stp, name=name, mode=mode)
        if post_ref_key:
            self.check_post_attrs(post_ref_key)
        self.post_ref_key, self.comp_method, self.stop_spike_gradient = post_ref_key, comp_method, stop_spike_gradient
        self._delayed_spikes(delay_step)
        self.g_max, self.conn_mask = self._init_weights(g_max, comp_method)

    def update(self, pre_spike=None):
        x = self._arriving(pre_spike)
        if isinstance(self.conn, All2All):
            arrived = self._syn2post_with_all2all(bm.asarray(x, dtype=bm.float_), self.g_max)
        elif isinstance(self.conn, One2One):
            arrived = self._syn2post_with_one2one(bm.asarray(x, dtype=bm.float_), self.g_max)
        elif self.comp_method == "sparse":
            arrived = self._syn2post_with_csr(x, self.g_max, self.conn_mask)
        else:
            arrived = self._syn2post_with_dense(bm.asarray(x, dtype=bm.float_), self.g_max, self.conn_mask)
        if self.post_ref_key:
            arrived = arrived * (1. - getattr(self.post, self.post_ref_key))
        return self.output(arrived)

    def reset_state(self, *args, **keywords):
        for part in (self.output, self.stp):
            if part is not None:
                part.reset_state(*args, **keywords)


class Exponential(Communicating):
    """g decays with tau [ms], then arrivals are added, then the output. g: one an element of the target."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="sparse", g_max=1., delay_step=None, tau=8., method="exp_auto",
                 name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, CUBA() if output is None else output, stp, name=name, mode=mode)
        self.stop_spike_gradient, self.comp_method = stop_spike_gradient, comp_method
        self._delayed_spikes(delay_step)
        self.syn = models.Expon(post.varshape, keep_size=len(post.varshape) > 1, tau=tau, method=method)
        self.comm = self._communication(conn, g_max, comp_method, events=self.stp is None)
        self.g = self.syn.g

    @property
    def tau(self):
        return self.syn.tau

    def update(self, pre_spike=None):
        return self.output(self.syn(self.comm(self._arriving(pre_spike))))

    def reset_state(self, *args, **keywords):
        for part in (self.syn, self.output, self.stp):
            if part is not None:
                part.reset_state(*args, **keywords)


class DualExponential(AlignPre):
    """h rises, g decays: dyn.DualExpon at the source."""

    def __init__(self, pre, post, conn, stp=None, output=None, comp_method="dense", g_max=1., tau_decay=10., tau_rise=1., delay_step=None,
                 method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        self.tau_decay, self.tau_rise = scalar("tau_decay", tau_decay), scalar("tau_rise", tau_rise)
        syn = models.DualExpon(pre.size, pre.keep_size, mode=mode, tau_decay=tau_decay, tau_rise=tau_rise, method=method)
        super().__init__(pre, post, syn, conn, g_max, CUBA() if output is None else output, stp, comp_method, delay_step, name, mode,
                         stop_spike_gradient)
        self.check_post_attrs("input")
        self.g, self.h = syn.g, syn.h


class Alpha(DualExponential):
    """DualExponential with equal times."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="dense", g_max=1., delay_step=None, tau_decay=10.,
                 method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, stp, output, comp_method, g_max, tau_decay, tau_decay, delay_step, method, name, mode,
                         stop_spike_gradient)


class NMDA(AlignPre):
    """dyn.NMDA at the source, blocked by magnesium at the target."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="dense", g_max=0.15, delay_step=None, tau_decay=100., a=0.5,
                 tau_rise=2., method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        self.tau_decay, self.tau_rise, self.a = scalar("tau_decay", tau_decay), scalar("tau_rise", tau_rise), scalar("a", a)
        syn = models.NMDA(pre.size, pre.keep_size, mode=mode, a=a, tau_decay=tau_decay, tau_rise=tau_rise, method=method)
        super().__init__(pre, post, syn, conn, g_max, MgBlock() if output is None else output, stp, comp_method, delay_step, name, mode,
                         stop_spike_gradient)
        self.g, self.x = syn.g, syn.x


def scalar(name, value):
    if bm.asarray(value).size != 1:
        raise ValueError(f"{name} is one number for all synapses, not {bm.asarray(value).size} of them")
    return value


# -- names of still older programs -------------------------------------------------------------------------------------

class DeltaSynapse(Delta):
    def __init__(self, pre, post, conn, conn_type="sparse", weights=1., delay_step=None, post_input_key="V", post_has_ref=False, name=None):
        super().__init__(pre, post, conn, CUBA(target_var=post_input_key), comp_method=conn_type, g_max=weights, delay_step=delay_step,
                         post_ref_key="refractory" if post_has_ref else None, name=name)


class ExpCUBA(Exponential):
    def __init__(self, pre, post, conn, conn_type="sparse", g_max=1., delay_step=None, tau=8., name=None, method="exp_auto"):
        super().__init__(pre, post, conn, CUBA(), comp_method=conn_type, g_max=g_max, delay_step=delay_step, tau=tau, method=method, name=name)


class ExpCOBA(Exponential):
    def __init__(self, pre, post, conn, conn_type="sparse", g_max=1., tau=8., E=0., delay_step=None, method="exp_auto", name=None):
        super().__init__(pre, post, conn, COBA(E=E), comp_method=conn_type, g_max=g_max, delay_step=delay_step, tau=tau, method=method, name=name)


class DualExpCUBA(DualExponential):
    def __init__(self, pre, post, conn, conn_type="dense", g_max=1., tau_decay=10., tau_rise=1., delay_step=None, method="exp_auto", name=None):
        super().__init__(pre, post, conn, None, CUBA(), conn_type, g_max, tau_decay, tau_rise, delay_step, method, name)


class DualExpCOBA(DualExponential):
    def __init__(self, pre, post, conn, conn_type="dense", g_max=1., delay_step=None, tau_decay=10., tau_rise=1., E=0., method="exp_auto",
                 name=None):
        super().__init__(pre, post, conn, None, COBA(E=E), conn_type, g_max, tau_decay, tau_rise, delay_step, method, name)


class AlphaCUBA(DualExpCUBA):
    def __init__(self, pre, post, conn, conn_type="dense", g_max=1., delay_step=None, tau_decay=10., method="exp_auto", name=None):
        super().__init__(pre, post, conn, conn_type, g_max, tau_decay, tau_decay, delay_step, method, name)


class AlphaCOBA(DualExpCOBA):
    def __init__(self, pre, post, conn, conn_type="dense", g_max=1., delay_step=None, tau_decay=10., E=0., method="exp_auto", name=None):
        super().__init__(pre, post, conn, conn_type, g_max, delay_step, tau_decay, tau_decay, E, method, name)
