"""`bp.dyn`: neurons, channels, ions, synapses, outputs and projections."""
from .._dynamic import Dynamic  # noqa: F401
from .._names import absent
from .._system import Projection  # noqa: F401
from .base import IonChaDyn, NeuDyn, NeuGroup, NeuGroupNS, SynDyn  # noqa: F401
from .neurons import *  # noqa: F401,F403
from .ions import *  # noqa: F401,F403
from .channels import *  # noqa: F401,F403
from .others import *  # noqa: F401,F403
from .outs import *  # noqa: F401,F403
from .projections import *  # noqa: F401,F403
from .synapses import *  # noqa: F401,F403
from ..rates import *  # noqa: F401,F403

__getattr__ = absent(__name__, "bp.dyn")
