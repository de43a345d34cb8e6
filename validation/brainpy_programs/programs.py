"""Programs as users of BrainPy 2.4 write them, small and without chance: the same code runs with BrainPy and with ranvier.brainpy.

    for name, program in PROGRAMS.items(): values = program(bp, bm)      # {name: array of (steps, ...)}, in float64

Connections and initial values are drawn by NumPy's RandomState, whose numbers are the same in both.
"""
import circuits  # noqa: F401
import from_scratch  # noqa: F401
import styles  # noqa: F401
import tutorials  # noqa: F401
from common import PROGRAMS  # noqa: F401
