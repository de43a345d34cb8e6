"""Ornstein-Uhlenbeck noise into integrate-and-fire neurons, with a stochastic equation of one's own beside the library's process."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

bm.random.seed(3)


class Noise(bp.DynamicalSystem):
  def __init__(self, num, mean, sigma, tau):
    super().__init__()
    self.x = bm.Variable(bm.ones(num) * mean)
    self.integral = bp.sdeint(f=lambda x, t: (mean - x) / tau, g=lambda x, t: sigma, method='euler')

  def update(self):
    self.x.value = self.integral(self.x, bp.share['t'], bp.share['dt'])
    return self.x.value


class Net(bp.DynSysGroup):
  def __init__(self):
    super().__init__()
    self.noise = Noise(1000, 18., 2., 5.)
    self.ou = bp.dyn.OUProcess(1000, mean=18., sigma=2., tau=5.)
    self.a = bp.dyn.LifRef(1000, V_rest=0., V_th=20., V_reset=0., tau=10., tau_ref=2., V_initializer=bp.init.Uniform(0., 20.))
    self.b = bp.dyn.LifRef(1000, V_rest=0., V_th=20., V_reset=0., tau=10., tau_ref=2., V_initializer=bp.init.Uniform(0., 20.))

  def update(self):
    self.a(self.noise())
    self.b(self.ou())
    return self.noise.x.value, self.a.spike.value, self.b.spike.value


net = Net()
x, a, b = (bm.as_numpy(v) for v in bm.for_loop(net.step_run, np.arange(5000)))
results = dict(mean=x[1000:].mean(), sd=x[1000:].std(), rate_own=a[1000:].mean() * 1e4, rate_library=b[1000:].mean() * 1e4)
