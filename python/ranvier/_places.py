"""Where a text stands in the user's source, for messages: file, line and column of its first character.

    piece("dV/dt = -V/tua : volt", "equations")      # (text, "script.py", 12, 16)
"""
from __future__ import annotations

import linecache
import os
import sys
from types import FrameType

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _caller():
    """File and line of the nearest call from outside this package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and os.path.abspath(frame.f_code.co_filename).startswith(_HERE):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def piece(text, what):
    """(text, file, line, column); where the text is not found literally near the call, `what` stands for the file."""
    if not text.strip():
        return (text, what, 1, 1)
    file, line = _caller()
    source = "".join(linecache.getlines(file))
    if not source:
        return (text, what, 1, 1)
    starts = [0]
    for each in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(each))
    here, soon = starts[max(0, min(line, len(starts)) - 1)], starts[min(line + 60, len(starts) - 1)]
    at = source.find(text, here, soon)
    if at < 0 and source.count(text) == 1:   # it was given a name elsewhere
        at = source.find(text)
    if at < 0 or len(text) < 3:
        return (text, what, 1, 1)
    row = source.count("\n", 0, at)
    name = what if file.startswith("<") else os.path.basename(file)
    return (text, name, row + 1, at - starts[row] + 1)
