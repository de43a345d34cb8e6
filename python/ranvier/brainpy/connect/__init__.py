"""`bp.conn`: connections between groups: conn(pre_size, post_size).require('pre2post').

    c = bp.conn.FixedProb(0.1, seed=1)(100, 100); indices, indptr = c.require("pre2post")
"""
from .._names import absent as _absent
from .base import (CONN_MAT, COO, CSC, CSR, POST2PRE, POST2SYN, POST_IDS, POST_SLICE, PRE2POST, PRE2SYN, PRE_IDS, PRE_SLICE,  # noqa: F401
                   Connector, OneEndConnector, TwoEndConnector)
from .convert import (coo2csc, coo2csr, coo2mat, coo2mat_num, csr2coo, csr2csc, csr2mat, mat2coo, mat2csc, mat2csr, mat2mat_num,  # noqa: F401
                      visualizeMat)
from .custom import CSRConn, IJConn, MatConn, SparseMatConn  # noqa: F401
from .degrees import FixedPostNum, FixedPreNum, FixedProb, FixedTotalNum  # noqa: F401
from .distance import GaussianProb, ProbDist  # noqa: F401
from .graphs import PowerLaw, ScaleFreeBA, ScaleFreeBADual, SmallWorld  # noqa: F401
from .regular import All2All, GridEight, GridFour, GridN, One2One, all2all, grid_eight, grid_four, one2one  # noqa: F401

__getattr__ = _absent(__name__, "bp.conn")
