"""Balanced network of 4,000 integrate-and-fire neurons with conductance-based synapses (Vogels & Abbott 2005; Brette et al. 2007, benchmark 1), as projections."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

bm.random.seed(123)


class EINet(bp.DynSysGroup):
  def __init__(self):
    super().__init__()
    neu_pars = dict(V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5.,
                    V_initializer=bp.init.Normal(-55., 2.))
    self.E = bp.dyn.LifRef(3200, **neu_pars)
    self.I = bp.dyn.LifRef(800, **neu_pars)
    self.E2E = bp.dyn.ProjAlignPostMg2(pre=self.E, delay=None, comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=3200, post=3200), 0.6),
                                          syn=bp.dyn.Expon.desc(3200, tau=5.), out=bp.dyn.COBA.desc(E=0.), post=self.E)
    self.E2I = bp.dyn.ProjAlignPostMg2(pre=self.E, delay=None, comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=3200, post=800), 0.6),
                                          syn=bp.dyn.Expon.desc(800, tau=5.), out=bp.dyn.COBA.desc(E=0.), post=self.I)
    self.I2E = bp.dyn.ProjAlignPostMg2(pre=self.I, delay=None, comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=800, post=3200), 6.7),
                                          syn=bp.dyn.Expon.desc(3200, tau=10.), out=bp.dyn.COBA.desc(E=-80.), post=self.E)
    self.I2I = bp.dyn.ProjAlignPostMg2(pre=self.I, delay=None, comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=800, post=800), 6.7),
                                          syn=bp.dyn.Expon.desc(800, tau=10.), out=bp.dyn.COBA.desc(E=-80.), post=self.I)

  def update(self, inp=0.):
    self.E2E()
    self.E2I()
    self.I2E()
    self.I2I()
    self.E(inp)
    self.I(inp)
    return self.E.spike.value, self.I.spike.value


model = EINet()
indices = np.arange(5000)
e_sps, i_sps = bm.for_loop(lambda i: model.step_run(i, 20.), indices)
e_sps, i_sps = bm.as_numpy(e_sps), bm.as_numpy(i_sps)
results = dict(e_rate=e_sps[1000:].mean() * 1e4, i_rate=i_sps[1000:].mean() * 1e4)
