"""Minimax polynomials for src/base/elementary_functions.hpp, derived from scratch with the Remez exchange in mpmath.

    python3 remez.py            # prints the coefficient tables of the header, with the error of each rounded polynomial

Each problem approximates f(x) by  fixed(x) + sum_k c_k * basis_k(x)  and minimises max |error(x)| * weight(x). After the exchange
has converged the coefficients are rounded to the kernel's precision; leading ones that must be exact are fixed beforehand.
Needs mpmath (and gmpy2 for speed).
"""
import struct
import sys

from mpmath import mp, mpf, matrix, lu_solve, exp, expm1, log, log1p, sin, cos, cosh, sqrt, pi, linspace

mp.dps = 45


def round_to(value, bits):
    """Nearest float (32) or double (64), as an exact mpf."""
    if bits == 32:
        return mpf(struct.unpack("f", struct.pack("f", float(value)))[0])
    return mpf(float(value))


def solve_reference(f, basis, weight, points):
    n = len(basis)
    a, b = matrix(n + 1, n + 1), matrix(n + 1, 1)
    for i, x in enumerate(points):
        for j, g in enumerate(basis):
            a[i, j] = g(x)
        a[i, n] = (-1) ** i / weight(x)
        b[i] = f(x)
    s = lu_solve(a, b)
    return [s[j] for j in range(n)], abs(s[n])


def remez(f, basis, weight, lo, hi, grid_size=600, rounds=20):
    """Coefficients and the levelled error. `f`, `basis`, `weight` take mpf."""
    n = len(basis)
    # Chebyshev-spaced grid: the extrema crowd at the ends.
    grid = [lo + (hi - lo) * (1 - mp.cos(pi * (mpf(i) + mpf(1) / 2) / grid_size)) / 2 for i in range(grid_size)]
    fw = [(f(x), weight(x), [g(x) for g in basis]) for x in grid]
    points = [grid[round(i * (grid_size - 1) / n)] for i in range(n + 1)]
    coefficients, level = None, None
    for _ in range(rounds):
        coefficients, level = solve_reference(f, basis, weight, points)
        error = [(fx - sum(c * g for c, g in zip(coefficients, gs))) * w for fx, w, gs in fw]
        extrema = []  # the largest error of each run of one sign
        for x, e in zip(grid, error):
            if extrema and (extrema[-1][1] > 0) == (e > 0):
                if abs(e) > abs(extrema[-1][1]):
                    extrema[-1] = (x, e)
            else:
                extrema.append((x, e))
        while len(extrema) > n + 1:  # drop the smaller end
            extrema.pop(0 if abs(extrema[0][1]) < abs(extrema[-1][1]) else -1)
        if level and max(abs(e) for _, e in extrema) < level * (1 + mpf(10) ** -3):
            break
        if len(extrema) < n + 1:
            break
        worst = max(abs(e) for _, e in extrema)
        points = [x for x, _ in extrema]
        if worst < level * (1 + mpf(10) ** -4):
            break
    return coefficients, level


def rounded_fit(f, basis, weight, lo, hi, bits, fixed=()):
    """Minimax fit of the coefficients that `fixed` (exact leading values) leaves free, then rounded; and its true error."""
    coefficients, k = [mpf(c) for c in fixed], len(fixed)
    lead = basis[k]  # divided by it, the free basis has no common zero inside the interval
    target = lambda x: (f(x) - sum((c * g(x) for c, g in zip(coefficients, basis)), mpf(0))) / lead(x)
    free = [(lambda x, g=g: g(x) / lead(x)) for g in basis[k:]]
    rest, _ = remez(target, free, lambda x: abs(weight(x) * lead(x)), lo, hi)
    rounded = coefficients + [round_to(c, bits) for c in rest]
    grid = linspace(lo, hi, 1000)
    worst = max(abs((f(x) - sum(c * g(x) for c, g in zip(rounded, basis))) * weight(x)) for x in grid if x != 0)
    return rounded, worst


def monomials(powers):
    return [(lambda x, k=k: x ** k) for k in powers]


def show(name, coefficients, worst, bits):
    digits = 9 if bits == 32 else 17
    values = ", ".join(f"{float(c):.{digits}g}" for c in coefficients)
    print(f"{name} f{bits}: log2(error) = {float(log(worst) / log(2)):.2f}\n    {{{values}}}", flush=True)


def split(name, value, bits, parts):
    out = []
    for _ in range(parts):
        out.append(round_to(value, bits))
        value -= out[-1]
    print(f"{name} f{bits} parts: " + ", ".join(f"{float(v):.{9 if bits == 32 else 17}g}" for v in out), flush=True)


def half_width(bits):
    """|r| after reduction by ln 2, a little beyond ln2/2 for the rounding of x*log2(e)."""
    return log(2) / 2 * (1 + mpf(2) ** (-12 if bits == 32 else -30))


def exp_tables():
    # 2*e^r = 2 + r*(c1 + r*(c2 + ...)): the factor 2 lets the scale 2^(n-1) reach overflow without leaving the exponent range.
    for bits, degrees in ((32, (6,)), (64, (11,))):
        h = half_width(bits)
        for degree in degrees:
            fixed = (2, 2, 1) if bits == 32 else (2, 2)
            fit = rounded_fit(lambda x: 2 * exp(x), monomials(range(degree + 1)), lambda x: exp(-x) / 2, -h, h, bits, fixed)
            show(f"two_exp degree {degree}", *fit, bits)
    # e^r - 1 = r + r^2*P(r), relative error.
    for bits, degrees in ((32, (4,)), (64, (10,))):
        h = half_width(bits)
        for degree in degrees:
            f = lambda x: (expm1(x) - x) / x ** 2 if x else mpf(1) / 2
            w = lambda x: abs(x ** 2 / expm1(x)) if x else mpf(10) ** -6
            show(f"expm1 P degree {degree}", *rounded_fit(f, monomials(range(degree + 1)), w, -h, h, bits, fixed=(0.5,) if bits == 32 else ()), bits)


def log_tables():
    hi = sqrt(mpf(2)) - 1
    # log((1+s)/(1-s)) = 2s + s^3*R(s^2) with s = f/(2+f), |s| <= 0.1716
    smax = hi / (2 + hi)
    z1 = smax ** 2 * (1 + mpf(10) ** -6)
    def g(z):
        s = sqrt(z)
        return (log((1 + s) / (1 - s)) - 2 * s) / s ** 3 if z > mpf(10) ** -10 else mpf(2) / 3 + z * 2 / 5
    wz = lambda z: z / 2 + mpf(10) ** -12
    for bits, degrees in ((32, (2,)), (64, (6,))):
        for degree in degrees:
            show(f"log R degree {degree}", *rounded_fit(g, monomials(range(degree + 1)), wz, mpf(0), z1, bits), bits)
    # For pow the leading 2/3 is kept as a sum of two numbers: R = 2/3 + z*Q(z).
    def q(z):
        return (g(z) - mpf(2) / 3) / z if z > mpf(10) ** -8 else mpf(2) / 5 + z * 2 / 7
    wq = lambda z: z * z / 2 + mpf(10) ** -14
    for bits, degrees in ((32, (2,)), (64, (7,))):
        for degree in degrees:
            show(f"pow Q degree {degree}", *rounded_fit(q, monomials(range(degree + 1)), wq, mpf(0), z1, bits), bits)


def trig_tables():
    z1 = (pi / 4 * (1 + mpf(2) ** -10)) ** 2
    tiny = mpf(10) ** -10
    def s(z):  # sin r = r + r^3*S(r^2)
        r = sqrt(z)
        return (sin(r) - r) / r ** 3 if z > tiny else -mpf(1) / 6 + z / 120
    def c(z):  # cos r = 1 - r^2/2 + r^4*C(r^2)
        r = sqrt(z)
        return (cos(r) - 1 + z / 2) / z ** 2 if z > mpf(10) ** -8 else mpf(1) / 24 - z / 720
    ws = lambda z: z * sqrt(z) / sin(sqrt(z)) if z > tiny else tiny
    wc = lambda z: z * z / cos(sqrt(z)) if z > tiny else tiny ** 2
    for bits, ds, dc in ((32, 2, 2), (64, 5, 5)):
        show(f"sin S degree {ds}", *rounded_fit(s, monomials(range(ds + 1)), ws, mpf(0), z1, bits), bits)
        show(f"cos C degree {dc}", *rounded_fit(c, monomials(range(dc + 1)), wc, mpf(0), z1, bits), bits)


def ratio_tables():
    """x/(e^x-1) near 0 = 1 - x/2 + x^2*B(x^2): the guard of shared exponentials."""
    def b(z):
        x = sqrt(z)
        return (x / expm1(x) - 1 + x / 2) / z if z > mpf(10) ** -14 else mpf(1) / 12 - z / 720
    for bits, reach, degrees in ((32, mpf("0.1251"), (0,)), (64, mpf("0.5001"), (5,))):
        for degree in degrees:
            fit = rounded_fit(b, monomials(range(degree + 1)), lambda z: z + mpf(10) ** -12, mpf(0), reach ** 2, bits)
            show(f"x/(e^x-1) B degree {degree} |x|<{float(reach):.3g}", *fit, bits)


if __name__ == "__main__":
    for bits, parts in ((32, 3), (64, 3)):
        split("ln 2", log(2), bits, parts)
        split("log2 e", 1 / log(2), bits, 1)
        split("pi/2", pi / 2, bits, 4)
        split("2/pi", 2 / pi, bits, 1)
        split("2/3", mpf(2) / 3, bits, 2)
        short = mp.floor(log(2) * 2 ** (17 if bits == 32 else 33)) / 2 ** (17 if bits == 32 else 33)  # times an exponent: exact
        split("ln 2 for log, high", short, bits, 1)
        split("ln 2 for log, low", log(2) - short, bits, 1)
    tables = {"exp": exp_tables, "log": log_tables, "trig": trig_tables, "ratio": ratio_tables}
    for name in sys.argv[1:] or tables:
        tables[name]()
