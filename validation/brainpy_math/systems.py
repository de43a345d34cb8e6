"""Autonomous systems (but for rkf45, whose last node BrainPy has wrong) of a module `bp`: (equations, start, dt, parameters)."""


def systems(bp, bm):
    def pair(V, w, t, I):
        return V - V * V * V / 3. - w + I, 0.08 * (V + 0.7 - 0.8 * w)

    def dV(V, t, w, I=0.5):
        return V - V * V * V / 3. - w + I

    def dw(w, t, V):
        return 0.08 * (V + 0.7 - 0.8 * w)

    def gate(m, t, V):
        alpha = 0.1 * (V + 40.) / (1. - bm.exp(-(V + 40.) / 10.))
        return alpha * (1. - m) - 4. * bm.exp(-(V + 65.) / 18.) * m
    start = ([-1.5, 0.3, 2.], [-0.4, 0.1, 0.6])
    found = {"joint": (bp.JointEq([dV, dw]), start, 0.1, {"I": 0.7}), "gate": (gate, ([0.05, 0.5],), 0.02, {"V": -30.})}
    return {"pair": (pair, start, 0.1, {"I": 0.7}), **found}
