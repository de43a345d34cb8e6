"""Activity that spreads along a ring of neurons: positions, connections and delays by distance. Leaves ring.png.

    python ring.py
"""
import numpy as np

import ranvier as rv
from ranvier import mV, ms, nS, pA, um

net = rv.Network()
ring = net.add("ring", rv.neurons.lif(), 500, positions=rv.grid((500,), 10 * um, periodic=True), V=-65 * mV)
ring.external("I")
net.connect(ring, ring, rv.prob_dist(60 * um, p=0.8, self_connections=False), synapse=rv.synapses.exponential(3 * ms), output=rv.outputs.coba(0 * mV),
            weight=12 * nS, delay=1 * ms + rv.distance() / (20 * um / ms))


def run(duration=300 * ms):
    sim = rv.Simulation(net, dt=0.1 * ms, seed=1)
    spikes = sim.record(ring.spikes)
    kick = np.zeros(500)
    kick[240:260] = 800
    sim.set_input(ring["I"], kick * pA)
    sim.every(20 * ms, lambda s: s.set_input(ring["I"], 0 * pA), start=20 * ms)
    sim.run(duration, progress=False)
    return spikes


if __name__ == "__main__":
    spikes = run()
    print(f"{len(spikes)} spikes of {len(np.unique(spikes.ids))} neurons")
    rv.plot.raster(spikes, title="spreading along a ring").savefig("ring.png")
