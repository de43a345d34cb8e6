"""Derivatives of functions: bm.vector_grad, bm.grad, bm.jacobian, bm.hessian; exact, by the chain rule over the function's graph.

    slope = bm.vector_grad(lambda V, I: -V / 10. + I)(V, I);   bm.grad(loss, grad_vars=weights)(x)

The function is run once on stand-ins for its arguments and Variables, so the rules of traced values hold in it.
"""
import numpy as np

from .. import _context
from .._array import Array, Variable, unwrap
from .._derivative import pull_back
from .._graph import Sym, broadcast_to, kind_of, lift

__all__ = ["grad", "vector_grad", "jacobian", "jacrev", "jacfwd", "hessian"]


def _leaf(value):
    value = lift(unwrap(value))
    if kind_of(value.dtype) != "f":
        raise TypeError(f"a derivative is by real numbers, not by {value.dtype}; give 2. instead of 2")
    return Sym("argument", (), value.shape, value.dtype)


def _variables(grad_vars):
    if grad_vars is None:
        return [], None
    if isinstance(grad_vars, Variable):
        return [grad_vars], lambda slopes: slopes[0]
    if isinstance(grad_vars, dict):
        return list(grad_vars.values()), lambda slopes: dict(zip(grad_vars, slopes))
    return list(grad_vars), list


class _Recorded:
    """One run of the function: its outputs, and the leaves by which it is differentiated."""

    def __init__(self, function, args, keywords, argnums, variables, has_aux):
        self.given, self.leaves, args = [], [], list(args)
        for k in argnums:
            if not -len(args) <= k < len(args):
                raise ValueError(f"argnums={k}: the function was called with {len(args)} arguments")
            self.given.append(lift(unwrap(args[k])))
            self.leaves.append(_leaf(args[k]))
            args[k] = Array(self.leaves[-1])
        with _context.Trace() as trace:
            for v in variables:
                trace.visit(v)
            out = function(*args, **keywords)
            self.aux = None
            if has_aux:
                out, self.aux = out
        for v in variables:
            _, before, leaf = trace.variables[id(v)]
            self.given.append(before)
            self.leaves.append(leaf)
        wanted = {id(leaf) for leaf in self.leaves}
        self.others = [(before, leaf) for _, before, leaf in trace.variables.values() if id(leaf) not in wanted]
        self.written = trace.written()
        self.several = isinstance(out, (list, tuple))
        self.outputs = [lift(unwrap(o)) for o in (out if self.several else [out])]

    def pull(self, cotangents):
        leaves, given = self.leaves + [leaf for _, leaf in self.others], self.given + [before for before, _ in self.others]
        extra = [new for _, _, new in self.written] + [lift(unwrap(a)) for a in self._aux_list()]
        values, slopes = pull_back(self.outputs + extra, leaves, given, list(cotangents) + [None] * len(extra))
        self.news = values[len(self.outputs):len(self.outputs) + len(self.written)]
        self.auxes = values[len(self.outputs) + len(self.written):]
        return values[:len(self.outputs)], [Array(broadcast_to(s, g.shape)) for s, g in zip(slopes, self.given)]

    def _aux_list(self):
        from .._tree import flatten
        return flatten(self.aux)[0] if self.aux is not None else []

    def finish(self):
        """Writes what the function wrote into Variables; the auxiliary values."""
        for (variable, _, _), new in zip(self.written, self.news):
            variable.value = new
        if self.aux is None:
            return None
        from .._tree import flatten
        return flatten(self.aux)[1]([Array(a) for a in self.auxes])


def _transform(make, order):
    """order: BrainPy's further parameters by place; of them has_aux and return_value mean something here."""
    order = order.split()

    def transform(func=None, grad_vars=None, argnums=None, *more, **keywords):
        given = dict(zip(order, more), **keywords)
        unknown = [name for name in given if name not in order]
        if unknown:
            raise TypeError(f"bm.{transform.__name__} has no parameter {unknown[0]!r}; there are func, grad_vars, argnums, {', '.join(order)}")
        return of(func, grad_vars, argnums, given.get("has_aux"), given.get("return_value", False))

    def of(func, grad_vars, argnums, has_aux, return_value):
        if func is None:
            return lambda f: of(f, grad_vars, argnums, has_aux, return_value)
        variables, packed = _variables(grad_vars)
        numbers = ([] if grad_vars is not None else [0]) if argnums is None else [argnums] if isinstance(argnums, int) else list(argnums)

        def call(*args, **keywords):
            run = _Recorded(func, args, keywords, numbers, variables, bool(has_aux))
            values, slopes = make(run)
            by_args, by_variables = slopes[:len(numbers)], slopes[len(numbers):]
            parts = ([packed(by_variables)] if packed else []) + ([by_args[0] if isinstance(argnums, int) or argnums is None else tuple(by_args)]
                                                                  if numbers else [])
            aux = run.finish()
            out = [tuple(parts) if len(parts) > 1 else parts[0]]
            if return_value:
                out.append([Array(v) for v in values] if run.several else Array(values[0]))
            if has_aux:
                out.append(aux)
            return tuple(out) if len(out) > 1 else out[0]
        return call
    transform.__name__ = transform.__qualname__ = make.__name__.strip("_")
    transform.__doc__ = make.__doc__
    return transform


def _grad(run):
    """The slopes of a function whose value is one number, by arguments (argnums, the first by default) or Variables (grad_vars)."""
    if len(run.outputs) != 1 or run.outputs[0].size != 1:
        raise TypeError(f"bm.grad wants a function whose value is one number, not of the shape {run.outputs[0].shape}; use bm.vector_grad")
    return run.pull([1.])


def _vector_grad(run):
    """For each element of an argument or Variable the sum of the slopes of all values: the slopes of elementwise functions."""
    return run.pull([1.] * len(run.outputs))


def _jacobian(run):
    """All slopes: for each argument or Variable an array of the value's shape followed by its own."""
    if len(run.outputs) != 1:
        raise TypeError("bm.jacobian wants a function with one value")
    out, rows, values = run.outputs[0], [], None
    for k in range(out.size):
        one = np.zeros(out.size, out.dtype)
        one[k] = 1.
        values, slopes = run.pull([one.reshape(out.shape)])
        rows.append(slopes)
    from .shapes import reshape, stack
    joined = [stack([r[n] for r in rows]) for n in range(len(run.leaves))]
    return values, [reshape(j, tuple(out.shape) + tuple(g.shape)) for j, g in zip(joined, run.given)]


grad = _transform(_grad, "holomorphic allow_int reduce_axes has_aux return_value dyn_vars child_objs")
vector_grad = _transform(_vector_grad, "return_value has_aux dyn_vars child_objs")
jacobian = _transform(_jacobian, "has_aux return_value holomorphic allow_int dyn_vars child_objs")
jacrev = jacfwd = jacobian


def hessian(func, grad_vars=None, argnums=None, return_value=False, holomorphic=False, dyn_vars=None, child_objs=None):
    """The second slopes of a function whose value is one number."""
    return jacobian(grad(func, grad_vars, argnums), grad_vars, argnums, return_value=return_value)
