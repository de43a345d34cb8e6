"""Connectors without chance of a module `bp`: name -> (function that makes it, sizes)."""
import numpy as np

STRUCTURES = ("conn_mat", "pre_ids", "post_ids", "pre2post", "post2pre", "pre2syn", "post2syn", "coo", "csr", "csc")


def connectors(bp):
    c = bp.conn
    matrix = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]], bool)
    pre, post = np.array([0, 0, 1, 3, 3, 3]), np.array([2, 0, 1, 0, 2, 1])
    return {
        "one": (lambda: c.One2One(), (4, 4)), "all": (lambda: c.All2All(), (2, 3)), "others": (lambda: c.All2All(include_self=False), (3, 3)),
        "four": (lambda: c.GridFour(), ((3, 4), (3, 4))), "four_ring": (lambda: c.GridFour(periodic_boundary=True, include_self=True), ((3, 4), (3, 4))),
        "line": (lambda: c.GridFour(), ((5,), (5,))), "eight": (lambda: c.GridEight(), ((3, 3), (3, 3))),
        "eight_ring": (lambda: c.GridEight(periodic_boundary=True), ((4, 5), (4, 5))),
        "n": (lambda: c.GridN(N=2, include_self=True), ((6, 5), (6, 5))), "mat": (lambda: c.MatConn(matrix), (4, 3)),
        "ij": (lambda: c.IJConn(pre, post), (4, 3)), "csr": (lambda: c.CSRConn(np.array([2, 0, 1, 0, 2]), np.array([0, 2, 3, 3, 5])), (4, 3)),
        "gauss": (lambda: c.GaussianProb(1e9), ((3, 3), (3, 3))), "dist": (lambda: c.ProbDist(dist=1.5), ((3, 4), (3, 4))),
        "dist_line": (lambda: c.ProbDist(dist=2, include_self=False), ((4,), (6,))),
    }
