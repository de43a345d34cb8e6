"""Ion channels."""
from ..._names import absent, public
from .base import IonChannel  # noqa: F401
from .calcium import (CalciumChannel, ICaHT_HM1992, ICaHT_Re1993, ICaL_IS2008, ICaN_IS2008, ICaT_HM1992, ICaT_HP1992)  # noqa: F401
from .hyperpolarization import Ih_De1996, Ih_HM1992  # noqa: F401
from .leaky import IK_Leak, IKL, IL, LeakyChannel  # noqa: F401
from .potassium import (IK_HH1952, IK_HH1952v2, IK_TM1991, IK_TM1991v2, IKA1_HM1992, IKA1_HM1992v2, IKA2_HM1992,  # noqa: F401
                        IKA2_HM1992v2, IKDR_Ba2002, IKDR_Ba2002v2, IKK2A_HM1992, IKK2A_HM1992v2, IKK2B_HM1992, IKK2B_HM1992v2,
                        IKNI_Ya1989, IKNI_Ya1989v2, PotassiumChannel)
from .potassium_calcium import IAHP_De1994, IAHP_De1994v2  # noqa: F401
from .sodium import (INa_Ba2002, INa_Ba2002v2, INa_HH1952, INa_HH1952v2, INa_TM1991, INa_TM1991v2, SodiumChannel)  # noqa: F401

__all__ = public(globals())
__getattr__ = absent(__name__, "bp.dyn.channels")
