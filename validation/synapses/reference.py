"""Kinetic synapses, spikes at 5, 12 and 15 ms, by DOP853 between the events: python3 reference.py > reference.txt"""
import numpy as np
from scipy.integrate import solve_ivp

SPIKES, END = [5.0, 12.0, 15.0], 30


def solve(rate, state, on_spike, duration=None):
    """Values at every millisecond; rate(t, y, transmitter). A spike acts at its time; the transmitter stays for `duration`."""
    events = sorted(set([0.0, float(END)] + SPIKES + ([s + duration for s in SPIKES] if duration else []) + list(range(END + 1))))
    out, y = [np.array(state, float)], np.array(state, float)
    for a, b in zip(events, events[1:]):
        if a in SPIKES:
            y = on_spike(y)
        there = bool(duration) and any(s <= a < s + duration for s in SPIKES)
        y = solve_ivp(lambda t, x: rate(t, x, there), (a, b), y, method="DOP853", rtol=1e-13, atol=1e-16).y[:, -1]
        if b == int(b):
            out.append(y.copy())
    return np.array(out)


nmda = solve(lambda t, y, _: [-y[0] / 2, 0.5 * y[0] * (1 - y[1]) - y[1] / 100], [0, 0], lambda y: y + [1, 0])
ampa = solve(lambda t, y, on: [0.98 * 0.5 * on * (1 - y[0]) - 0.18 * y[0]], [0], lambda y: y, 0.5)
gaba_a = solve(lambda t, y, on: [0.53 * 1.0 * on * (1 - y[0]) - 0.18 * y[0]], [0], lambda y: y, 1.0)
gaba_b = solve(lambda t, y, on: [0.09 * 0.5 * on * (1 - y[0]) - 0.0012 * y[0], 0.18 * y[0] - 0.034 * y[1]], [0, 0], lambda y: y, 0.3)
print("# ms of each value: 0, 1, ...; made by reference.py")
for name, values in (("nmda.s", nmda[:, 1]), ("ampa.s", ampa[:, 0]), ("gaba_a.s", gaba_a[:, 0]), ("gaba_b.r", gaba_b[:, 0]),
                     ("gaba_b.s", gaba_b[:, 1])):
    print(name, *("%.17g" % v for v in values))
