"""A synfire chain of ten groups: a volley of spikes travels and sharpens (Diesmann, Gewaltig & Aertsen 1999), with a synapse and a neuron of one's own."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

rng = np.random.RandomState(42)
n_groups, group_size, spike_sigma = 10, 100, 1.


class Groups(bp.dyn.NeuDyn):
  def __init__(self, size, Vr=-70., Vt=-55., tau_m=10., tau_ref=1., tau_psp=0.325, weight=4.86, noise=0.):
    super().__init__(size=size)
    self.Vr, self.Vt, self.tau_m, self.tau_ref, self.tau_psp, self.weight, self.noise = Vr, Vt, tau_m, tau_ref, tau_psp, weight, noise
    self.V = bm.Variable(bm.asarray(Vr + rng.random_sample(size) * (Vt - Vr) * 0.5))
    self.x = bm.Variable(bm.zeros(size))
    self.y = bm.Variable(bm.zeros(size))
    self.input = bm.Variable(bm.zeros(size))
    self.spike = bm.Variable(bm.zeros(size, dtype=bool))
    self.refractory = bm.Variable(bm.zeros(size, dtype=bool))
    self.t_last_spike = bm.Variable(bm.ones(size) * -1e7)
    self.int_V = bp.odeint(lambda V, t, x: (-(V - self.Vr) + x) / self.tau_m)
    self.int_x = bp.odeint(lambda x, t, y: (-x + y) / self.tau_psp)
    self.int_y = bp.odeint(lambda y, t: -y / self.tau_psp + 25.27)

  def update(self):
    t, dt = bp.share['t'], bp.share['dt']
    self.x.value = self.int_x(self.x, t, self.y, dt)
    self.y.value = self.int_y(self.y, t, dt)
    self.y += self.input * self.weight
    in_ref = (t - self.t_last_spike) < self.tau_ref
    V = bm.where(in_ref, self.Vr, self.int_V(self.V, t, self.x, dt))
    self.spike.value = V >= self.Vt
    self.t_last_spike.value = bm.where(self.spike, t, self.t_last_spike)
    self.V.value = bm.where(self.spike, self.Vr, V)
    self.refractory.value = bm.logical_or(in_ref, self.spike)
    self.input[:] = 0.


class Synapse(bp.synapses.TwoEndConn):
  def __init__(self, pre, post, conn, delay):
    super().__init__(pre=pre, post=post, conn=conn)
    self.pre2post = self.conn.require('pre2post')
    self.delay = bm.LengthDelay(self.pre.spike, int(delay / bm.get_dt()))

  def update(self):
    self.delay.update(self.pre.spike)
    late = self.delay(int(5. / bm.get_dt()))
    self.post.input += bm.pre2post_event_sum(late, self.pre2post, self.post.num, 4.)


groups = Groups(n_groups * group_size)
pre = np.concatenate([np.repeat(np.arange(k * group_size, (k + 1) * group_size), group_size) for k in range(n_groups - 1)])
post = np.concatenate([np.tile(np.arange((k + 1) * group_size, (k + 2) * group_size), group_size) for k in range(n_groups - 1)])
synapse = Synapse(groups, groups, bp.conn.IJConn(pre, post), delay=5.)
volley = np.zeros((1000, n_groups * group_size))
steps = np.clip(np.round((20. + spike_sigma * rng.randn(85 * group_size)) / 0.1).astype(int), 0, 999)
np.add.at(volley, (steps, np.tile(np.arange(group_size), 85)), 1. * 4.)
net = bp.Network(synapse, groups=groups)
runner = bp.DSRunner(net, monitors={'spike': groups.spike, 'V': groups.V}, inputs=[('groups.input', bm.asarray(volley), 'iter')], dt=0.1, progress_bar=False)
runner.run(100.)
spike = np.asarray(runner.mon.spike)
results = dict(counts=spike.reshape(1000, n_groups, group_size).sum((0, 2)), V=np.asarray(runner.mon.V)[::5, ::50])
