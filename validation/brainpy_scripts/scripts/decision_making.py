"""A spiking decision network with AMPA, NMDA and GABA (Wang 2002), at half its size and a coherence of 25.6 %."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

bm.random.seed(11)


class Tool:
  def __init__(self, pre_stimulus=100., stimulus=600., delay=100.):
    self.pre_stimulus, self.stimulus, self.delay = pre_stimulus, stimulus, delay
    self.interval = 50.

  def generate(self, mean, seed):
    rng = np.random.RandomState(seed)
    total = int((self.pre_stimulus + self.stimulus + self.delay) / bm.get_dt())
    on, off = int(self.pre_stimulus / bm.get_dt()), int((self.pre_stimulus + self.stimulus) / bm.get_dt())
    per = int(self.interval / bm.get_dt())
    values = np.repeat(rng.normal(mean, 4., (off - on) // per + 1), per)[:off - on]
    out = np.zeros((total, 1))
    out[on:off, 0] = values
    return out


class Network(bp.DynSysGroup):
  def __init__(self, scale=0.5, f=0.15):
    super().__init__()
    num_exc, num_inh = int(1600 * scale), int(400 * scale)
    num_A = num_B = int(f * num_exc)
    num_N = num_exc - num_A - num_B
    self.num = dict(A=num_A, B=num_B, N=num_N, I=num_inh)
    w_pos = 1.7
    w_neg = 1. - f * (w_pos - 1.) / (1. - f)
    pars_E = dict(V_rest=-70., V_reset=-55., V_th=-50., tau=20., R=0.04, tau_ref=2., V_initializer=bp.init.OneInit(-70.))
    pars_I = dict(V_rest=-70., V_reset=-55., V_th=-50., tau=10., R=0.05, tau_ref=1., V_initializer=bp.init.OneInit(-70.))
    self.A, self.B, self.N = (bp.dyn.LifRef(n, **pars_E) for n in (num_A, num_B, num_N))
    self.I = bp.dyn.LifRef(num_inh, **pars_I)
    self.IA, self.IB = bp.dyn.PoissonGroup(num_A, freqs=1.), bp.dyn.PoissonGroup(num_B, freqs=1.)
    noise_E, noise_I, stimulus = 2.1, 1.62, 2.1
    self.sources = [bp.dyn.PoissonGroup(n, freqs=2400.) for n in (num_A, num_B, num_N, num_inh)]
    self.noise = [self.external(source, post, g) for source, post, g in zip(
      self.sources, (self.A, self.B, self.N, self.I), (noise_E, noise_E, noise_E, noise_I))]
    self.stimuli = [self.external(self.IA, self.A, stimulus), self.external(self.IB, self.B, stimulus)]
    self.recurrent = []
    E = dict(A=self.A, B=self.B, N=self.N)
    strength = {('A', 'A'): w_pos, ('B', 'B'): w_pos, ('A', 'B'): w_neg, ('B', 'A'): w_neg, ('N', 'A'): w_neg, ('N', 'B'): w_neg}
    for pre in E:
      for post in E:
        w = strength.get((pre, post), 1.)
        self.recurrent += [self.ampa(E[pre], E[post], 0.05 / scale * w), self.nmda(E[pre], E[post], 0.165 / scale * w)]
      self.recurrent += [self.ampa(E[pre], self.I, 0.04 / scale), self.nmda(E[pre], self.I, 0.13 / scale)]
    for post in (self.A, self.B, self.N):
      self.recurrent.append(self.gaba(self.I, post, 1.3 / scale))
    self.recurrent.append(self.gaba(self.I, self.I, 1.0 / scale))

  def update(self):
    for source in (self.IA, self.IB, *self.sources):
      source()
    for projection in (*self.noise, *self.stimuli, *self.recurrent):
      projection()
    for group in (self.A, self.B, self.N, self.I):
      group()

  def external(self, pre, post, g):
    return bp.dyn.ProjAlignPostMg2(pre=pre, delay=None, comm=bp.dnn.OneToOne(pre.num, g), syn=bp.dyn.Expon.desc(post.num, tau=2.),
                                      out=bp.dyn.COBA.desc(E=0.), post=post)

  def ampa(self, pre, post, g):
    return bp.dyn.ProjAlignPostMg2(pre=pre, delay=0.5, comm=bp.dnn.AllToAll(pre.num, post.num, g), syn=bp.dyn.Expon.desc(post.num, tau=2.),
                                      out=bp.dyn.COBA.desc(E=0.), post=post)

  def gaba(self, pre, post, g):
    return bp.dyn.ProjAlignPostMg2(pre=pre, delay=0.5, comm=bp.dnn.AllToAll(pre.num, post.num, g), syn=bp.dyn.Expon.desc(post.num, tau=5.),
                                      out=bp.dyn.COBA.desc(E=-70.), post=post)

  def nmda(self, pre, post, g):
    return bp.dyn.ProjAlignPreMg1(pre=pre, delay=0.5, syn=bp.dyn.NMDA.desc(pre.num, a=0.5, tau_decay=100., tau_rise=2.),
                                       comm=bp.dnn.AllToAll(pre.num, post.num, g), out=bp.dyn.MgBlock(E=0., cc_Mg=1.0), post=post)


tool, net = Tool(), Network()
coherence, mu0 = 0.256, 40.
IA, IB = tool.generate(mu0 * (1 + coherence), 1), tool.generate(mu0 * (1 - coherence), 2)


def give():
  i = bp.share['i']
  net.IA.freqs[...] = IA_freqs[i]
  net.IB.freqs[...] = IB_freqs[i]


net.IA.freqs, net.IB.freqs = bm.Variable(bm.zeros(1)), bm.Variable(bm.zeros(1))
IA_freqs, IB_freqs = bm.asarray(IA), bm.asarray(IB)
runner = bp.DSRunner(net, inputs=give, monitors={'A': net.A.spike, 'B': net.B.spike, 'N': net.N.spike, 'I': net.I.spike}, progress_bar=False)
runner.run(800.)
rate = {k: np.asarray(runner.mon[k])[1000:7000].mean() * 1e4 for k in 'ABNI'}
results = dict(A=rate['A'], B=rate['B'], N=rate['N'], I=rate['I'])
