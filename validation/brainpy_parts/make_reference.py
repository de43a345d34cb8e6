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

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from cases import cases, DT  # noqa: E402
from compare import kept, run, write  # noqa: E402


def main(path=os.path.join(HERE, "reference.npz"), only=""):
    bm.enable_x64()
    bm.set_dt(DT)
    store, failed = {}, []
    for name, case in cases().items():
        if only not in name:
            continue
        try:
            trace, states = run(case, bp, bm, lambda step, x: bm.for_loop(step, x, progress_bar=False))
            store.update({f"{name}/{key}": kept(values) for key, values in trace.items()})
            store.update({f"{name}//{key}": value for key, value in states.items()})
        except Exception as error:  # told at the end; then no file is written
            failed.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
    print(len(store), "arrays")
    if failed:
        sys.exit("BrainPy refused:\n" + "\n".join(failed))
    write(path, store, f"BrainPy {bp.__version__}, float64, dt {DT} ms, by validation/brainpy_parts/make_reference.py")
    print(path, os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
