"""Gap junctions: integrate-and-fire pairs, and a chain of Hodgkin-Huxley neurons coupled by their differences; phase locking of oscillators."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

neurons = bp.neurons.LIF(8, V_initializer=bp.init.Constant(0.), tau=10., V_th=20., V_reset=0.)
neurons.V[...] = bm.asarray(np.linspace(0., 14., 8))
junction = bp.synapses.GapJunction(neurons, neurons, bp.conn.All2All(include_self=False), g_max=0.05)
net = bp.Network(syn=junction, neu=neurons)
runner = bp.DSRunner(net, monitors={'V': neurons.V, 'spike': neurons.spike}, inputs=('neu.input', 22.), progress_bar=False)
runner.run(200.)


class Chain(bp.DynSysGroup):
  def __init__(self, num):
    super().__init__()
    self.hh = bp.neurons.HH(num, V_initializer=bp.init.Constant(-65.))
    matrix = np.zeros((num, num))
    for k in range(num - 1):
      matrix[k, k + 1] = matrix[k + 1, k] = 0.4
    self.coupling = bp.synapses.DiffusiveCoupling(self.hh.V, self.hh.V, self.hh.input, conn_mat=matrix, delay_steps=None) if hasattr(bp.synapses, 'DiffusiveCoupling') \
      else bp.rates.DiffusiveCoupling(self.hh.V, self.hh.V, self.hh.input, conn_mat=matrix, delay_steps=None)

  def update(self):
    self.coupling()
    self.hh()


chain = Chain(6)
drive = bm.asarray(np.array([12., 0., 0., 0., 0., 0.]))
runner2 = bp.DSRunner(chain, monitors={'V': chain.hh.V}, inputs=(chain.hh.input, drive), dt=0.02, progress_bar=False)
runner2.run(60.)
results = dict(lif_V=np.asarray(runner.mon.V)[::10], counts=np.asarray(runner.mon.spike).sum(0), chain=np.asarray(runner2.mon.V)[::20])
