"""Writes integrators.txt: BrainPy's results after 20 steps of each method, in float64.

    python make_integrators.py        # in an environment with brainpy==2.4.4.post1, jax==0.4.18

'bs' is not among them (its coefficient 4/0 stops BrainPy), nor are the methods of stochastic equations (other random numbers).
"""
import pathlib
import warnings

warnings.filterwarnings("ignore")
import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import numpy as np  # noqa: E402
from systems import systems  # noqa: E402


_EXPONENTIAL = ("exponential_euler", "exp_euler", "exp_euler_auto", "exp_auto")  # one variable an equation


def main():
    bm.enable_x64()
    lines = [f"# {bp.__version__} of BrainPy, float64, made by make_integrators.py: system, method, then the variables after 20 steps"]
    for name, (function, start, dt, parameters) in systems(bp, bm).items():
        for method in bp.ode.get_supported_methods():
            if method == "bs" or name == "pair" and method in _EXPONENTIAL:
                continue
            integral = bp.odeint(function, method=method, dt=dt)
            x = [bm.asarray(v) for v in start]
            for k in range(20):
                out = integral(*x, k * dt, **parameters)
                x = list(out) if isinstance(out, (list, tuple)) else [out]
            lines.append(" ".join([name, method] + [repr(float(v)) for v in np.concatenate([np.asarray(v) for v in x])]))
    for method in ("rkf12", "rkf45", "rkdp", "ck", "heun_euler"):
        function, start, _, parameters = systems(bp, bm)["pair"]
        for dt in (0.5, 0.02):
            out = bp.odeint(function, method=method, dt=dt, adaptive=True, tol=1e-3)(*[bm.asarray(v) for v in start], 0., **parameters)
            lines.append(f"adaptive {method} {dt!r} {float(out[-1])!r}")
    pathlib.Path(__file__).with_name("integrators.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
