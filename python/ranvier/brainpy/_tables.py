"""Classes whose constructors are read from tables: a new neuron or channel is its parameters and its equations.

    class IL(FromTable, Channel):
        _parameters = {"g_max": 0.1, "E": -70.}
"""
import difflib
import inspect
from typing import Any


class FromTable:
    """__init__(size, <head>, <parameters>, <tail>, <extra>): the tables of a class are dicts {name: default}; read() gives the values.

    _order: names that come first, as a text, where BrainPy's order is another one; of this class alone."""
    _head: dict[str, Any] = {}
    _parameters: dict[str, Any] = {}
    _tail: dict[str, Any] = {}
    _extra: dict[str, Any] = {}
    _signature: inspect.Signature
    __signature__: inspect.Signature

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        kind = inspect.Parameter
        table = {**cls._head, **cls._parameters, **cls._tail, **cls._extra}
        first = cls.__dict__.get("_order", "").split()
        table = {**{name: table[name] for name in first}, **table}
        cls._signature = inspect.Signature([kind("size", kind.POSITIONAL_OR_KEYWORD)] + [
            kind(name, kind.POSITIONAL_OR_KEYWORD, default=default) for name, default in table.items()])
        own = inspect.signature(cls.__init__)
        shown = own.replace(parameters=list(own.parameters.values())[1:]) if "__init__" in cls.__dict__ else cls._signature
        cls.__signature__ = cls._signature if [p.name for p in own.parameters.values()][1:] == ["args", "keywords"] else shown

    @classmethod
    def read(cls, args, keywords):
        """All parameters by name; an unknown name is told with the nearest ones."""
        known = cls._signature.parameters
        for name in keywords:
            if name not in known:
                near = difflib.get_close_matches(name, known, 3, 0.5)
                raise TypeError(f"{cls.__name__} has no parameter {name!r}; "
                                + (f"the nearest are {', '.join(near)}" if near else f"there are {', '.join(known)}"))
        try:
            bound = cls._signature.bind(*args, **keywords)
        except TypeError as error:
            raise TypeError(f"{cls.__name__}: {error}; its parameters are {', '.join(known)}") from None
        bound.apply_defaults()
        return dict(bound.arguments)


def initial_value(value):
    """What makes a Variable's initial value: a number becomes a function of the size that gives it everywhere."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        def constant(shape, dtype=None):
            from . import math as bm
            return bm.full(shape, float(value), dtype or bm.float_)
        return constant
    return value
