"""Hodgkin-Huxley neurons (1952) under currents in sections and under a sinusoid."""
import brainpy as bp
import brainpy.math as bm
import numpy as np

hh = bp.neurons.HH(3, V_initializer=bp.init.Constant(-65.), method='exp_auto')
current, duration = bp.inputs.section_input(values=[0., bm.asarray([1., 2., 4.]), bm.asarray([10., 15., 20.]), 0.],
                                            durations=[10, 20, 40, 15], return_length=True, dt=0.01)
runner = bp.DSRunner(hh, monitors=['V', 'm', 'spike'], inputs=[hh.input, current, 'iter'], dt=0.01, progress_bar=False)
runner.run(duration)
first = np.asarray(runner.mon.V)

hh2 = bp.neurons.HH(2, V_initializer=bp.init.OneInit(-70.), method='rk4')
wave = bp.inputs.sinusoidal_input(amplitude=10., frequency=50., duration=60., dt=0.01, t_start=5.)
runner2 = bp.DSRunner(hh2, monitors={'V': hh2.V}, inputs=('input', wave, 'iter'), dt=0.01, progress_bar=False)
runner2.run(60.)
results = dict(V=first[::10], m=np.asarray(runner.mon.m)[::10], spikes=np.asarray(runner.mon.spike).sum(0), V_sine=np.asarray(runner2.mon.V)[::10])
