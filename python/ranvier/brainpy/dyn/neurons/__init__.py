"""Neurons."""
from ..._names import absent, public
from .adaptive import (AdExIF, AdExIFLTC, AdExIFRef, AdExIFRefLTC, AdQuaIF, AdQuaIFLTC, AdQuaIFRef, AdQuaIFRefLTC,  # noqa: F401
                       Gif, GifLTC, GifRef, GifRefLTC, Izhikevich, IzhikevichLTC, IzhikevichRef, IzhikevichRefLTC)
from .base import GradNeuDyn  # noqa: F401
from .conductance import (CondNeuGroup, CondNeuGroupLTC, HH, HHLTC, HHTypedNeuron, MorrisLecar, MorrisLecarLTC,  # noqa: F401
                          WangBuzsakiHH, WangBuzsakiHHLTC)
from .integrate_and_fire import (ExpIF, ExpIFLTC, ExpIFRef, ExpIFRefLTC, IF, IFLTC, Lif, LifLTC, LifRef, LifRefLTC,  # noqa: F401
                                 QuaIF, QuaIFLTC, QuaIFRef, QuaIFRefLTC)

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.neurons")
