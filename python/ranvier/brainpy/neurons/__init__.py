"""`bp.neurons`: neurons of BrainPy's old interface; they collect what arrives in the Variable `input`."""
from .._names import absent
from ..dyn.others import InputGroup, Integrator, Leaky, OUProcess, OutputGroup, PoissonGroup, SpikeTimeGroup  # noqa: F401
from .biological import HH, MorrisLecar, PinskyRinzelModel, WangBuzsakiModel  # noqa: F401
from .fractional import FractionalFHR, FractionalIzhikevich, FractionalNeuron  # noqa: F401
from .reduced import (AdExIF, AdQuaIF, ALIFBellec2020, ExpIF, FHN, GIF, HindmarshRose, Izhikevich, LeakyIntegrator, LIF,  # noqa: F401
                      LIF_SFA_Bellec2020, QuaIF)

__getattr__ = absent(__name__, "bp.neurons")
