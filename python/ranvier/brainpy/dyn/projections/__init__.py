"""Projections: communication, synapse and output between groups."""
from ..._names import absent, public
from .align_post import (FullProjAlignPost, FullProjAlignPostMg, HalfProjAlignPost, HalfProjAlignPostMg, ProjAlignPost1,  # noqa: F401
                         ProjAlignPost2, ProjAlignPostMg1, ProjAlignPostMg2, VanillaProj)
from .align_pre import (FullProjAlignPreDS, FullProjAlignPreDSMg, FullProjAlignPreSD, FullProjAlignPreSDMg,  # noqa: F401
                        ProjAlignPre1, ProjAlignPre2, ProjAlignPreMg1, ProjAlignPreMg2)
from .plasticity import STDP_Song2000  # noqa: F401
from .connections import AdditiveCoupling, DiffusiveCoupling, PoissonInput, SynConn  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.projections")
