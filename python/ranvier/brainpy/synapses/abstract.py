"""Abstract models of synapses between two groups."""
from .. import math as bm
from .._array import Variable
from .._errors import UnsupportedError
from .._share import share
from ..integrators import odeint
from ..synouts import CUBA
from .base import TwoEndConn


class Exponential(TwoEndConn):
    """An exponential synapse between two groups: decay, then arrivals, then the output."""

    def __init__(self, pre, post, conn, output=None, stp=None, comp_method="sparse", g_max=1., delay_step=None, tau=8.0,
                 method="exp_auto", name=None, mode=None, stop_spike_gradient=False):
        super().__init__(pre, post, conn, name=name, mode=mode)
        if stp is not None or delay_step is not None or comp_method != "sparse":
            raise UnsupportedError("Exponential with stp, delay_step or comp_method='dense'", "use comp_method='sparse' without them")
        self.check_pre_attrs("spike")
        self.output, self.g_max, self.tau = output or CUBA(), g_max, tau
        self.pre2post = self.conn.require("pre2post")
        self.g = Variable(bm.zeros(post.num))
        self.integral = odeint(lambda g, t: -g / self.tau, method=method)

    def update(self):
        self.g.value = self.integral(self.g, share["t"], dt=share["dt"])
        self.g += bm.pre2post_event_sum(self.pre.spike, self.pre2post, self.post.num, self.g_max)
        self.output(self.g, self.post)
