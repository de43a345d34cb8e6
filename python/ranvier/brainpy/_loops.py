"""Loops over steps: traced once, run by the core; or step by step with NumPy, where that is asked for or nothing else is possible.

    outputs = run_loop(step, count, operands=[array])     # step(x) is called once, on what stands for each step's x
"""
import sys

import numpy as np

from .._progress import tqdm_class
from ._array import Array, unwrap
from ._context import Trace, following
from ._errors import MathError, NotTraceable, warn
from ._graph import Sym, apply, is_sym, lift, mode, node, serial_now
from ._lower import lower, reachable
from ._program import program_of, ROUNDED_STEP
from ._tree import flatten

_told: set[str] = set()
_LAST_STEP = {4: 2**24}  # by the bytes of a real: compiled loops hold whole numbers in reals
options = {"jit": True}


class Clock:
    """How steps are numbered: step k of the loop has the number first + k and the time t0 + (first + k) dt."""

    def __init__(self, first=0, t0=0.0, dt=None):
        self.first, self.t0, self.dt = int(first), float(t0), dt

    def traced(self):
        """(t, i) as values of a trace."""
        time = apply("add", slot("t0", mode.float_), apply("mul", slot(ROUNDED_STEP, mode.float_), self.dt))
        return Array(time), Array(slot("i", mode.int_))


def slot(name, dtype):
    """A number that is the same for all elements and known at each step: "i", ROUNDED_STEP (i as a real), or one given to the run."""
    return Sym("slot", (), (), dtype, name=name)


def operand_leaf(number, values, reverse):
    """What stands for one row of an operand."""
    position = apply("sub", slot("last", mode.int_), slot("i", mode.int_)) if reverse else \
        apply("sub", slot("i", mode.int_), slot("first", mode.int_))
    table = Sym("operand", (), values.shape, values.dtype, number=number)
    return Sym("row", (table, position), values.shape[1:], values.dtype)


def _counts(values):
    return values.ndim == 1 and values.dtype.kind == "i" and values[0] >= 0 and np.array_equal(values, np.arange(values[0], values[0] + len(values)))


class Traced:
    """What became of a step: its plan, and the tree of its outputs."""

    def __init__(self, step, leaves, single=False):
        start = min([n.serial for leaf in leaves for n in reachable([leaf])] + [serial_now()])
        with Trace(single=single) as trace:
            out = step(*[Array(leaf) for leaf in leaves])
            found, self.build = flatten(out)
            nodes = [node(lift(unwrap(v))) for v in found]
        self.generators = list(dict.fromkeys(trace.generators))
        self.shapes, self.dtypes = [n.shape for n in nodes], [n.dtype for n in nodes]
        self.plan = lower([(v, leaf, node(new)) for v, leaf, new in trace.written()], nodes, start)

    def fits(self):
        """Whether Variables have the sizes that they were traced with: those of a batch may have others now."""
        return all(variable.size == self.plan.arrays[array].size for variable, array in self.plan.variables)


def run_loop(step, count, operands=(), clock=None, reverse=False, jit=None, progress=None, given=None, names=None):
    """The stacked outputs of `count` steps. operands: arrays whose rows are the steps' arguments. given(k): called before step k where
    it is not traced (what a trace finds in the clock); names(): Variables by name, for messages; progress(done, total): some ten times a second.

    Ctrl-C: the KeyboardInterrupt has the outputs so far as `outputs`; Variables are as the last whole step of a compiled loop left them."""
    jit = options["jit"] if jit is None else jit
    if not count:
        return _nothing(step, [_held(v) for v in operands], reverse)
    if jit:
        try:
            return _compiled(step, count, [_held(v) for v in operands], clock, reverse, progress, names)
        except NotTraceable as error:
            tell(error)
    return _eager(step, count, operands, reverse, progress, given)


def _nothing(step, operands, reverse):
    """The outputs of no steps, in their shapes; None where only a step that is made would tell them."""
    try:
        traced = Traced(step, [operand_leaf(k, v, reverse) for k, v in enumerate(operands)])
    except NotTraceable:
        return None
    return traced.build([np.zeros((0,) + tuple(shape), dtype) for shape, dtype in zip(traced.shapes, traced.dtypes)])


def tell(error):
    if str(error) not in _told:
        _told.add(str(error))
        warn(f"this loop runs step by step with NumPy, which is slow: {error}")


def _held(values):
    return np.ascontiguousarray(lift(values))


def _compiled(step, count, operands, clock, reverse, progress, names=None):
    first = clock.first if clock is not None else 0
    leaves = [operand_leaf(k, v, reverse) for k, v in enumerate(operands)]
    if clock is None and not reverse and operands and _counts(operands[0]):
        leaves[0], first = slot("i", mode.int_), int(operands[0][0])  # the step's number itself
    traced = Traced(step, leaves)
    try:
        outputs = execute(traced, count, operands, clock, first, progress, names)
    except KeyboardInterrupt as stopped:
        if not reverse:
            stopped.outputs = traced.build(_outputs(traced, stopped.frames))
        raise
    return traced.build([v[::-1] for v in outputs] if reverse else outputs)


def execute(traced, count, operands, clock=None, first=0, progress=None, names=None):
    """Runs what was traced; the stacked outputs."""
    program = program_of(traced.plan)
    if "i" in program.slots and first + count - 1 > _LAST_STEP.get(mode.float_.itemsize, first + count):
        raise MathError(f"step {_LAST_STEP[4] + 1} and later ones have no number of their own in 32-bit reals, and the loop uses the number "
                        "(as an index, for a delay or an input): use bm.enable_x64(), or number the steps from 0 again")
    slots = [("t0", clock.t0 if clock is not None else 0.0), ("first", first), ("last", first + count - 1)]
    seed = 0
    for generator in traced.generators:  # each has a part in it, and moves on
        seed = (seed * 6364136223846793005 + generator.next_key()) % 2**62
    frames = program.run(traced.plan, count, first, operands=[v.reshape(-1) for v in operands], slots=slots, seed=seed, progress=progress)
    if traced.plan.bad is not None:
        variable, element, step = traced.plan.bad
        name = next((n for n, v in names().items() if v is variable), f"a Variable of the shape {variable.shape}") if names else "a Variable"
        warn(f"element {element} of {name} is {variable._value.reshape(-1)[element]}; the first value that was not finite came in step {step}")
    return _outputs(traced, frames)


def _outputs(traced, frames):
    return [frames[out].reshape((-1,) + shape).astype(dtype, copy=False)
            for out, shape, dtype in zip(traced.plan.outputs, traced.shapes, traced.dtypes)]


def _eager(step, count, operands, reverse, progress, given):
    rows, build, values = [], None, [lift(v) for v in operands]
    for k in range(count):
        at = count - 1 - k if reverse else k
        if given is not None:
            given(k)
        try:
            found, build = flatten(step(*[Array(v[at]) for v in values]))
        except KeyboardInterrupt as stopped:
            stopped.outputs = build([np.stack(each) for each in zip(*rows)]) if rows and not reverse else None
            raise
        rows.append([np.array(lift(v)) for v in found])
        if progress is not None:
            progress(k + 1, count)
    if build is None:
        return None
    if reverse:
        rows.reverse()
    return build([np.stack(each) for each in zip(*rows)])


class Progress:
    """A bar by tqdm, or a line at the end where tqdm is not there.

    with Progress(count, show, "Predict 10 steps: ") as progress: run_loop(..., progress=progress.tell)"""

    def __init__(self, count, show, text=None):
        self.count, self.show, self.text, self.bar = count, show, text, None

    def __enter__(self):
        if self.show:
            tqdm = tqdm_class()
            self.bar = None if tqdm is None else tqdm(total=self.count, desc=self.text, file=sys.stderr)
        self.tell = self._advance if self.bar is not None else None
        return self

    def _advance(self, done, total):
        self.bar.update(done - self.bar.n)

    def __exit__(self, kind, *_):
        if self.bar is not None:
            self.bar.close()
        elif self.show and kind is None:
            print(f"{self.text or ''}{self.count} steps done", file=sys.stderr)
        return False


def in_trace():
    """Whether values are followed now."""
    return following() is not None


def plain(value):
    """Whether a value is known now."""
    return not is_sym(lift(value))
