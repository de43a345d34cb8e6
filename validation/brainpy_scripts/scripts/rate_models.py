"""Rate models: the reduced decision circuit (Wong & Wang 2006), Wilson-Cowan and FitzHugh-Nagumo masses."""
import brainpy as bp
import brainpy.math as bm
import numpy as np


class Decision(bp.DynamicalSystem):
  gamma, tau, a, b, d = 0.641, 100., 270., 108., 0.154
  JE, JI, Iext, mu0, coh = 0.3725, -0.1137, 0.3297, 20., 0.256

  def __init__(self, num):
    super().__init__()
    self.s1 = bm.Variable(bm.ones(num) * bm.linspace(0.04, 0.08, num))
    self.s2 = bm.Variable(bm.ones(num) * 0.06)
    self.integral = bp.odeint(bp.JointEq(self.ds1, self.ds2), method='rk4')

  def phi(self, I):
    x = self.a * I - self.b
    return x / (1. - bm.exp(-self.d * x)) / 1000.

  def ds1(self, s1, t, s2):
    I1 = self.JE * s1 + self.JI * s2 + self.Iext + 0.00052 * self.mu0 * (1. + self.coh)
    return -s1 / self.tau + (1. - s1) * self.gamma * self.phi(I1)

  def ds2(self, s2, t, s1):
    I2 = self.JE * s2 + self.JI * s1 + self.Iext + 0.00052 * self.mu0 * (1. - self.coh)
    return -s2 / self.tau + (1. - s2) * self.gamma * self.phi(I2)

  def update(self):
    self.s1.value, self.s2.value = self.integral(self.s1, self.s2, bp.share['t'], bp.share['dt'])
    return self.s1.value, self.s2.value


decision = Decision(5)
s1, s2 = bm.for_loop(decision.step_run, np.arange(8000))

wc = bp.rates.WilsonCowanModel(2, x_initializer=bp.init.Constant(0.1), y_initializer=bp.init.Constant(0.05), method='rk4')
runner = bp.DSRunner(wc, monitors=['x', 'y'], inputs=('input', 0.5), dt=0.05, progress_bar=False)
runner.run(40.)

fhn = bp.rates.FHN(1, x_initializer=bp.init.Constant(0.1), y_initializer=bp.init.Constant(0.), method='rk4')
runner2 = bp.DSRunner(fhn, monitors={'x': fhn.x, 'y': fhn.y}, inputs=('input', 0.9), dt=0.05, progress_bar=False)
runner2.run(100.)

results = dict(s1=bm.as_numpy(s1)[::50], s2=bm.as_numpy(s2)[::50], wc_x=np.asarray(runner.mon.x)[::10], wc_y=np.asarray(runner.mon.y)[::10],
               fhn_x=np.asarray(runner2.mon.x)[::10])
