"""Loops inside of a traced body: what is repeated becomes a part of the step.

    values = repeat(first, advance, going, 1000)     # advance and going take a list of nodes; going gives a truth value

The body is traced twice: once to see which Variables it changes, which are then carried from turn to turn like the values.
"""
import numpy as np

from . import _context
from ._errors import MathError, TracingError
from ._graph import Sym, cast, kind_of, node, serial_now
from ._lower import reachable

ENDLESS = 2 ** 31
_OUTSIDE = ("var", "const", "operand", "carry")
_CHEAP = ("lit", "slot", "fill")


class Body:
    """leaves: what stands for the carried values within a turn; results: what they become; again: whether another turn follows;
    begin: whether the first does; parts: the carried values after the loop."""

    def __init__(self, turns, leaves, results, begin, again):
        self.turns, self.leaves, self.results, self.begin, self.again = turns, leaves, results, begin, again
        self.parts = []


def repeat(first, advance, going, turns=ENDLESS):
    """The values after the loop. Variables that the body changes have their last values afterwards."""
    trace = _context.following()
    first = [node(v) for v in first]
    before = trace.snapshot()
    changed = _changed(trace, before, first, advance, going)
    start = serial_now()
    leaves = [_leaf(v) for v in first]
    held = [_leaf(node(before[id(v)][1] if id(v) in before else trace.leaf(v))) for v in changed]
    for variable, leaf in zip(changed, held):
        variable._value = leaf
    results = _alike(advance(list(leaves)), leaves)
    again = _truth(going(list(results)))
    results += [node(v._value) for v in changed]
    trace.restore(before)
    first = first + [node(v._value) for v in changed]
    begin = _truth(going(first[:len(leaves)]))
    body = Body(int(turns), leaves + held, results, begin, again)
    captured = _captured(results + [again], start)
    loop = Sym("loop", first + [begin] + captured, (), np.dtype(bool), body=body)
    body.parts.extend(Sym("part", (loop,), leaf.shape, leaf.dtype, index=k) for k, leaf in enumerate(body.leaves))
    for variable, part in zip(changed, body.parts[len(leaves):]):
        variable._value = part
    return body.parts[:len(leaves)]


def _leaf(value):
    return Sym("carry", (), value.shape, value.dtype)


def _truth(value):
    value = node(value)
    if value.size != 1:
        raise TracingError(f"a loop's condition has {value.size} elements", "reduce it with bm.any or bm.all")
    return cast(value, "b")


def _changed(trace, before, first, advance, going):
    """The Variables that a turn changes."""
    going(advance([_leaf(v) for v in first]))
    after = trace.snapshot()
    trace.restore(before)
    old = {key: before[key][1] if key in before else trace.variables[key][2] for key in after}
    return [variable for key, (variable, value) in after.items() if value is not old[key]]


def _alike(values, leaves):
    """New carried values in the old ones' shapes and types."""
    if len(values) != len(leaves):
        raise MathError(f"a loop's body returns {len(values)} values for {len(leaves)} that it was given")
    out = []
    for value, leaf in zip(values, leaves):
        value = node(value)
        if value.shape != leaf.shape:
            raise MathError(f"a value of the shape {leaf.shape} becomes one of {value.shape} in a loop's body; shapes stay")
        out.append(cast(value, kind_of(leaf.dtype)))
    return out


def _captured(results, start):
    """Nodes from outside of the body that it uses."""
    found, seen, stack = [], set(), list(results)
    while stack:
        item = stack.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        outside = item.serial < start or item.op in _OUTSIDE
        if outside and not (item.op in _CHEAP and all(n.op in _CHEAP for n in reachable([item]))):
            if item.op != "carry" or item.serial < start:
                found.append(item)
        else:
            stack.extend(item.args)
    return sorted(found, key=lambda n: n.serial)
