"""Writes names.txt: the public names of BrainPy, part by part; and signatures.txt: the parameters of what can be called, in order.

    python make_names.py        # in an environment with brainpy==2.4.4.post1
"""
import inspect
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


def parameters(value):
    """'a axis=' ...: parameters that can be given by place, in order (= has a default), then those by name alone after a *; None where that is not known."""
    try:
        given = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return None
    by_place = [p.name + ("" if p.default is p.empty else "=") for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    by_name = [p.name for p in given if p.kind == p.KEYWORD_ONLY]
    return " ".join(by_place + (["*", *by_name] if by_name else []))


def main():
    called = [f"# BrainPy {bp.__version__}; made by make_names.py. A line is what can be called, and its parameters in order; = has a default, * by name alone."]
    lines = [f"# BrainPy {bp.__version__}; made by make_names.py. A line is a part and its public names."]
    for part in PARTS:
        at = {"bp": bp, "bm": bm}[part[:2]]
        for step in part.split(".")[1:]:
            at = getattr(at, step)
        known = {*dir(at), *older(at)} if isinstance(at, types.ModuleType) else vars(at)
        names = [n for n in sorted(known) if n[0] != "_" and own(part, getattr(at, n))]
        lines.append(f"{part}: {' '.join(names)}")
        found = {n: parameters(getattr(at, n)) for n in names if callable(getattr(at, n))}
        called += [f"{part}.{n}: {text}" for n, text in found.items() if text]
    pathlib.Path(__file__).with_name("names.txt").write_text("\n".join(lines) + "\n")
    pathlib.Path(__file__).with_name("signatures.txt").write_text("\n".join(called) + "\n")


if __name__ == "__main__":
    main()
