"""bm.jit: a function that is traced once for each shape of its arguments and Variables, and then run by the core.

    f = jit(lambda x: bm.exp(x) * v); f(x)       # v: a Variable; what it holds when f is called

A function in which loops run is called as it is: the loops compile themselves.
"""
import functools

import numpy as np

from . import _context
from ._array import Array, unwrap
from ._errors import NotTraceable
from ._graph import lift, mode
from ._loops import Traced, execute, operand_leaf, options, tell
from ._tree import flatten


class LoopInside(BaseException):
    """A loop was met while a function was traced for bm.jit."""


def leave_to_loop():
    """Called by a loop in a traced body: within bm.jit alone it is better to run the function as it is."""
    trace = _context.following()
    if trace is not None and trace.single:
        raise LoopInside


class _Forms(dict):
    """What a function has become: by what it was traced for, (what was traced or None, static values whose identities are in the key).
    Those of a method lie with its object, and end with it; a copy of the object begins without."""

    def __reduce_ex__(self, protocol):
        return _Forms, ()


class Jitted:
    """The compiled form of a function, a method or an object that can be called."""

    def __init__(self, function, static_argnums=None, static_argnames=None):
        if not callable(function):
            raise TypeError(f"bm.jit wants something to call, not {function!r}")
        self.function = function
        self.static = _as_tuple(static_argnums), _as_tuple(static_argnames)
        self._forms = _Forms()
        functools.update_wrapper(self, function, updated=())

    def __get__(self, owner, cls=None):
        if owner is None:
            return self
        forms = vars(owner).setdefault(f"_forms_of_{id(self)}", _Forms()) if hasattr(owner, "__dict__") else self._forms
        return functools.partial(self._call, forms, owner)

    def __getattr__(self, name):
        if name.startswith("_") or name == "function":
            raise AttributeError(name)
        return getattr(self.function, name)

    def __call__(self, *args, **keywords):
        return self._call(self._forms, *args, **keywords)

    def _call(self, forms, /, *args, **keywords):
        if _context.following() is not None or not options["jit"]:
            return self.function(*args, **keywords)
        leaves, build = flatten((args, keywords))
        fixed = self._fixed(args, keywords)
        moving = [k for k, v in enumerate(leaves) if k not in fixed and _is_numbers(v)]
        values = [np.asarray(lift(unwrap(leaves[k]))) for k in moving]
        rest = [v for k, v in enumerate(leaves) if k not in moving]
        key = (_shape_of((args, keywords)), tuple((v.shape, v.dtype.str) for v in values), tuple(_identity(v) for v in rest), mode.types())
        known = forms.get(key)
        if known is None or known[0] is not None and not known[0].fits():
            kept = rest if forms is self._forms else [v for v in rest if v is not args[0]]
            known = forms[key] = self._trace(leaves, moving, values, build), kept
        traced = known[0]
        if traced is None:
            return self.function(*args, **keywords)
        return traced.build([Array(v[0]) for v in execute(traced, 1, [v[None] for v in values])])

    def _fixed(self, args, keywords):
        """Places of leaves that belong to static arguments."""
        numbers, names = self.static
        at, fixed = 0, set()
        for k, (name, value) in enumerate([(None, a) for a in args] + list(keywords.items())):
            count = len(flatten(value)[0])
            if name is None and (k in numbers or k - len(args) in numbers) or name in names:
                fixed.update(range(at, at + count))
            at += count
        return fixed

    def _trace(self, leaves, moving, values, build):
        """What the function becomes, or None if it is to be called as it is."""
        def step(*given):
            filled = list(leaves)
            for k, value in zip(moving, given):
                filled[k] = value
            args, keywords = build(filled)
            return self.function(*args, **keywords)
        try:
            return Traced(step, [operand_leaf(k, v[None], False) for k, v in enumerate(values)], single=True)
        except LoopInside:
            return None
        except NotTraceable as error:
            tell(error)
            return None


def _as_tuple(values):
    return () if values is None else (values,) if isinstance(values, (int, str)) else tuple(values)


def _is_numbers(value):
    return isinstance(value, (bool, int, float, np.ndarray, np.generic, Array))


def _identity(value):
    """What a static value is known by."""
    return (type(value), repr(value)) if isinstance(value, (str, bool, int, float, bytes)) else (type(value), id(value))


def _shape_of(tree):
    if isinstance(tree, dict):
        return tuple((k, _shape_of(v)) for k, v in tree.items())
    if isinstance(tree, (list, tuple)):
        return type(tree), tuple(_shape_of(v) for v in tree)
    return tree is None


def jit(func=None, static_argnums=None, static_argnames=None, donate_argnums=(), inline=False, keep_unused=False, abstracted_axes=None,
        dyn_vars=None, child_objs=None, **keywords):
    """A compiled form of a function or an object; also a decorator, with or without arguments.

    static_argnums, static_argnames: arguments whose values the function needs as they are; another value is another compilation. Strings,
    functions and objects are static by themselves. The other arguments of jax.jit are taken and not needed."""
    if keywords:
        raise TypeError(f"bm.jit has no argument {next(iter(keywords))!r}")
    if func is None:
        return lambda f: Jitted(f, static_argnums, static_argnames)
    return Jitted(func, static_argnums, static_argnames)


def cls_jit(func=None, static_argnums=None, static_argnames=None, inline=False, keep_unused=False, abstracted_axes=None, **keywords):
    """bm.jit for methods: @bm.cls_jit def update(self, x). Numbers of static arguments count self as 0."""
    return jit(func, static_argnums, static_argnames, **keywords)
