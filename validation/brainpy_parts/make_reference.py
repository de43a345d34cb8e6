"""Writes what BrainPy itself gives for the cases of cases.py, in float64: reference.npz. Needs BrainPy 2.4.4.post1 (jax 0.4.18).

    python make_reference.py [output file] [only cases whose name holds this text]
"""
import os
import sys
import warnings

os.environ.setdefault("JAX_PLATFORMS", "cpu")
warnings.simplefilter("ignore")
import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import numpy as np  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cases import cases, DT, EVERY, inputs  # noqa: E402


def run(case):
    """{variable: (steps, elements)} of a case."""
    advance, read = case(bp, bm)
    x, s = inputs()

    def step(i, x_now, s_now):
        bp.share.save(i=i, t=i * DT, dt=DT)
        advance(x_now, s_now)
        return read()
    out = bm.for_loop(step, (bm.arange(len(x)), bm.asarray(x), bm.asarray(s)), progress_bar=False)
    return {key: np.asarray(value) for key, value in out.items()}


def kept(name, trace):
    """The steps that are stored: all of truth values, each eighth of numbers (a difference at one step stays in the next ones)."""
    return {f"{name}/{key}": values if values.dtype == bool else values[EVERY - 1::EVERY] for key, values in trace.items()}


def main(path, only=""):
    bm.enable_x64()
    bm.set_dt(DT)
    store, failed = {}, []
    for name, case in cases().items():
        if only not in name:
            continue
        try:
            store.update(kept(name, run(case)))
        except Exception as error:  # named at the end: the file is not written then
            failed.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    print(len(store), "variables")
    if failed:
        sys.exit("BrainPy refused:\n" + "\n".join(failed))
    store["origin"] = np.array(f"BrainPy {bp.__version__}, float64, dt {DT} ms, by validation/brainpy_parts/make_reference.py")
    np.savez_compressed(path, **store)
    print(path, os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main(*(sys.argv[1:] or [os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.npz")]))
