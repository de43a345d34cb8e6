"""Programs of the core for plans: made once for each structure, run with the values that the Variables have now.

    program = program_of(plan); frames = program.run(plan, count, operands={0: array}, seed=1)
"""
import os
import threading
from collections import OrderedDict
from typing import Any

import numpy as np

from ._graph import mode
from ._plan import Block, Kernel

_KEPT, _BYTES = 32, 2 ** 30  # how many programs are kept, and how much memory they may have together (the latest always is)
_programs: OrderedDict[Any, Any] = OrderedDict()
_lock = threading.Lock()
ROUNDED_STEP = "i, rounded"  # the slot "i" of the core, where its nearest real is all that is wanted
settings = {"threads": 1}
statistics = {"programs": 0, "compiled": 0, "from_disk": 0, "seconds": 0.0}  # of this process


def _begin_in_child():
    """A program belongs to the process that made it, and another thread may have held the lock when the process was forked."""
    global _lock
    _lock = threading.Lock()
    _programs.clear()


os.register_at_fork(after_in_child=_begin_in_child)


def program_of(plan):
    """The program of the plan's structure, from those at hand or new."""
    key = (plan.key, mode.types(), settings["threads"])
    with _lock:
        found = _programs.get(key)
        if found is None:
            found = _programs[key] = Program(plan)
            while len(_programs) > 1 and (len(_programs) > _KEPT or sum(p.bytes for p in _programs.values()) > _BYTES):
                _programs.popitem(last=False)
        _programs.move_to_end(key)
    return found


class Program:
    def __init__(self, plan):
        from .._core import ArrayProgram
        self.core = p = ArrayProgram("f64" if mode.float_.itemsize == 8 else "f32")
        used = {a for s in plan.statements for a in s.reads() | s.writes()} | set(plan.outputs)
        used |= {a for _, a in plan.variables}
        self.handles, self.slots = {}, {}
        for k, a in enumerate(plan.arrays):
            if k in used:
                initial = a.source.reshape(-1) if a.role == "const" else None
                self.handles[k] = p.array(_name(a, k), a.size, a.kind, initial, a.role == "temp")
        self._tell(plan.statements)
        self.bytes = sum(8 * a.size for a in plan.arrays) + sum(s.bytes() for s in plan.statements)
        self.busy = threading.RLock()  # two threads may run loops of one structure: one after the other
        told = p.compile(threads=settings["threads"])
        for key in ("compiled", "from_disk", "seconds"):
            statistics[key] += told[key]
        statistics["programs"] += 1
        self.told = told

    def _tell(self, statements):
        for statement in statements:
            if isinstance(statement, Block):
                self.core.repeat(statement.turns, self.handles[statement.condition])
                self._tell(statement.statements)
                self.core.end()
            else:
                self._kernel(statement) if isinstance(statement, Kernel) else self._operation(statement)

    def slot(self, name):
        if name not in self.slots:
            self.slots[name] = self.core.slot("i" if name == ROUNDED_STEP else name)
        return self.slots[name]

    def _kernel(self, statement):
        k = self.core.kernel("step", statement.size)
        handles, made = self.handles, []
        for entry in statement.nodes:
            what = entry[0]
            if what == "op":
                made.append(k.op(entry[1], *[made[a] for a in entry[2:]]))
            elif what == "load":
                made.append(k.load(handles[entry[1]], entry[2]))
            elif what == "scalar":
                made.append(k.load_scalar(handles[entry[1]], entry[2]))
            elif what == "slot":
                made.append(k.step_scalar(self.slot(entry[1])))
            elif what == "poisson":
                made.append(k.poisson(made[entry[1]], entry[2]))
            else:
                made.append(getattr(k, what)(*entry[1:]))
        for array, place, offset in statement.stores:
            k.store(handles[array], made[place], offset)

    def _operation(self, statement):
        places = set(statement._reads + statement._writes)
        arguments = [self.handles[a] if k in places else a for k, a in enumerate(statement.arguments)]
        getattr(self.core, statement.name)(*arguments)

    def run(self, plan, count, first=0, t0=0.0, operands=(), slots=(), seed=0, progress=None):
        """Runs `count` steps from the Variables' values, which it leaves in them; the frames of the outputs, by array.

        An interrupted run leaves what the completed steps have done; the KeyboardInterrupt has their frames."""
        with self.busy:
            return self._run(plan, count, first, t0, operands, slots, seed, progress)

    def _run(self, plan, count, first, t0, operands, slots, seed, progress):
        p = self.core
        for variable, array in plan.variables:
            p.set(self.handles[array], variable._value.reshape(-1))
        for number, array in plan.operands:
            p.set(self.handles[array], operands[number])
        for name, value in slots:
            if name in self.slots:
                p.set_slot(self.slots[name], value)
        recorded = sorted(set(plan.outputs))
        try:
            frames = p.run(count, first, [(self.handles[a], 1) for a in recorded], progress, t0, seed)
        except KeyboardInterrupt as stopped:
            self._leave(plan)
            stopped.frames = dict(zip(recorded, p.frames))
            raise
        self._leave(plan)
        self._told_bad(plan)
        return dict(zip(recorded, frames))

    def _told_bad(self, plan):
        """plan.bad: (Variable, element, step of the run's first NaN or infinity) of a Variable that holds one now, or None."""
        plan.bad, bad = None, self.core.report()
        written = set(plan.written) if bad is not None else ()
        for variable, array in plan.variables:
            if array in written and plan.bad is None and variable._value.dtype.kind == "f":
                where = np.flatnonzero(~np.isfinite(variable._value))
                if where.size:
                    plan.bad = variable, int(where[0]), bad["step"]

    def _leave(self, plan):
        written = set(plan.written)
        for variable, array in plan.variables:
            if array in written:
                value = self.core.get(self.handles[array])
                variable._value = value.astype(variable._value.dtype, copy=False).reshape(variable._value.shape)


def _name(spec, number):
    return f"{spec.role}{number}"
