"""Writes names.txt: the public names of BrainPy, part by part.

    python make_names.py        # in an environment with brainpy==2.4.4.post1
"""
import pathlib
import types
import warnings

warnings.filterwarnings("ignore")
import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402

PARTS = ("bp", "bp.analysis", "bp.channels", "bp.check", "bp.checkpoints", "bp.conn", "bp.dnn", "bp.dyn", "bp.encoding", "bp.errors", "bp.experimental", "bp.fde",
         "bp.init", "bp.inputs", "bp.integrators", "bp.losses", "bp.measure", "bp.mixin", "bp.neurons", "bp.ode", "bp.optim", "bp.rates", "bp.running",
         "bp.sde", "bp.synapses", "bp.synouts", "bp.synplast", "bp.tools", "bp.train", "bp.types", "bp.visualize", "bm", "bm.event", "bm.fft", "bm.jitconn",
         "bm.linalg", "bm.random", "bm.sparse", "bm.surrogate")


def own(part, value):
    """Whether a name is the part's: not a module, nor what it imports from elsewhere."""
    if isinstance(value, types.ModuleType):
        return part == "bp"
    where = getattr(value, "__module__", None) or ""
    return part.startswith("bm") or not where or where.startswith("brainpy") or not callable(value)


def older(module):
    """Names of earlier versions that a module still gives when it is asked: the tables that its __getattr__ holds."""
    cells = [c.cell_contents for c in getattr(vars(module).get("__getattr__"), "__closure__", None) or ()]
    names = {n for table in cells if isinstance(table, dict) for n in table}
    return {n for n in names if hasattr(module, n)}


def main():
    lines = [f"# BrainPy {bp.__version__}; made by make_names.py. A line is a part and its public names."]
    for part in PARTS:
        at = {"bp": bp, "bm": bm}[part[:2]]
        for step in part.split(".")[1:]:
            at = getattr(at, step)
        known = {*dir(at), *older(at)} if isinstance(at, types.ModuleType) else vars(at)
        names = [n for n in sorted(known) if n[0] != "_" and own(part, getattr(at, n))]
        lines.append(f"{part}: {' '.join(names)}")
    pathlib.Path(__file__).with_name("names.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
