"""Rate functions of the COBA-HH model (Traub-Miles with VT = -63 mV), per ms, in 50-digit arithmetic.

    python3 make_rates.py > coba_hh_rates.csv

Columns: V in mV, then alpha_m, beta_m, alpha_h, beta_h, alpha_n, beta_n. V runs over -120..60 mV by 0.5, and closes in on the
removable singularities at -50 (alpha_m), -23 (beta_m) and -48 mV (alpha_n), where the limit stands.
"""
from decimal import Decimal as D, getcontext

getcontext().prec = 60  # 50 digits are left after the cancellation at 1e-9 mV
VT = D(-63)


def over_expm1(x):
    """x/(e^x - 1), 1 at 0."""
    return x / (x.exp() - 1) if x else D(1)


def rates(v):
    u = v - VT
    return (D("0.32") * 4 * over_expm1((13 - u) / 4), D("0.28") * 5 * over_expm1((u - 40) / 5), D("0.128") * ((17 - u) / 18).exp(),
            4 / (1 + ((40 - u) / 5).exp()), D("0.032") * 5 * over_expm1((15 - u) / 5), D("0.5") * ((10 - u) / 40).exp())


def voltages():
    points = {D(k) / 2 for k in range(-240, 121)}
    for centre in (D(-50), D(-48), D(-23)):
        for exponent in range(1, 10):
            for digit in (1, 2, 5):
                step = D(digit).scaleb(-exponent)
                points |= {centre - step, centre + step}
    return sorted(points)


if __name__ == "__main__":
    print("V,alpha_m,beta_m,alpha_h,beta_h,alpha_n,beta_n")
    for v in voltages():
        print(",".join([format(v.normalize(), "f"), *(f"{r:.19e}" for r in rates(v))]))
