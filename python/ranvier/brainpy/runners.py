"""bp.DSRunner: runs a network and keeps what its monitors ask for.

    runner = bp.DSRunner(net, monitors=["E.spike"], inputs=("E.input", 5.)); seconds = runner.run(100.); runner.mon["E.spike"]
"""
import difflib
import inspect
import itertools
import time

import numpy as np

from ._array import Array, Variable, unwrap
from ._graph import lift
from ._jit import leave_to_loop
from ._loops import Clock, Progress, in_trace, run_loop
from ._object import BrainPyObject
from ._share import DotDict, share
from ._tree import flatten, tree_map
from .math import modes
from .math.environment import get_dt


def _find(target, path):
    """What a dotted path names, whose first part is an attribute of the target, or the name of a system in it."""
    at, parts = target, path.split(".")
    if not hasattr(at, parts[0]) and isinstance(at, BrainPyObject):
        named = {node.name: node for node in at.nodes().unique().values()}
        if parts[0] in named:
            at, parts = named[parts[0]], parts[1:]
    for part in parts:
        if not hasattr(at, part):
            known = {name.lower(): name for name in _parts_of(at)}
            near = [known[name] for name in difflib.get_close_matches(part.lower(), known, 4, 0.4)]
            raise ValueError(f"{path!r} is not in the network: {type(at).__name__} has no {part!r}"
                             f"{'; the nearest are ' if near else ''}{', '.join(near)}")
        at = getattr(at, part)
    return at


def _parts_of(at):
    """The names of an object's Variables and systems."""
    return [name for name, value in {**vars(type(at)), **vars(at)}.items() if name[0] != "_" and isinstance(value, (Variable, BrainPyObject, property))]


def _shared(function):
    """The function as one of nothing: it may take bp.share's entries."""
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return function
    return lambda: function(share.get_shargs())


def _reader(target, key, what):
    if callable(what) and not isinstance(what, Variable):
        return _shared(what)
    index = None
    if isinstance(what, (tuple, list)):
        if len(what) != 2:
            raise ValueError(f"the monitor {key!r} has {len(what)} parts; give a Variable or its name, and indices")
        what, index = what
    variable = _find(target, what) if isinstance(what, str) else what
    if not isinstance(variable, Variable):
        raise ValueError(f"the monitor {key!r} is no Variable")
    if index is None:
        return lambda: variable
    index = index if isinstance(index, (slice, tuple)) else np.atleast_1d(index)  # of one element too: an axis
    return lambda: variable[index]


_OPERATIONS = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y, "=": lambda x, y: y}


class _Input:
    """One input of a runner: what a Variable gets before each step."""

    def __init__(self, target, key, value, kind="fix", operation="+"):
        self.variable, self.kind, self.operation = _find(target, key) if isinstance(key, str) else key, kind, operation
        if kind not in ("fix", "iter", "func") or operation not in _OPERATIONS:
            raise ValueError(f"an input of the kind {kind!r} with {operation!r}: kinds are fix, iter, func, operations = + - * /")
        if not isinstance(self.variable, Variable):
            raise ValueError(f"the input {key!r} is no Variable")
        if kind == "func" and not callable(value):
            raise ValueError(f"the input of {key!r} of the kind 'func' is no function: {value!r}")
        self.value, self.rows = value, None
        if kind == "func":
            self.value = _shared(value)
        elif kind == "iter":
            if hasattr(unwrap(value), "shape") or isinstance(value, (list, tuple)):
                self.rows = np.asarray(lift(value))
                self._fits(key, self.rows.shape[1:], "rows")
            else:
                self.value = iter(value)
        else:
            self._fits(key, np.shape(lift(value)), "values")

    def _fits(self, key, shape, what):
        try:
            good = np.broadcast_shapes(shape, self.variable.shape) == self.variable.shape
        except ValueError:
            good = False
        if not good:
            name = repr(key) if isinstance(key, str) else "a Variable"
            raise ValueError(f"the input of {name} has {what} of the shape {tuple(shape)}; the Variable has the shape {self.variable.shape}")

    def of(self, first, count):
        """The values of `count` steps from step `first` on (kind 'iter')."""
        if self.rows is None:
            rows = list(itertools.islice(self.value, count))
            if len(rows) < count:
                raise ValueError(f"an input ends after {len(rows)} of {count} steps")
            return np.stack([np.asarray(lift(row)) for row in rows])
        if len(self.rows) < first + count:
            raise ValueError(f"an input has {len(self.rows)} values, but the run goes on to step {first + count}")
        return self.rows[first:first + count]

    def give(self, now):
        self.variable[...] = _OPERATIONS[self.operation](self.variable, now)


class DSRunner:
    """monitors: a list of names or (name, indices), or a dict of Variables, (Variable, indices), names or functions.
    inputs: (name or Variable, value[, 'fix'|'iter'|'func'[, operation]]) or a list of these, or a function.
    jit=False: step by step with NumPy. With a target in BatchingMode inputs, outputs and monitors have the axes (batch, time, ...);
    data_first_axis="T": (time, batch, ...). memory_efficient, dyn_vars: not needed here. fun_inputs, fun_monitors: older names for functions."""

    def __init__(self, target, inputs=(), monitors=None, numpy_mon_after_run=True, jit=True, dyn_vars=None, memory_efficient=False, dt=None,
                 t0=0., progress_bar=True, data_first_axis=None, fun_inputs=None, fun_monitors=None, i0=0):
        batches = isinstance(getattr(target, "mode", None), modes.BatchingMode)
        first = data_first_axis or ("B" if batches else "T")
        if first not in ("B", "T"):
            raise ValueError(f"data_first_axis is 'B' (batch) or 'T' (time), not {data_first_axis!r}")
        self.batches, self.swaps = batches, batches and first == "B"
        self.target, self.t0, self.i0 = target, t0, i0
        self.dt = get_dt() if dt is None else float(dt)
        if not (self.dt > 0 and np.isfinite(self.dt)):
            raise ValueError(f"the time step must be a positive number of ms, not {dt}")
        self.progress_bar, self.numpy_mon_after_run = progress_bar, numpy_mon_after_run
        self.jit = jit.get("predict", True) if isinstance(jit, dict) else bool(jit)
        if isinstance(monitors, dict):
            wanted = monitors
        else:
            wanted = {m if isinstance(m, str) else m[0]: m for m in (monitors or ())}
        wanted = {**wanted, **(fun_monitors or {})}
        self._readers = {key: _reader(target, key, what) for key, what in wanted.items()}
        self._functions, self._inputs = [_shared(fun_inputs)] if fun_inputs is not None else [], []
        if callable(inputs):
            self._functions.append(_shared(inputs))
        elif len(inputs):
            listed = [inputs] if isinstance(inputs[0], (str, Variable)) else inputs
            for item in listed:
                if not isinstance(item, (tuple, list)) or not 2 <= len(item) <= 4:
                    raise ValueError(f"an input is (name or Variable, value[, kind[, operation]]), not {item!r}")
            self._inputs = [_Input(target, *item) for item in listed]
        self.mon = Monitor()

    def reset_state(self):
        """The next run begins at step 0."""
        self.i0 = 0

    def run(self, duration=None, inputs=None, reset_state=False, eval_time=False, shared_args=None):
        """Runs for `duration` ms, int(duration / dt) steps, or for the rows of `inputs`; a further run goes on from here, mon is of the
        latest. Returns what the target's update() returned, stacked, where that is anything, else the seconds that the run took;
        with eval_time both: (seconds, outputs)."""
        seconds, outputs = self._run(duration, inputs, reset_state, shared_args)
        if eval_time:
            return seconds, outputs
        return seconds if outputs is None else outputs

    def predict(self, duration=None, inputs=None, reset_state=False, eval_time=False, shared_args=None):
        """The same, but always the outputs (with eval_time after the seconds)."""
        seconds, outputs = self._run(duration, inputs, reset_state, shared_args)
        return (seconds, outputs) if eval_time else outputs

    __call__ = predict

    def _run(self, duration, inputs, reset_state, shared_args):
        given = () if inputs is None else inputs if isinstance(inputs, (list, tuple)) else (inputs,)
        leaves, build = flatten(tuple(given))
        leaves = [np.asarray(lift(unwrap(v))) for v in leaves]
        leaves = [np.moveaxis(v, 0, 1) for v in leaves] if self.swaps else leaves
        if leaves:
            count = len(leaves[0])
        elif duration is None:
            raise ValueError("give a duration in ms, or inputs")
        elif np.ndim(unwrap(duration)) or not np.isreal(unwrap(duration)) or isinstance(duration, str):
            raise TypeError(f"a duration is a number of ms, not {duration!r}")
        else:
            count = int(duration / self.dt)
        if count < 0:
            raise ValueError(f"a run needs a duration of 0 ms or more, not {duration}")
        if in_trace():
            leave_to_loop()
            raise RuntimeError("a runner runs outside of traced bodies; call update() or step_run() of the network inside of them")
        if reset_state:
            batch = [leaves[0].shape[1]] if leaves and self.batches else []
            self.target.reset_state(*batch)
            self.reset_state()
        begin = time.perf_counter()
        iterated = [one for one in self._inputs if one.kind == "iter"]
        operands = leaves + [one.of(self.i0, count) for one in iterated]
        clock = Clock(self.i0, self.t0, self.dt)
        step = _Step(self, clock, build, len(leaves), iterated, dict(shared_args or {}))
        with Progress(count, self.progress_bar, f"Predict {count} steps") as progress:
            try:
                result = run_loop(step, count, operands, clock, jit=self.jit, progress=progress.tell, given=step.begin,
                                  names=self.target.vars)
            except KeyboardInterrupt as stopped:
                self._keep_part(getattr(stopped, "outputs", None))
                raise
        return time.perf_counter() - begin, self._keep(result, count)

    def _keep_part(self, result):
        """What was recorded before Ctrl-C."""
        if result is not None:
            lengths = [len(values) for frames in result[1].values() for values in flatten(frames)[0]]
            self._keep(result, min(lengths, default=0))

    def _keep(self, result, count):
        self.mon.clear()
        self.mon["ts"] = self.t0 + (self.i0 + np.arange(count)) * self.dt
        self.i0 += count
        if count == 0:
            return None
        share.save(t=self.t0 + (self.i0 - 1) * self.dt, i=self.i0 - 1, dt=self.dt)
        outputs, frames = tree_map(lambda v: np.moveaxis(v, 0, 1) if v.ndim >= 2 else v, result) if self.swaps else result
        for key, values in frames.items():
            self.mon[key] = values if self.numpy_mon_after_run else Array(values)
        leaves, build = flatten(outputs)
        return build([Array(v) for v in leaves]) if leaves else None


class _Step:
    """One step of a run: inputs, the target, monitors."""

    def __init__(self, runner, clock, build, own, iterated, shared):
        self.runner, self.clock, self.build, self.own, self.iterated, self.shared = runner, clock, build, own, iterated, shared
        self.now = None

    def begin(self, k):
        """Of an untraced step: its number and time."""
        i = self.clock.first + k
        self.now = self.clock.t0 + i * self.clock.dt, i

    def __call__(self, *row):
        runner = self.runner
        t, i = self.clock.traced() if in_trace() else self.now
        share.save(t=t, i=i, dt=runner.dt, **self.shared)
        for function in runner._functions:
            function()
        values = dict(zip(self.iterated, row[self.own:]))
        for one in runner._inputs:
            one.give(values[one] if one.kind == "iter" else one.value() if one.kind == "func" else one.value)
        out = runner.target(*self.build(list(row[:self.own])))
        frames = {key: _value(read()) for key, read in runner._readers.items()}
        runner.target.clear_input()
        return out, frames


def _value(found):
    leaves, build = flatten(found)
    return build([lift(unwrap(v)) for v in leaves])


class Monitor(DotDict):
    pass
