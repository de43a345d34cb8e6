"""Solutions of the library's neurons by SciPy at 1e-12, written from the papers and not from the C++ files.

    python3 make_references.py [NAME ...]      # writes references/NAME.txt

Smooth models: DOP853 (rtol, atol 1e-12); rows "at TIME STATE ...". Models with a reset: DOP853 with located events; rows
"spike TIME" and, at the end, "at TIME STATE ...". Units: mV, ms, pA, nS, pF or per cm^2 (uA, mS, uF) as the papers have them.
"""
import pathlib
import sys

import numpy as np
from scipy.integrate import solve_ivp

HERE = pathlib.Path(__file__).parent / "references"
exp, tanh, cosh = np.exp, np.tanh, np.cosh
TIGHT = dict(method="DOP853", rtol=1e-12, atol=1e-12)


def linear_over_exp(x, k):  # x / (1 - exp(-x/k)), with its limit
    return k if abs(x) < 1e-9 else x / -np.expm1(-x / k)


def hh(t, y, I):
    V, m, h, n = y
    am, bm = 0.1 * linear_over_exp(V + 40, 10), 4 * exp(-(V + 65) / 18)
    ah, bh = 0.07 * exp(-(V + 65) / 20), 1 / (1 + exp(-(V + 35) / 10))
    an, bn = 0.01 * linear_over_exp(V + 55, 10), 0.125 * exp(-(V + 65) / 80)
    dV = I - 120 * m**3 * h * (V - 50) - 36 * n**4 * (V + 77) - 0.3 * (V + 54.387)
    return [dV, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]


def hh_start():
    V = -65.0
    am, bm = 0.1 * linear_over_exp(V + 40, 10), 4.0
    ah, bh = 0.07, 1 / (1 + exp(3.0))
    an, bn = 0.01 * linear_over_exp(V + 55, 10), 0.125
    return [V, am / (am + bm), ah / (ah + bh), an / (an + bn)]


def wang_buzsaki(t, y, I):
    V, h, n = y
    am, bm = 0.1 * linear_over_exp(V + 35, 10), 4 * exp(-(V + 60) / 18)
    ah, bh = 0.07 * exp(-(V + 58) / 20), 1 / (1 + exp(-0.1 * (V + 28)))
    an, bn = 0.01 * linear_over_exp(V + 34, 10), 0.125 * exp(-(V + 44) / 80)
    m = am / (am + bm)
    dV = I - 35 * m**3 * h * (V - 55) - 9 * n**4 * (V + 90) - 0.1 * (V + 65)
    return [dV, 5 * (ah * (1 - h) - bh * h), 5 * (an * (1 - n) - bn * n)]


def wang_buzsaki_start():
    V = -64.0
    ah, bh = 0.07 * exp(-(V + 58) / 20), 1 / (1 + exp(-0.1 * (V + 28)))
    an, bn = 0.01 * linear_over_exp(V + 34, 10), 0.125 * exp(-(V + 44) / 80)
    return [V, ah / (ah + bh), an / (an + bn)]


def morris_lecar(t, y, I):
    V, W = y
    m, w = 0.5 * (1 + tanh((V + 1.2) / 18)), 0.5 * (1 + tanh((V - 2) / 30))
    return [(I - 4.4 * m * (V - 120) - 8 * W * (V + 84) - 2 * (V + 60)) / 20, 0.04 * (w - W) * cosh((V - 2) / 60)]


def traub_miles(t, y, I):
    V, m, h, n = y
    v = V + 63
    am, bm = 0.32 * linear_over_exp(v - 13, 4), 0.28 * linear_over_exp(40 - v, 5)
    ah, bh = 0.128 * exp((17 - v) / 18), 4 / (1 + exp((40 - v) / 5))
    an, bn = 0.032 * linear_over_exp(v - 15, 5), 0.5 * exp((10 - v) / 40)
    dV = (I - 10 * (V + 60) - 20000 * m**3 * h * (V - 50) - 6000 * n**4 * (V + 90)) / 200
    return [dV, am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]


def fitzhugh_nagumo(t, y, I):
    v, w = y
    return [v - v**3 / 3 - w + I, (v + 0.7 - 0.8 * w) / 12.5]


def hindmarsh_rose(t, y, I):
    x, v, z = y
    return [v - x**3 + 3 * x**2 - z + I, 1 - 5 * x**2 - v, 0.006 * (4 * (x + 1.6) - z)]


def wilson_cowan(t, y, I):
    def S(x, a, theta):
        return 1 / (1 + exp(-a * (x - theta))) - 1 / (1 + exp(a * theta))
    e, i = y
    return [-e + (1 - e) * S(12 * e - 4 * i + I, 1.2, 2.8), -i + (1 - i) * S(13 * e - 11 * i, 1.0, 4.0)]


def pinsky_rinzel(t, y, I):
    V, Vd, h, n, s, c, q, Ca = y
    am, bm = 0.32 * linear_over_exp(V - 13.1, 4), 0.28 * linear_over_exp(40.1 - V, 5)
    an, bn = 0.016 * linear_over_exp(V - 35.1, 5), 0.25 * exp(0.5 - 0.025 * V)
    ah, bh = 0.128 * exp((17 - V) / 18), 4 / (1 + exp((40 - V) / 5))
    as_, bs = 1.6 / (1 + exp(-0.072 * (Vd - 65))), 0.02 * linear_over_exp(51.1 - Vd, 5)
    if Vd <= 50:
        ac = exp((Vd - 10) / 11 - (Vd - 6.5) / 27) / 18.975
        bc = 2 * exp(-(Vd - 6.5) / 27) - ac
    else:
        ac, bc = 2 * exp(-(Vd - 6.5) / 27), 0.0
    aq = min(0.00002 * Ca, 0.01)
    ICa = 10 * s**2 * (Vd - 140)
    dV = -0.1 * V - 30 * (am / (am + bm))**2 * h * (V - 120) - 15 * n * (V + 15) + 2.1 / 0.5 * (Vd - V) + I / 0.5
    dVd = -0.1 * Vd - ICa - 0.8 * q * (Vd + 15) - 15 * c * min(Ca / 250, 1) * (Vd + 15) + 2.1 / 0.5 * (V - Vd)
    return [dV / 3, dVd / 3, ah * (1 - h) - bh * h, an * (1 - n) - bn * n, as_ * (1 - s) - bs * s, ac * (1 - c) - bc * c,
            aq * (1 - q) - 0.001 * q, -0.13 * ICa - 0.075 * Ca]


def qif_mean_field(t, y, I):
    r, v = y
    return [1 / np.pi + 2 * r * v, v**2 - 5 + 15 * r + I - (np.pi * r)**2]


# name: right-hand side, start, constant input (the paper's unit), times at which states are kept
SMOOTH = {
    "hh": (hh, hh_start(), 10.0, [1.0, 5.0, 12.0, 100.0]),
    "wang_buzsaki": (wang_buzsaki, wang_buzsaki_start(), 1.0, [1.0, 5.0, 12.0, 100.0]),
    "morris_lecar": (morris_lecar, [-60.0, 0.5 * (1 + tanh(-62 / 30))], 100.0, [1.0, 20.0, 50.0, 300.0]),
    "fitzhugh_nagumo": (fitzhugh_nagumo, [-1.2, -0.625], 0.5, [1.0, 10.0, 30.0, 100.0]),
    "hindmarsh_rose": (hindmarsh_rose, [-1.6, -10.0, 2.0], 3.0, [1.0, 5.0, 12.0, 60.0]),
    "wilson_cowan": (wilson_cowan, [0.05, 0.05], 1.25, [1.0, 3.0, 5.0, 60.0]),
    "pinsky_rinzel": (pinsky_rinzel, [-4.6, -4.5, 0.999, 0.001, 0.009, 0.007, 0.01, 0.2], 0.75, [1.0, 10.0, 20.0, 60.0]),
    "qif_mean_field": (qif_mean_field, [0.1, -2.0], 3.0, [0.5, 1.0, 2.0, 40.0]),
    "traub_miles": (traub_miles, [-65.0, 0.0, 0.0, 0.0], 300.0, [1.0, 5.0, 8.0, 100.0]),
}


def lif(t, y, I):
    return [(-60 - y[0] + 0.1 * I) / 20]


def expif(t, y, I):
    return [(-65 - y[0] + 3.48 * exp((y[0] + 59.9) / 3.48) + 0.1 * I) / 10]


def quaif(t, y, I):
    return [(0.07 * (y[0] + 65) * (y[0] + 50) + 0.1 * I) / 10]


def adquaif(t, y, I):
    V, w = y
    return [(0.07 * (V + 65) * (V + 50) + 0.1 * (I - w)) / 10, (10 * (V + 65) - w) / 10]


def adexif(t, y, I):
    V, w = y
    return [(-30 * (V + 70.6) + 30 * 2 * exp((V + 50.4) / 2) - w + I) / 281, (4 * (V + 70.6) - w) / 144]


def izhikevich(t, y, I):
    V, u = y
    return [0.04 * V * V + 5 * V + 140 - u + I, 0.02 * (0.2 * V - u)]


def gif(t, y, I):  # adapting threshold and both currents: "a" 5/s, A1 = 10 V/s, A2 = -0.6 V/s, times C = 100 pF
    V, theta, i1, i2 = y
    return [(I + i1 + i2 - 5 * (V + 70)) / 100, 0.005 * (V + 70) - 0.01 * (theta + 50), -0.2 * i1, -0.02 * i2]


def alif(t, y, I):
    V, a = y
    return [(I - V) / 20, -a / 200]


# adexif is cut at V_T + 10 delta_T: to 20 mV the exponential makes the last 1e-14 ms too stiff to locate anything in.
# name: right-hand side, start, input, event (an upward zero), reset, refractory period, frozen while refractory, end
SPIKING = {
    "lif": (lif, [-60.0], 150.0, lambda y: y[0] + 50, lambda y: [-60.0], 5.0, 100.0),
    "expif": (expif, [-65.0], 60.0, lambda y: y[0] + 30, lambda y: [-68.0], 1.7, 100.0),
    "quaif": (quaif, [-65.0], 120.0, lambda y: y[0] + 30, lambda y: [-68.0], 0.0, 100.0),
    "adquaif": (adquaif, [-65.0, 0.0], 1000.0, lambda y: y[0] + 30, lambda y: [-68.0, y[1] + 1], 0.0, 100.0),
    "adexif": (adexif, [-70.6, 0.0], 1000.0, lambda y: y[0] + 30.4, lambda y: [-70.6, y[1] + 80.5], 0.0, 200.0),
    "izhikevich": (izhikevich, [-65.0, -13.0], 10.0, lambda y: y[0] - 30, lambda y: [-65.0, y[1] + 8], 0.0, 300.0),
    "alif": (alif, [0.0, 0.0], 4.0, lambda y: y[0] - 1 - 1.6 * y[1], lambda y: [y[0] - 1, y[1] + 1], 0.0, 100.0),
    "gif": (gif, [-70.0, -50.0, 0.0, 0.0], 200.0, lambda y: y[0] - y[1],
            lambda y: [-70.0, max(y[1], -60.0), 1000.0, y[3] - 60.0], 0.0, 200.0),
}


def smooth(name):
    f, y0, I, times = SMOOTH[name]
    sol = solve_ivp(f, (0, times[-1]), y0, args=(I,), t_eval=times, **TIGHT)
    other = solve_ivp(f, (0, times[-1]), y0, args=(I,), t_eval=times, method="Radau", rtol=1e-11, atol=1e-12)
    assert np.allclose(sol.y, other.y, rtol=1e-6, atol=1e-6), (name, abs(sol.y - other.y).max())
    return [f"at {t!r} " + " ".join(repr(float(v)) for v in y) for t, y in zip(times, sol.y.T)]


def spiking(name):
    f, y, I, level, reset, refractory, end = SPIKING[name]
    rows, t = [], 0.0

    def event(time, state, current):
        return level(state)
    event.terminal, event.direction = True, 1
    while t < end:
        sol = solve_ivp(f, (t, end), y, args=(I,), events=event, **TIGHT)
        assert sol.status in (0, 1), sol.message
        t = float(sol.t[-1])
        if sol.status != 1:
            rows.append(f"at {end!r} " + " ".join(repr(float(v)) for v in sol.y[:, -1]))
            break
        rows.append(f"spike {t!r}")
        y = reset(sol.y[:, -1])
        t += refractory  # all that these models change meanwhile is held: V alone in those with a period
    return rows


def main():
    HERE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or [*SMOOTH, *SPIKING]:
        rows = smooth(name) if name in SMOOTH else spiking(name)
        (HERE / f"{name}.txt").write_text("# made by make_references.py\n" + "\n".join(rows) + "\n", encoding="utf-8")
        print(name, len(rows))


if __name__ == "__main__":
    main()
