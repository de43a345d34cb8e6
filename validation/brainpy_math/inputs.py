"""The arrays that the expressions of cases.txt name, of a module `bm`; and the expressions."""
import pathlib

import numpy as np


def arrays(bm):
    r = np.random.RandomState(7)
    x = np.round(r.normal(0., 1.3, (2, 3)), 3)
    plain = dict(
        x=x, y=np.round(r.uniform(0.2, 3., (2, 3)), 3), u=np.round(r.uniform(-0.9, 0.9, (2, 3)), 3), v=np.round(r.normal(0., 1., 4), 3),
        w=np.round(r.normal(0., 1., 4), 3), m=np.round(r.normal(0., 1., (3, 3)), 3), i=r.randint(-4, 5, (2, 3)), j=r.randint(1, 5, (2, 3)),
        b=r.rand(2, 3) < 0.5, c=r.rand(2, 3) < 0.5, k=np.array([3, 0, 0, 2]), t=np.round(r.normal(0., 1., (2, 3, 4)), 3),
        ids=np.array([2, 0, 2, 1]), indices=np.array([0, 2, 1, 0, 1, 2]), indptr=np.array([0, 2, 3, 3, 6]), rows=np.array([0, 0, 1, 3, 3, 3]),
        weights=np.round(r.normal(0., 1., 6), 3))
    plain["v"][0] = 1.25
    return {name: bm.asarray(value) for name, value in plain.items()}


def cases():
    """[(expression, whether a trace refuses it)]."""
    lines = (pathlib.Path(__file__).parent / "cases.txt").read_text().splitlines()
    return [(line.lstrip("!"), line.startswith("!")) for line in lines if line and not line.startswith("#")]
