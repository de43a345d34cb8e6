"""`bp.synplast`: short-term plasticity of the synapses in `bp.synapses`."""
from ._names import absent

__getattr__ = absent(__name__, "bp.synplast")
