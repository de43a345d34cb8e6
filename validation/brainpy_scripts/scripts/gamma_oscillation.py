"""Gamma oscillation of 100 hippocampal interneurons, synaptically coupled all to all (Wang & Buzsaki 1996), with equations and a synapse of one's own."""
import brainpy as bp
import brainpy.math as bm
import numpy as np


class HH(bp.dyn.NeuDyn):
  def __init__(self, size, ENa=55., EK=-90., EL=-65., C=1.0, gNa=35., gK=9., gL=0.1, V_th=20., phi=5.0):
    super().__init__(size=size)
    self.ENa, self.EK, self.EL = ENa, EK, EL
    self.C, self.gNa, self.gK, self.gL, self.V_th, self.phi = C, gNa, gK, gL, V_th, phi
    self.V = bm.Variable(bm.asarray(-70. + np.linspace(0., 20., self.num)))
    self.h = bm.Variable(bm.ones(self.num) * 0.6)
    self.n = bm.Variable(bm.ones(self.num) * 0.3)
    self.spike = bm.Variable(bm.zeros(self.num, dtype=bool))
    self.input = bm.Variable(bm.zeros(self.num))
    self.int_h = bp.ode.ExponentialEuler(self.dh)
    self.int_n = bp.ode.ExponentialEuler(self.dn)
    self.int_V = bp.ode.ExponentialEuler(self.dV)

  def dh(self, h, t, V):
    alpha = 0.07 * bm.exp(-(V + 58) / 20)
    beta = 1 / (bm.exp(-0.1 * (V + 28)) + 1)
    return self.phi * (alpha * (1 - h) - beta * h)

  def dn(self, n, t, V):
    alpha = -0.01 * (V + 34) / (bm.exp(-0.1 * (V + 34)) - 1)
    beta = 0.125 * bm.exp(-(V + 44) / 80)
    return self.phi * (alpha * (1 - n) - beta * n)

  def dV(self, V, t, h, n, Isyn):
    m_alpha = -0.1 * (V + 35) / (bm.exp(-0.1 * (V + 35)) - 1)
    m_beta = 4 * bm.exp(-(V + 60) / 18)
    m = m_alpha / (m_alpha + m_beta)
    INa = self.gNa * m ** 3 * h * (V - self.ENa)
    IK = self.gK * n ** 4 * (V - self.EK)
    IL = self.gL * (V - self.EL)
    return (-INa - IK - IL + Isyn) / self.C

  def update(self):
    t, dt = bp.share.load('t'), bp.share.load('dt')
    h = self.int_h(self.h, t, self.V, dt=dt)
    n = self.int_n(self.n, t, self.V, dt=dt)
    V = self.int_V(self.V, t, self.h, self.n, self.input, dt=dt)
    self.spike.value = bm.logical_and(self.V < self.V_th, V >= self.V_th)
    self.V.value, self.h.value, self.n.value = V, h, n
    self.input[:] = 0.


class GABAa(bp.synapses.TwoEndConn):
  def __init__(self, pre, post, conn, g_max=0.1, E=-75., alpha=12., beta=0.1, T=1.0, T_duration=1.0):
    super().__init__(pre=pre, post=post, conn=conn)
    self.E, self.alpha, self.beta, self.T, self.T_duration, self.g_max = E, alpha, beta, T, T_duration, g_max
    self.check_pre_attrs('spike')
    self.check_post_attrs('input', 'V')
    self.pre_ids, self.post_ids = self.conn.require('pre_ids', 'post_ids')
    self.s = bm.Variable(bm.zeros(len(self.pre_ids)))
    self.t_last_pre_spike = bm.Variable(bm.ones(self.pre.num) * -1e7)
    self.int_s = bp.odeint(lambda s, t, TT: self.alpha * TT * (1 - s) - self.beta * s, method='exp_auto')

  def update(self):
    t, dt = bp.share['t'], bp.share['dt']
    self.t_last_pre_spike.value = bm.where(self.pre.spike, t, self.t_last_pre_spike)
    TT = ((t - self.t_last_pre_spike) < self.T_duration) * self.T
    TT = bm.pre2syn(TT, self.pre_ids)
    self.s.value = self.int_s(self.s, t, TT, dt=dt)
    g = bm.syn2post_sum(self.s, self.post_ids, self.post.num)
    self.post.input -= self.g_max * g * (self.post.V - self.E)


num = 100
neu = HH(num)
syn = GABAa(pre=neu, post=neu, conn=bp.connect.All2All(include_self=False), g_max=0.1 / num)
net = bp.Network(neu=neu, syn=syn)
runner = bp.DSRunner(net, monitors={'spike': neu.spike, 'V': neu.V, 's': syn.s}, inputs=['neu.input', 1.], dt=0.01, progress_bar=False)
runner.run(duration=150.)
spikes = np.asarray(runner.mon.spike)
coherence = bp.measure.cross_correlation(spikes, 0.5, dt=0.01)
results = dict(V=np.asarray(runner.mon.V)[::100, ::10], counts=spikes.sum(0), coherence=coherence)
