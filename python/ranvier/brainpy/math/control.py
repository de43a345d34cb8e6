"""Loops, choices and the events of synapses.

    bm.for_loop(lambda x: x * 2., bm.arange(3))
"""
import sys

import numpy as np

from .._array import Array, unwrap
from .._graph import csr_product, lift


def _map(function, *trees):
    head = trees[0]
    if head is None:
        return None
    if isinstance(head, (list, tuple)):
        return type(head)(_map(function, *parts) for parts in zip(*trees))
    if isinstance(head, dict):
        return {k: _map(function, *[t[k] for t in trees]) for k in head}
    return function(*trees)


def _length(tree):
    if isinstance(tree, (list, tuple)):
        lengths = {_length(part) for part in tree}
    elif isinstance(tree, dict):
        lengths = {_length(part) for part in tree.values()}
    else:
        return len(tree)
    if len(lengths) != 1:
        raise ValueError(f"the operands of a loop must be of one length, not {sorted(lengths)}")
    return lengths.pop()


def _progress(count, show):
    if not show:
        return range(count)
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _plain_progress(count)
    return tqdm(range(count), file=sys.stderr)


def _plain_progress(count):
    for k in range(count):
        yield k
    print(f"{count} steps done", file=sys.stderr)


def for_loop(body_fun, operands, *, jit=None, reverse=False, unroll=1, remat=False, progress_bar=False, dyn_vars=None):
    """body_fun(*x) for each element of the operands along their first axis; the results stacked along a new first axis."""
    several = isinstance(operands, (list, tuple))
    count, outputs = _length(operands), []
    order = _progress(count, progress_bar)
    for k in order:
        k = count - 1 - k if reverse else k
        part = _map(lambda a: a[k], operands)
        out = body_fun(*part) if several else body_fun(part)
        outputs.append(_map(lambda v: np.array(lift(v)), out))
    if reverse:
        outputs.reverse()
    return _map(lambda *v: Array(np.stack(v)), *outputs) if outputs else None


def scan(body_fun, init, operands, *, reverse=False, unroll=1, remat=False, progress_bar=False):
    """carry, y = body_fun(carry, x) by turns; (the last carry, the stacked y)."""
    box = [init]

    def body(*x):
        box[0], y = body_fun(box[0], x if isinstance(operands, (list, tuple)) else x[0])
        return y
    stacked = for_loop(body, operands, reverse=reverse, progress_bar=progress_bar)
    return box[0], stacked


def while_loop(body_fun, cond_fun, operands):
    """operands = body_fun(*operands) while cond_fun(*operands)."""
    operands = tuple(operands) if isinstance(operands, (list, tuple)) else (operands,)
    while bool(cond_fun(*operands)):
        out = body_fun(*operands)
        operands = () if out is None else tuple(out) if isinstance(out, (list, tuple)) else (out,)
    return operands


def cond(pred, true_fun, false_fun, operands=()):
    operands = operands if isinstance(operands, (list, tuple)) else (operands,)
    branch = true_fun if bool(unwrap(pred)) else false_fun
    return branch(*operands) if callable(branch) else branch


def ifelse(conditions, branches, operands=None, dyn_vars=None, show_code=False):
    """The branch of the first condition that is true; the last one without a condition."""
    conditions = conditions if isinstance(conditions, (list, tuple)) else [conditions]
    if len(branches) != len(conditions) + 1:
        raise ValueError(f"{len(conditions)} conditions need {len(conditions) + 1} branches, not {len(branches)}")
    chosen = next((k for k, c in enumerate(conditions) if bool(unwrap(c))), -1)
    operands = () if operands is None else operands if isinstance(operands, (list, tuple)) else (operands,)
    return branches[chosen](*operands) if callable(branches[chosen]) else branches[chosen]


def jit(func=None, **keywords):
    """The function itself: everything outside of a program of the core runs at once."""
    return func if func is not None else (lambda f: f)


def pre2post_event_sum(events, pre2post, post_num, values=1.):
    """target[j] = the sum of the values of the synapses i -> j whose events[i] is true; pre2post: (indices, indptr)."""
    indices, indptr = (np.asarray(part) for part in pre2post)
    return Array(csr_product(unwrap(events), unwrap(values), indices, indptr, post_num))


pre2post_csr_event_sum = pre2post_event_sum
