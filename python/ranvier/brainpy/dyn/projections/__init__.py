"""Projections: communication, synapse and output between groups."""
from ..._names import absent, public
from .align_post import ProjAlignPostMg1  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.projections")
