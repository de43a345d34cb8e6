"""Ions and their concentrations."""
from ..._names import absent, public
from .base import Calcium, CalciumFixed, Ion, MixIons, mix_ions, Potassium, PotassiumFixed, Sodium, SodiumFixed  # noqa: F401
from .calcium import CalciumDetailed, CalciumFirstOrder  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.ions")
