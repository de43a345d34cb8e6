"""Loops and choices.

    bm.for_loop(lambda x: x * 2., bm.arange(3))

A loop's body is traced once and compiled; outside of a loop everything is done at once with NumPy.
"""
import numpy as np

from .. import _context
from .._array import Array, Variable, unwrap
from .._errors import MathError, TracingError
from .._graph import apply, is_sym, lift, mode, node, put_row, row, serial_now, stack
from .._jit import cls_jit, jit, leave_to_loop  # noqa: F401
from .._loops import Progress, in_trace, options, run_loop
from .._repeat import repeat
from .._tree import flatten, tree_map

_UNROLLED = 600  # nodes: a loop within a traced body that makes more becomes a repeated part of the step
_WAIT = 64       # turns of a while_loop that are done before it is compiled


def _as_arrays(tree):
    return tree_map(Array, tree)


def for_loop(body_fun, operands, reverse=False, unroll=1, remat=False, jit=None, progress_bar=False, unroll_kwargs=None, dyn_vars=None,
             child_objs=None):
    """body_fun(*x) for each element of the operands along their first axis; the results stacked along a new first axis.

    operands: an array, or a tuple or list of them, one for each argument; each may itself be a tuple, list or dict of arrays.
    unroll, remat, dyn_vars, child_objs: not needed here. jit=False: step by step with NumPy."""
    several = operands if isinstance(operands, (list, tuple)) else (operands,)
    keywords = dict(unroll_kwargs or {})
    leaves, build = flatten(tuple(several))
    count = _common_length(leaves)

    def step(*row):
        return body_fun(*build(list(row)), **keywords)
    if in_trace():
        return _in_body(lambda carry, row: (carry, step(*row)), [], leaves, count, reverse)[1]
    with Progress(count, progress_bar) as progress:
        return _as_arrays(run_loop(step, count, [unwrap(v) for v in leaves], reverse=reverse, jit=jit, progress=progress.tell,
                                   names=getattr(getattr(body_fun, "__self__", None), "vars", None)))


def _common_length(leaves):
    lengths = sorted({np.shape(unwrap(v))[0] if np.ndim(unwrap(v)) else -1 for v in map(_shaped, leaves)})
    if not lengths:
        raise ValueError("a loop needs an operand: its length is the number of steps")
    if lengths[0] < 0:
        raise ValueError("an operand of a loop is a single number; its first axis is what the loop goes along")
    if len(lengths) > 1:
        raise ValueError(f"the operands of a loop must be of one length, not {lengths}")
    return lengths[0]


def _shaped(value):
    return np.broadcast_to(False, lift(value).shape)


def _in_body(turn, carry, leaves, count, reverse):
    """A loop in a traced body: short ones as turns one after another, others repeated by the step. carry, y = turn(carry, row), with
    lists of values as the carry; (the last carry, the stacked y)."""
    if count > 1:
        leave_to_loop()
    order = list(range(count - 1, -1, -1) if reverse else range(count))
    values, trace, start = [lift(v) for v in leaves], _context.following(), serial_now()
    before, first = trace.snapshot(), carry
    rows, build = [], None
    for k in order:
        carry, out = turn(carry, [Array(v)[k] for v in values])
        found, build = flatten(out)
        rows.append([node(lift(v)) for v in found])
        if k == order[0] and (serial_now() - start) * count > _UNROLLED:
            trace.restore(before)
            carry, tables = _repeated(turn, first, values, count, reverse, rows[0])
            return carry, build([Array(v) for v in tables])
    if build is None:
        return carry, None
    if reverse:
        rows.reverse()
    return carry, build([Array(stack(each)) for each in zip(*rows)])


def _repeated(turn, carry, values, count, reverse, shapes):
    """The same as a part of the step that is repeated; what the turns give goes into rows of tables."""
    tables, own = [np.zeros((count,) + v.shape, v.dtype) for v in shapes], len(carry)

    def advance(carried):
        k = carried[0]
        at = apply("sub", count - 1, k) if reverse else k
        new, out = turn(carried[1:1 + own], [Array(row(v, at)) for v in values])
        return [apply("add", k, 1), *new] + [put_row(table, lift(v), at) for table, v in zip(carried[1 + own:], flatten(out)[0])]
    last = repeat([np.asarray(0, mode.int_), *carry, *tables], advance, lambda carried: apply("lt", carried[0], count), count)
    return last[1:1 + own], last[1 + own:]


def scan(body_fun, init, operands, reverse=False, unroll=1, remat=False, progress_bar=False):
    """carry, y = body_fun(carry, x) by turns; (the last carry, the stacked y)."""
    start, build_carry = flatten(init)
    start = [lift(v) for v in start]
    several, build = flatten(operands)
    count = _common_length(several)

    def turn(carry, row):
        new, y = body_fun(build_carry([Array(v) for v in carry]), build(list(row)))
        new = [lift(v) for v in flatten(new)[0]]
        if len(new) != len(carry):
            raise MathError(f"a scan's body returns a carry of {len(new)} values for {len(carry)} that it was given")
        return new, y
    if in_trace():
        carry, stacked = _in_body(turn, start, several, count, reverse)
        return build_carry([Array(v) for v in carry]), stacked
    held = [Variable(np.asarray(v)) for v in start]

    def step(*row):
        carry, y = turn([v.value for v in held], row)
        for variable, new in zip(held, carry):
            variable.value = Array(new, variable.dtype).value
        return y
    with Progress(count, progress_bar) as progress:
        stacked = _as_arrays(run_loop(step, count, [unwrap(v) for v in several], reverse=reverse, progress=progress.tell))
    return build_carry([Array(v.value) for v in held]), stacked


def while_loop(body_fun, cond_fun, operands, dyn_vars=None, child_objs=None):
    """operands = body_fun(*operands) while cond_fun(*operands). The first turns outside of a trace are done at once; a loop that goes on
    is compiled. In a traced body the loop is repeated by the step (at most 2^31 times)."""
    operands = tuple(operands) if isinstance(operands, (list, tuple)) else (operands,)
    leaves, build = flatten(operands)
    leaves = [lift(v) for v in leaves]

    def tree(values):
        return build([Array(v) for v in values])

    def advance(values):
        out = body_fun(*tree(values))
        return [lift(v) for v in flatten(() if out is None else out if isinstance(out, (list, tuple)) else (out,))[0]]

    def going(values):
        return unwrap(cond_fun(*tree(values)))

    def whole(*values):
        return repeat([unwrap(v) for v in values], advance, going) if in_trace() else _while(advance, going, [unwrap(v) for v in values], None)
    if in_trace():
        leave_to_loop()
        return tree(whole(*leaves))
    leaves = _while(advance, going, leaves, _WAIT if options["jit"] else None)
    if bool(going(leaves)):
        leaves = [v[0] for v in run_loop(whole, 1, [np.asarray(v)[None] for v in leaves])]
    return tree(leaves)


def _while(advance, going, values, most):
    """At once, and at most so many turns."""
    turns = 0
    while turns != most and bool(going(values)):
        new = advance(values)
        if len(new) != len(values):
            raise MathError(f"a loop's body returns {len(new)} values for {len(values)} that it was given")
        values = new
        turns += 1
    return values


def cond(pred, true_fun, false_fun, operands=(), dyn_vars=None, child_objs=None):
    """true_fun(*operands) if pred, else false_fun(*operands); a branch may also be a value. With a traced pred both branches are
    computed, and their results and what they did to Variables are selected."""
    operands = operands if isinstance(operands, (list, tuple)) else (operands,)
    pred = lift(pred)
    if is_sym(pred):
        return _choose([pred], [true_fun, false_fun], operands)
    return _branch(true_fun if bool(pred) else false_fun, operands)


def _branch(branch, operands):
    return branch(*operands) if callable(branch) else branch


def ifelse(conditions, branches, operands=None, show_code=False, dyn_vars=None, child_objs=None):
    """The branch of the first condition that is true; the last one without a condition."""
    conditions = conditions if isinstance(conditions, (list, tuple)) else [conditions]
    if len(branches) != len(conditions) + 1:
        raise ValueError(f"{len(conditions)} conditions need {len(conditions) + 1} branches, not {len(branches)}")
    operands = () if operands is None else operands if isinstance(operands, (list, tuple)) else (operands,)
    conditions = [lift(c) for c in conditions]
    if any(is_sym(c) for c in conditions):
        return _choose(conditions, list(branches), operands)
    chosen = next((k for k, c in enumerate(conditions) if bool(c)), -1)
    return _branch(branches[chosen], operands)


def _choose(conditions, branches, operands):
    """All branches from the same Variables; their results and the Variables' new values by the first condition that holds."""
    trace, results, after = _context.following(), [], []
    before = None
    for branch in branches:
        if before is not None:
            trace.restore(before)
        before = trace.snapshot()
        results.append(_branch(branch, operands))
        after.append(trace.snapshot())
        trace.restore(before)
    known = {}
    for values in after:
        for key, (variable, value) in values.items():
            known[key] = variable
    for key, variable in known.items():
        old = before[key][1] if key in before else trace.leaf(variable)
        news = [values[key][1] if key in values else old for values in after]
        if any(new is not news[0] for new in news):
            variable.value = _select(conditions, news)
        else:
            variable.value = news[0]
    trees = [flatten(r) for r in results]
    if len({len(leaves) for leaves, _ in trees}) > 1:
        raise TracingError("the branches of a choice return different structures", "return the same number of values from each")
    return trees[0][1]([Array(_select(conditions, [lift(t[0][k]) for t in trees])) for k in range(len(trees[0][0]))])


def _select(conditions, values):
    out = values[-1]
    for condition, value in zip(reversed(conditions), reversed(values[:-1])):
        out = apply("select", condition, value, out)
    return out
