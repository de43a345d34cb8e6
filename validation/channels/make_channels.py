"""Rates, steady states, time constants and currents of the library's ion channels, from the formulas of their papers.

usage: make_channels.py > channels.txt          (mpmath is needed; 40 digits; the text file is kept under version control)

Voltages in mV, times in ms, concentrations in mM, currents in uA/cm2 (positive into the cell). E_Ca = 120 mV.
"""
from mpmath import mp, mpf, exp, log

mp.dps = 40
E_CA = mpf(120)
VOLTAGES = [mpf(v) for v in ("-110.3", "-95.7", "-84.2", "-81.5", "-75", "-71.9", "-63.5", "-58", "-55", "-50", "-48", "-43.3",
                             "-40", "-35", "-27", "-23", "-10.1", "0", "5.5", "30.2")]
CALCIUM = [mpf("1e-4"), mpf("2e-3"), mpf("0.3")]


def m(x):
    return mpf(str(x))


def over(x, k):
    """x / (exp(x/k) - 1), and k at 0."""
    return k if x == 0 else x / (exp(x / k) - 1)


def rates(alpha, beta, speed=1):
    return speed * alpha, speed * beta


def relax(inf, tau, speed=1):
    return speed * inf / tau, speed * (1 - inf) / tau


def sigmoid(v, half, slope):
    return 1 / (1 + exp(-(v - m(half)) / m(slope)))


def q10(q, celsius):
    return m(q) ** ((36 - m(celsius)) / 10)


def na_tm(v, ca):
    v += 63
    return {"p": rates(m("0.32") * over(13 - v, mpf(4)), m("0.28") * over(v - 40, mpf(5))),
            "q": rates(m("0.128") * exp((17 - v) / 18), 4 / (1 + exp((40 - v) / 5)))}


def k_tm(v, ca):
    v += 63
    return {"p": rates(m("0.032") * over(15 - v, mpf(5)), exp((10 - v) / 40) / 2)}


def na_hh(v, ca):
    return {"p": rates(m("0.1") * over(-(v + 40), mpf(10)), 4 * exp(-(v + 65) / 18)),
            "q": rates(m("0.07") * exp(-(v + 65) / 20), 1 / (1 + exp(-(v + 35) / 10)))}


def k_hh(v, ca):
    return {"p": rates(m("0.01") * over(-(v + 55), mpf(10)), m("0.125") * exp(-(v + 65) / 80))}


def na_ba(v, ca):
    v += 50
    return {"p": rates(m("0.32") * over(13 - v, mpf(4)), m("0.28") * over(v - 40, mpf(5))),
            "q": rates(m("0.128") * exp((17 - v) / 18), 4 / (1 + exp((40 - v) / 5)))}


def k_ba(v, ca):
    v += 50
    return {"p": rates(m("0.032") * over(15 - v, mpf(5)), exp((10 - v) / 40) / 2)}


def k_a(half, slope):
    def f(v, ca):
        tau_p = 1 / (exp((v + m("35.8")) / m("19.7")) + exp((v + m("79.7")) / m("-12.7"))) + m("0.37")
        tau_q = 1 / (exp((v + 46) / 5) + exp((v + 238) / m("-37.5"))) if v < -63 else mpf(19)
        return {"p": relax(sigmoid(v, half, slope), tau_p), "q": relax(sigmoid(v, -78, -6), tau_q)}
    return f


def k_k2(b):
    def f(v, ca):
        tau_p = 1 / (exp((v - 81) / m("25.6")) + exp((v + 132) / -18)) + m("9.9")
        tau_q = 1 / (exp((v - 1329) / 200) + exp((v + 130) / m("-7.1"))) + 120
        return {"p": relax(sigmoid(v, -43, 17), tau_p), "q": relax(sigmoid(v, -58, "-10.6"), mpf(8900) if b and v < -70 else tau_q)}
    return f


def k_m(v, ca):
    return {"p": relax(sigmoid(v, -35, 10), 4000 / (m("3.3") * exp((v + 35) / 20) + exp(-(v + 35) / 20)))}


def ca_t(shift):
    def f(v, ca):
        v -= shift
        tau_p = 1 / (exp(-(v + 132) / m("16.7")) + exp((v + m("16.8")) / m("18.2"))) + m("0.612")
        tau_q = exp((v + 467) / m("66.6")) if v < -80 else exp(-(v + 22) / m("10.5")) + 28
        return {"p": relax(sigmoid(v, -59, "6.2"), tau_p, q10("3.55", 24)), "q": relax(sigmoid(v, -83, -4), tau_q, q10(3, 24))}
    return f


def ca_t_hp(v, ca):
    v += 3
    tau_p = 3 + 1 / (exp((v + 27) / 10) + exp(-(v + 102) / 15))
    tau_q = 85 + 1 / (exp((v + 48) / 4) + exp(-(v + 407) / 50))
    return {"p": relax(sigmoid(v, -52, "7.4"), tau_p, q10(5, 24)), "q": relax(sigmoid(v, -80, -5), tau_q, q10(3, 24))}


def ca_ht_re(v, ca):
    s = q10("2.3", 23)
    return {"p": rates(m("0.055") * over(-27 - v, m("3.8")), m("0.94") * exp((-75 - v) / 17), s),
            "q": rates(m("0.000457") * exp((-13 - v) / 50), m("0.0065") / (exp((-15 - v) / 28) + 1), s)}


def ca_l(v, ca):
    tau_p = m("0.4") + m("0.7") / (exp(-(v + 5) / 15) + exp((v + 5) / 15))
    tau_q = 300 + 100 / (exp((v + 40) / m("9.5")) + exp(-(v + 40) / m("9.5")))
    return {"p": relax(sigmoid(v, -10, 4), tau_p, q10("3.55", 24)), "q": relax(sigmoid(v, -25, -2), tau_q, q10(3, 24))}


def ca_n(v, ca):
    return {"p": relax(sigmoid(v, -43, "5.2"), m("2.7") / (exp(-(v + 55) / 15) + exp((v + 55) / 15)) + m("1.6"))}


def ahp(v, ca):
    return {"p": rates(48 * ca ** 2, m("0.03"))}


def h_hm(v, ca):
    return {"p": relax(sigmoid(v, -75, "-5.5"), 1 / (exp(m("-0.086") * v - m("14.59")) + exp(m("0.0701") * v - m("1.87"))))}


# name: gates(V, Ca), current of gates x at V and Ca, whether it depends on calcium
CHANNELS = {
    "IL": (lambda v, ca: {}, lambda x, v, ca: m("0.05") * (-60 - v), False),
    "IKL": (lambda v, ca: {}, lambda x, v, ca: m("0.005") * (-90 - v), False),
    "INa_TM1991": (na_tm, lambda x, v, ca: 100 * x["p"] ** 3 * x["q"] * (50 - v), False),
    "IK_TM1991": (k_tm, lambda x, v, ca: 30 * x["p"] ** 4 * (-90 - v), False),
    "INa_HH1952": (na_hh, lambda x, v, ca: 120 * x["p"] ** 3 * x["q"] * (50 - v), False),
    "IK_HH1952": (k_hh, lambda x, v, ca: 36 * x["p"] ** 4 * (-77 - v), False),
    "INa_Ba2002": (na_ba, lambda x, v, ca: 90 * x["p"] ** 3 * x["q"] * (50 - v), False),
    "IKDR_Ba2002": (k_ba, lambda x, v, ca: 10 * x["p"] ** 4 * (-90 - v), False),
    "IKA1_HM1992": (k_a(-60, "8.5"), lambda x, v, ca: 30 * x["p"] ** 4 * x["q"] * (-90 - v), False),
    "IKA2_HM1992": (k_a(-36, 20), lambda x, v, ca: 20 * x["p"] ** 4 * x["q"] * (-90 - v), False),
    "IKK2A_HM1992": (k_k2(False), lambda x, v, ca: 10 * x["p"] * x["q"] * (-90 - v), False),
    "IKK2B_HM1992": (k_k2(True), lambda x, v, ca: 10 * x["p"] * x["q"] * (-90 - v), False),
    "IKNI_Ya1989": (k_m, lambda x, v, ca: m("0.004") * x["p"] * (-90 - v), False),
    "ICaT_HM1992": (ca_t(-3), lambda x, v, ca: 2 * x["p"] ** 2 * x["q"] * (E_CA - v), False),
    "ICaHT_HM1992": (ca_t(25), lambda x, v, ca: 2 * x["p"] ** 2 * x["q"] * (E_CA - v), False),
    "ICaT_HP1992": (ca_t_hp, lambda x, v, ca: m("1.75") * x["p"] ** 2 * x["q"] * (E_CA - v), False),
    "ICaHT_Re1993": (ca_ht_re, lambda x, v, ca: x["p"] ** 2 * x["q"] * (E_CA - v), False),
    "ICaL_IS2008": (ca_l, lambda x, v, ca: x["p"] ** 2 * x["q"] * (E_CA - v), False),
    "ICaN_IS2008": (ca_n, lambda x, v, ca: ca / (m("0.2") + ca) * x["p"] * (10 - v), True),
    "IAHP_De1994": (ahp, lambda x, v, ca: 10 * x["p"] ** 2 * (-95 - v), True),
    "Ih_HM1992": (h_hm, lambda x, v, ca: m("0.02") * x["p"] * (-43 - v), False),
}
START = {"p": m("0.3"), "q": m("0.6")}


def text(x):
    return mp.nstr(mpf(x), 17)


def gated():
    for name, (gates, current, by_calcium) in CHANNELS.items():
        for v in VOLTAGES:
            for ca in CALCIUM if by_calcium else CALCIUM[:1]:
                fields = []
                g = gates(v, ca)
                for x, (alpha, beta) in g.items():
                    fields += [x, START[x], alpha * (1 - START[x]) - beta * START[x], alpha / (alpha + beta), 1 / (alpha + beta)]
                i = current({x: START[x] for x in g}, v, ca)
                print("channel", name, text(v), text(ca), text(i), *[f if isinstance(f, str) else text(f) for f in fields])


def ih_destexhe():
    """O, P, L with closed = 1 - O - L; the steady state by detailed balance."""
    o, p, l = m("0.3"), m("0.6"), m("0.1")
    k2, k3, k4 = m("4e-4"), m("0.1"), m("1e-3")
    for v in VOLTAGES:
        for ca in CALCIUM:
            h = sigmoid(v, -75, "-5.5")
            tau = 20 + 1000 / (exp((v + m("71.5")) / m("14.2")) + exp(-(v + 89) / m("11.6")))
            k1 = k2 / m("2e-3") ** 4
            do = h / tau * (1 - o - l) - (1 - h) / tau * o - k3 * p * o + k4 * l
            dp, dl = k1 * ca ** 4 * (1 - p) - k2 * p, k3 * p * o - k4 * l
            p0 = k1 * ca ** 4 / (k1 * ca ** 4 + k2)
            # weights of closed, open, locked relative to open
            closed, locked = (1 - h) / h, k3 * p0 / k4
            o0 = 1 / (1 + closed + locked)
            i = m("0.02") * (o + 2 * l) * (-40 - v)
            rows = [("O", o, do, o0), ("P", p, dp, p0), ("L", l, dl, locked * o0)]
            print("channel Ih_De1996", text(v), text(ca), text(i), *[f"{n} {text(a)} {text(b)} {text(c)} 0" for n, a, b, c in rows])


print("# mpmath, 40 digits (make_channels.py). channel NAME V CA I then for each state: NAME x dx/dt inf tau (0: none)")
gated()
ih_destexhe()
