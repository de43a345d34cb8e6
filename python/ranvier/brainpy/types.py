"""`bp.types`: names for annotations, as BrainPy's own and its users' models have them."""
from typing import Any, Callable, Sequence, Tuple, Union

import numpy as np

from ._array import Array as _Array
from ._names import absent as _absent
from .initialize import Initializer as _Initializer

ArrayType = Array = Union[_Array, np.ndarray]
Parameter = Union[int, float, complex, _Array, np.ndarray]
Shape = Union[int, Tuple[int, ...]]
Initializer = Union[_Initializer, Callable, _Array, np.ndarray]
PyTree = Output = Monitor = Any
Sharding = Union[Sequence[str], Any]

__all__ = ["ArrayType", "Parameter", "PyTree", "Shape", "Initializer", "Output", "Monitor", "Sharding"]
__getattr__ = _absent(__name__, "bp.types")
