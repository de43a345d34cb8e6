"""Firing patterns of the adaptive exponential integrate-and-fire neuron (Naud et al. 2008), a parameter set a neuron."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

#              tonic  adapting  initial burst  regular burst  transient
tau = np.array([20., 20., 5., 5., 10.])
a = np.array([0., 0., 0.5, -0.5, 1.])
tau_w = np.array([30., 100., 100., 100., 100.])
b = np.array([60., 5., 7., 7., 10.])
V_reset = np.array([-55., -55., -51., -46., -60.])
neurons = bp.dyn.AdExIF(5, V_rest=-70., V_reset=bm.asarray(V_reset), V_th=-30., V_T=-50., delta_T=2., a=bm.asarray(a), b=bm.asarray(b), R=0.5,
                        tau=bm.asarray(tau), tau_w=bm.asarray(tau_w), V_initializer=bp.init.Constant(-70.), w_initializer=bp.init.Constant(0.))
currents = bm.asarray([65., 65., 65., 65., 55.])


def step(i):
  neurons.step_run(i, currents)
  return neurons.V.value, neurons.w.value, neurons.spike.value


V, w, spike = bm.for_loop(step, np.arange(3000), progress_bar=False)
results = dict(V=bm.as_numpy(V)[::10], w=bm.as_numpy(w)[::10], counts=bm.as_numpy(spike).sum(0))
