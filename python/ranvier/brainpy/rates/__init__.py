"""`bp.rates`: models of rates and oscillators."""
from .._names import absent, public
from .models import FeedbackFHN, FHN, QIF, RateModel, StuartLandauOscillator, ThresholdLinearModel, WilsonCowanModel  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.rates")
