"""Balanced network of 4,000 integrate-and-fire neurons with current-based synapses (Brette et al. 2007, benchmark 2), with the older classes and delays."""
import brainpy as bp
import brainpy.math as bm

bm.random.seed(7)


class EINet(bp.Network):
  def __init__(self, delay_step):
    E = bp.neurons.LIF(3200, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5., V_initializer=bp.init.Normal(-55., 2.))
    I = bp.neurons.LIF(800, V_rest=-60., V_th=-50., V_reset=-60., tau=20., tau_ref=5., V_initializer=bp.init.Normal(-55., 2.))
    ee = bp.synapses.Exponential(E, E, bp.conn.FixedProb(0.02), output=bp.synouts.CUBA(), g_max=1.62, tau=5., delay_step=delay_step)
    ei = bp.synapses.Exponential(E, I, bp.conn.FixedProb(0.02), output=bp.synouts.CUBA(), g_max=1.62, tau=5., delay_step=delay_step)
    ie = bp.synapses.Exponential(I, E, bp.conn.FixedProb(0.02), output=bp.synouts.CUBA(), g_max=-9., tau=10., delay_step=delay_step)
    ii = bp.synapses.Exponential(I, I, bp.conn.FixedProb(0.02), output=bp.synouts.CUBA(), g_max=-9., tau=10., delay_step=delay_step)
    super().__init__(ee, ei, ie, ii, E=E, I=I)


net = EINet(delay_step=15)
runner = bp.DSRunner(net, inputs=[('E.input', 11.), ('I.input', 11.)], monitors={'E': net.E.spike, 'I': net.I.spike}, progress_bar=False)
runner.run(500.)
rates = {k: bp.measure.firing_rate(runner.mon[k], width=5.) for k in ('E', 'I')}
results = dict(e_rate=rates['E'][1000:].mean(), i_rate=rates['I'][1000:].mean())
