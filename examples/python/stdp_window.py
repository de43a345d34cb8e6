"""The window of spike-timing-dependent plasticity: one pair of spikes for each synapse, at differences from -50 to 50 ms.

    python stdp_window.py
"""
import numpy as np

import ranvier as rv
from ranvier import mV, ms, nS

stdp = rv.Plasticity("stdp")
w, x, y = stdp.weight("w", nS), stdp.pre_state("x"), stdp.post_state("y")
stdp.d[x] = -x / (20 * ms)
stdp.d[y] = -y / (20 * ms)
stdp.sends(w)
stdp.on_pre(x, x + 1).on_pre(w, w - 0.06 * nS * y)
stdp.on_post(y, y + 1).on_post(w, w + 0.05 * nS * x)

differences = np.arange(-50, 51, 5)            # post minus pre, ms
n = len(differences)
net = rv.Network()
pre = net.add("pre", rv.sources.spike_train(np.arange(n), np.full(n, 60.0) * ms), n)
# The targets spike when they are told to: a jump of 100 mV at the right time.
target = rv.Model("target", equations="dV/dt = -V/(1*ms) : volt\nI : amp (input)", threshold="V > 50*mV", reset="V = 0*mV")
post = net.add("post", target, n)
kick = net.add("kick", rv.sources.spike_train(np.arange(n), (60.0 + differences) * ms), n)
net.connect(kick, post, rv.one_to_one(), synapse=rv.synapses.delta(), weight=100 * mV)
plain = rv.Output("nothing")
plain.current(plain.synaptic(nS) * (0 * mV))
synapses = net.connect(pre, post, rv.one_to_one(), synapse=rv.synapses.exponential(5 * ms, weight_unit=nS), output=plain, weight=1 * nS, plasticity=stdp)


def run():
    sim = rv.Simulation(net, dt=0.1 * ms)
    stamps = sim.record(post.spikes)
    sim.run(150 * ms, progress=False)
    order = np.argsort(stamps.ids)
    return (stamps.times / ms)[order] - 60.0, sim.get(synapses["w"]) / nS - 1


if __name__ == "__main__":
    for difference, change in zip(*run()):
        print(f"{difference:7.1f} ms  {change:+.4f} nS")
