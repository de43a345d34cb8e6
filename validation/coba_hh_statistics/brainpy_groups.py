"""Runs BrainPy 2.4.4.post1 (jax 0.4.18, float64) on the notebook's second and third formulation, 1,000 ms a seed.

usage: brainpy_groups.py FIRST LAST     prints a line a run: implementation, seed, then rate, CV and Fano factor (5 ms) of E and of I

The estimator is estimator.hpp's: window 100-1000 ms, CV of neurons with at least 5 spikes.
"""
import sys

import brainpy as bp
import brainpy.math as bm
import numpy as np

bm.set_platform('cpu')
bm.enable_x64()


class HH2(bp.dyn.CondNeuGroupLTC):
  def __init__(self, size):
    super().__init__(size)
    self.INa = bp.channels.INa_TM1991(size, g_max=100., V_sh=-63.)
    self.IK = bp.channels.IK_TM1991(size, g_max=30., V_sh=-63.)
    self.IL = bp.channels.IL(size, E=-60., g_max=0.05)


class V2(bp.DynSysGroup):
  def __init__(self):
    super().__init__()
    self.N = HH2(4000)
    self.Esyn = bp.synapses.Exponential(self.N[:3200], self.N, bp.conn.FixedProb(0.02), g_max=0.03, tau=5, output=bp.synouts.COBA(E=0.))
    self.Isyn = bp.synapses.Exponential(self.N[3200:], self.N, bp.conn.FixedProb(0.02), g_max=0.335, tau=10., output=bp.synouts.COBA(E=-80))


class P(bp.Projection):
  def __init__(self, num_pre, post, prob, g_max, tau, E):
    super().__init__()
    self.proj = bp.dyn.ProjAlignPostMg1(comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(prob, pre=num_pre, post=post.num), g_max),
      syn=bp.dyn.Expon.desc(size=post.num, tau=tau), out=bp.dyn.COBA.desc(E=E), post=post)
  def update(self, s): return self.proj(s)


class V3(bp.DynSysGroup):
  def __init__(self):
    super().__init__()
    self.N = HH2(4000)
    self.Esyn = P(3200, self.N, 0.02, 0.03, 5, 0.)
    self.Isyn = P(800, self.N, 0.02, 0.335, 10., -80)
  def update(self):
    e = self.N.spike[:3200]; i = self.N.spike[3200:]
    self.Esyn(e); self.Isyn(i); self.N(); return self.N.spike


def estimate(step, neuron, lo, hi):
    t = (step + 1) * 0.1
    use = (neuron >= lo) & (neuron < hi) & (t >= 100 - 1e-9) & (t < 1000 - 1e-9)
    t, i = t[use], neuron[use] - lo
    cvs = []
    for n in range(hi - lo):
        own = t[i == n]
        if len(own) >= 5:
            isi = np.diff(own)
            cvs.append(isi.std() / isi.mean())
    bins = np.histogram(t, np.arange(100, 1002.5, 5.0))[0]
    return len(t) / (hi - lo) / 0.9, np.mean(cvs), bins.var() / bins.mean()


for seed in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
    for implementation in (2, 3):
        bm.random.seed(seed)
        net = V2() if implementation == 2 else V3()
        if implementation == 2:
            runner = bp.DSRunner(net, monitors={'s': net.N.spike}, progress_bar=False)
            runner.run(1000.)
            spikes = np.asarray(runner.mon['s'])
        else:
            bp.share.save(dt=0.1)
            spikes = np.asarray(bm.for_loop(net.step_run, np.arange(10000), progress_bar=False))
        step, neuron = np.nonzero(spikes)
        print(implementation, seed, *estimate(step, neuron, 0, 3200), *estimate(step, neuron, 3200, 4000), flush=True)
