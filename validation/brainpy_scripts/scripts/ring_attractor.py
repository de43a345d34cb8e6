"""A ring attractor of rate units that tracks a moving bump (Wu, Hamaguchi & Amari 2008): continuous-attractor network with divisive inhibition."""
import brainpy as bp
import brainpy.math as bm
import numpy as np


class CANN1D(bp.dyn.NeuDyn):
  def __init__(self, num, tau=1., k=8.1, a=0.5, A=10., J0=4., z_min=-np.pi, z_max=np.pi):
    super().__init__(size=num)
    self.tau, self.k, self.a, self.A, self.J0 = tau, k, a, A, J0
    self.z_range = z_max - z_min
    self.x = bm.linspace(z_min, z_max, num)
    self.rho = num / self.z_range
    self.dx = self.z_range / num
    self.conn_mat = self.make_conn(self.x)
    self.r = bm.Variable(bm.zeros(num))
    self.u = bm.Variable(bm.zeros(num))
    self.input = bm.Variable(bm.zeros(num))
    self.integral = bp.odeint(self.derivative, method='rk4')

  def derivative(self, u, t, Iext):
    r1 = bm.square(u)
    r2 = 1.0 + self.k * bm.sum(r1)
    Irec = bm.dot(self.conn_mat, r1 / r2)
    return (-u + Irec + Iext) / self.tau

  def dist(self, d):
    d = bm.remainder(d, self.z_range)
    return bm.where(d > 0.5 * self.z_range, d - self.z_range, d)

  def make_conn(self, x):
    d = self.dist(x - x[:, None])
    return self.J0 * bm.exp(-0.5 * bm.square(d / self.a)) / (bm.sqrt(2 * bm.pi) * self.a)

  def get_stimulus_by_pos(self, pos):
    return self.A * bm.exp(-0.25 * bm.square(self.dist(self.x - pos) / self.a))

  def update(self):
    u = self.integral(self.u, bp.share['t'], self.input, bp.share['dt'])
    r1 = bm.square(u)
    self.r.value = r1 / (1.0 + self.k * bm.sum(r1))
    self.u.value = u
    self.input[:] = 0.


cann = CANN1D(num=256, k=0.1)
dur1, dur2, dur3 = 20., 20., 20.
num1, num2, num3 = (int(d / bm.get_dt()) for d in (dur1, dur2, dur3))
position = np.zeros(num1 + num2 + num3)
position[num1: num1 + num2] = np.linspace(0., 1.5 * np.pi, num2)
position[num1 + num2:] = 1.5 * np.pi
position = position.reshape((-1, 1))
Iext = cann.get_stimulus_by_pos(position)
runner = bp.DSRunner(cann, inputs=('input', Iext, 'iter'), monitors=['u', 'r'], progress_bar=False)
runner.run(dur1 + dur2 + dur3)
results = dict(u=np.asarray(runner.mon.u)[::10, ::8], r=np.asarray(runner.mon.r)[::10, ::8])
