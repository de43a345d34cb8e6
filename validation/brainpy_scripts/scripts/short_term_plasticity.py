"""Short-term plasticity behind a neuron that fires regularly, with the newer and the older classes.

In BrainPy 2.4.4 u relaxes to U tau_f and x to tau_d (not to U and 1 as in Tsodyks & Markram 1998); the numbers below keep both below 1."""
import brainpy as bp
import brainpy.math as bm
import numpy as np


class STPSynapse(bp.Projection):
  def __init__(self, pre, post, U, tau_f, tau_d):
    super().__init__()
    self.proj = bp.dyn.ProjAlignPreMg1(pre=pre, delay=1., syn=bp.dyn.STP.desc(pre.num, U=U, tau_f=tau_f, tau_d=tau_d),
                                            comm=bp.dnn.AllToAll(pre.num, post.num, 1.), out=bp.dyn.CUBA(), post=post)


class Net(bp.DynSysGroup):
  def __init__(self, U, tau_f, tau_d):
    super().__init__()
    self.pre = bp.dyn.LifRef(1, V_rest=0., V_th=20., V_reset=0., tau=10., tau_ref=5., V_initializer=bp.init.Constant(0.))
    self.post = bp.dyn.Lif(2, tau=30., V_rest=0., V_th=1e9, V_initializer=bp.init.Constant(0.))
    self.syn = STPSynapse(self.pre, self.post, U, tau_f, tau_d)

  def update(self):
    self.pre(24.)
    self.syn()
    self.post()
    syn = self.syn.proj.refs['syn'] if hasattr(self.syn.proj, 'refs') else self.syn.proj.syn
    return syn.u.value, syn.x.value, self.post.V.value


out = {}
for kind, (U, tau_f, tau_d) in dict(facilitation=(0.001, 300., 1.), depression=(0.005, 100., 1.)).items():
  net = Net(U, tau_f, tau_d)
  u, x, V = bm.for_loop(net.step_run, np.arange(3000))
  out.update({f'{kind}_u': bm.as_numpy(u)[::25], f'{kind}_x': bm.as_numpy(x)[::25], f'{kind}_V': bm.as_numpy(V)[::25]})

neu1 = bp.neurons.LIF(1, V_initializer=bp.init.Constant(0.))
neu2 = bp.neurons.LIF(1, V_initializer=bp.init.Constant(0.))
syn = bp.synapses.STP(neu1, neu2, bp.connect.All2All(), U=0.2, tau_d=150., tau_f=2., tau=8., A=1.)
net = bp.Network(pre=neu1, syn=syn, post=neu2)
runner = bp.DSRunner(net, inputs=[('pre.input', 28.)], monitors=['syn.I', 'syn.u', 'syn.x', 'pre.V'], progress_bar=False)
runner.run(300.)
results = dict(out, I=np.asarray(runner.mon['syn.I'])[::10], u=np.asarray(runner.mon['syn.u'])[::10], x=np.asarray(runner.mon['syn.x'])[::10])
