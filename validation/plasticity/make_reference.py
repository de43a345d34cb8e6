"""Event-by-event reference of the plasticity rules, written from the papers' equations without a time grid.

Every neuron's spikes are known; a rule visits them in order of time and lets each trace decay exactly over the interval since it was
last touched. Arrivals at a synapse come `delay` after the source's spike; where an arrival and a spike of the target coincide,
the arrival is first. Usage: python3 make_reference.py > reference.txt
"""
import math
import random

DT = 0.1
STEPS = 20000
N_PRE, N_POST = 5, 4
DELAY = 13  # steps


class Trace:
    def __init__(self, tau, value=0.0):
        self.tau, self.value, self.at = tau, value, 0

    def now(self, step):
        self.value *= math.exp(-(step - self.at) * DT / self.tau)
        self.at = step
        return self.value


def trains(seed):
    rng = random.Random(seed)

    def train(rate):
        return [k for k in range(1, STEPS - DELAY - 1) if rng.random() < rate * DT / 1000]

    return [train(rng.uniform(5, 40)) for _ in range(N_PRE)], [train(rng.uniform(5, 40)) for _ in range(N_POST)]


def events(pre, post):
    out = [(k + DELAY, 0) for k in pre] + [(k, 1) for k in post]
    return sorted(out)


def clip(x, low, high):
    return min(high, max(low, x))


def pair(pre, post, soft):
    tp, tm, ap, am, top, w = 17.0, 31.0, 0.02, 0.021, 2.0, 1.0
    x, y = Trace(tp), Trace(tm)
    for step, kind in events(pre, post):
        if kind == 0:
            scale = w if soft else top
            w = clip(w - am * y.now(step) * scale, 0, top)
            x.now(step)
            x.value += 1
        else:
            scale = top - w if soft else top
            w = clip(w + ap * x.now(step) * scale, 0, top)
            y.now(step)
            y.value += 1
    return w


def triplet(pre, post):
    top, w = 2.0, 1.0
    a2p, a3p, a2m, a3m = 5e-10, 6.2e-3, 7e-3, 2.3e-4
    r1, r2, o1, o2 = Trace(16.8), Trace(101.0), Trace(33.7), Trace(125.0)
    for step, kind in events(pre, post):
        if kind == 0:
            w = clip(w - top * o1.now(step) * (a2m + a3m * r2.now(step)), 0, top)
            r1.now(step)
            r1.value += 1
            r2.value += 1
        else:
            w = clip(w + top * r1.now(step) * (a2p + a3p * o2.now(step)), 0, top)
            o1.now(step)
            o1.value += 1
            o2.value += 1
    return w


def inhibitory(pre, post):
    tau, eta, rho, top, w = 20.0, 0.05, 0.005, 3.0, 1.0
    x, y = Trace(tau), Trace(tau)
    for step, kind in events(pre, post):
        if kind == 0:
            w = clip(w + eta * (y.now(step) - 2 * rho * tau), 0, top)
            x.now(step)
            x.value += 1
        else:
            w = clip(w + eta * x.now(step), 0, top)
            y.now(step)
            y.value += 1
    return w


def reward(pre, post):
    """dopamine is 0.002 /ms in [500, 1500) ms and -0.0005 /ms afterwards; w integrates c * dopamine in closed form."""
    tc, ap, am, top = 400.0, 0.1, 0.15, 2.0
    x, y = Trace(20.0), Trace(20.0)
    w, c, at = 1.0, 0.0, 0
    changes = [(5000, 2), (15000, 3), (STEPS, 4)]
    dopamine = 0.0
    for step, kind in sorted(events(pre, post) + changes):
        h = (step - at) * DT
        w += dopamine * c * tc * -math.expm1(-h / tc)
        c *= math.exp(-h / tc)
        at = step
        if kind == 0:
            w = clip(w, 0, top)
            c -= am * y.now(step)
            x.now(step)
            x.value += 1
        elif kind == 1:
            w = clip(w, 0, top)
            c += ap * x.now(step)
            y.now(step)
            y.value += 1
        elif kind == 2:
            dopamine = 0.002
        elif kind == 3:
            dopamine = -0.0005
    return w, c


def short_term(pre, release):
    """What each arrival sends, of weight 1: the recursion of Markram, Wang & Tsodyks 1998, eqs. 1 and 2."""
    tr, tf = 130.0, 530.0
    R, u, last, sent = 1.0, 0.0, None, []
    for k in pre:
        if last is None:
            u = release
        else:
            h = (k - last) * DT
            R = R * (1 - u) * math.exp(-h / tr) + 1 - math.exp(-h / tr)
            u = u * math.exp(-h / tf) * (1 - release) + release
        sent.append(u * R)
        last = k
    return sent


def show(name, values):
    print(name, len(values), *(repr(v) for v in values))


def main():
    pre, post = trains(20061)
    for i, train in enumerate(pre):
        show(f"pre{i}", train)
    for j, train in enumerate(post):
        show(f"post{j}", train)
    every = [(a, b) for a in pre for b in post]
    show("pair_additive", [pair(a, b, False) for a, b in every])
    show("pair_multiplicative", [pair(a, b, True) for a, b in every])
    show("triplet", [triplet(a, b) for a, b in every])
    show("inhibitory", [inhibitory(a, b) for a, b in every])
    show("reward_w", [reward(a, b)[0] for a, b in every])
    show("reward_c", [reward(a, b)[1] for a, b in every])
    for i, train in enumerate(pre):
        show(f"sent{i}", short_term(train, 0.03 + 0.1 * i))


main()
