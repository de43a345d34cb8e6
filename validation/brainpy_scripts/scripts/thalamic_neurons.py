"""Thalamic reticular and relay cells of ion channels with calcium, and the relay cell's rebound burst (Destexhe et al. 1996; Huguenard & McCormick 1992)."""
import brainpy as bp
import brainpy.math as bm
import numpy as np


class TRN(bp.dyn.CondNeuGroup):
  def __init__(self, size):
    super().__init__(size, A=1.43e-4, V_initializer=bp.init.Constant(-71.), V_th=20., C=1.)
    self.IL = bp.dyn.IL(size, g_max=0.05, E=-60.)
    self.IKL = bp.dyn.IKL(size, g_max=0.005, E=-95.)
    self.INa = bp.dyn.INa_Ba2002(size, g_max=100., E=50., V_sh=-55.)
    self.IDR = bp.dyn.IKDR_Ba2002(size, g_max=10., E=-95., V_sh=-50.)
    self.Ca = bp.dyn.CalciumDetailed(size, C_rest=5e-5, tau=100., d=0.5)
    self.Ca.add_elem(ICaN=bp.dyn.ICaN_IS2008(size, g_max=0.01, E=10., phi=2.5 ** 0.5))
    self.Ca.add_elem(ICaT=bp.dyn.ICaT_HP1992(size, g_max=1.3, V_sh=-3.))
    self.KCa = bp.dyn.mix_ions(bp.dyn.PotassiumFixed(size, E=-95.), self.Ca)
    self.KCa.add_elem(IAHP=bp.dyn.IAHP_De1994v2(size, g_max=0.2))


class TC(bp.dyn.CondNeuGroupLTC):
  def __init__(self, size):
    super().__init__(size, A=2.9e-4, V_initializer=bp.init.Constant(-65.), V_th=20., C=1.)
    self.IL = bp.channels.IL(size, g_max=0.01, E=-70.)
    self.IKL = bp.channels.IKL(size, g_max=0.02, E=-95.)
    self.INa = bp.channels.INa_Ba2002(size, g_max=90., E=50., V_sh=-40.)
    self.IDR = bp.channels.IKDR_Ba2002(size, g_max=10., E=-95., V_sh=-40., phi=0.25)
    self.Ih = bp.channels.Ih_HM1992(size, g_max=0.01, E=-43.)


trn, tc = TRN(2), TC(3)
net = bp.Network(trn=trn, tc=tc)
net.reset_state()
steps = 20000
inputs = np.zeros((steps, 1))
inputs[5000:12000] = 2e-5 / 1e-3
hyper = np.zeros((steps, 3))
hyper[3000:13000] = np.array([-1e-4, 2e-4, 6e-4]) / 1e-3
runner = bp.DSRunner(net, monitors={'trn': trn.V, 'tc': tc.V, 'Ca': trn.Ca.C}, inputs=[(trn.input, bm.asarray(inputs), 'iter'), (tc.input, bm.asarray(hyper), 'iter')],
                     dt=0.01, progress_bar=False)
runner.run(200.)
results = dict(trn=np.asarray(runner.mon['trn'])[::50], tc=np.asarray(runner.mon['tc'])[::50], Ca=np.asarray(runner.mon['Ca'])[::50])
