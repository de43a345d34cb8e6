"""Writes connections.txt: what BrainPy's connectors without chance, and its structures, give.

    python make_connections.py        # in an environment with brainpy==2.4.4.post1
"""
import pathlib
import warnings

warnings.filterwarnings("ignore")
import brainpy as bp  # noqa: E402
import numpy as np  # noqa: E402
from connections import STRUCTURES, connectors  # noqa: E402


def main():
    lines = [f"# BrainPy {bp.__version__}, made by make_connections.py: connector, structure, part, numbers"]
    for name, (make, sizes) in connectors(bp).items():
        for structure in STRUCTURES:
            got = make()(*sizes).require(structure)
            for k, part in enumerate(got if isinstance(got, tuple) else (got,)):
                part = np.asarray(part)
                lines.append(f"{name} {structure} {k} " + " ".join(str(int(v)) for v in part.reshape(-1)))
    pathlib.Path(__file__).with_name("connections.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
