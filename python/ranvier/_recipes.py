"""How objects of the library were made, so that they can be copied and pickled: by making the same calls again.

A recipe is a list of calls with the arguments that Python gave. Expressions within them are written as a program: results of earlier calls,
and functions of those.
"""
from typing import Any

from . import _core


class Call:
    """One call of a method, and the expression (or expressions) that it gave."""

    __slots__ = ("method", "arguments", "result")

    def __init__(self, method, arguments):
        self.method = method
        self.arguments = arguments
        self.result = None


class _Ref:
    """An expression within pickled arguments: its place in the program."""

    __slots__ = ("index",)

    def __init__(self, index):
        self.index = index

    def __reduce__(self):
        return (_Ref, (self.index,))


def _within(x, change):
    """x with `change` done to the entries of a list, a tuple or a dict; anything else as it is."""
    if isinstance(x, (list, tuple)):
        return type(x)(change(each) for each in x)
    if isinstance(x, dict):
        return {key: change(each) for key, each in x.items()}
    return x


class Writer:
    """Turns expressions into a program. `places`: where each call that gave an expression will stand when it is read again."""

    def __init__(self, places):
        self.places = places
        self.program = []
        self.done = {}
        self.kept = []   # so that ids stay those of the expressions

    def value(self, x):
        from .expressions import Expression
        if isinstance(x, Expression):
            return _Ref(self.expression(x))
        return _within(x, self.value)

    def expression(self, wanted):
        from .expressions import Expression
        stack = [wanted]
        while stack:
            x = stack[-1]
            if id(x) in self.done:
                stack.pop()
                continue
            head, operands = x._recipe
            waiting = [each for each in operands if isinstance(each, Expression) and id(each) not in self.done]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if isinstance(head, Call):
                if head not in self.places:
                    raise ValueError("an expression of a model can be pickled with that model, or a network of it, only")
                step = (self.places[head], operands)
            else:
                step = (head, tuple(_Ref(self.done[id(each)]) if isinstance(each, Expression) else each for each in operands))
            self.done[id(x)] = len(self.program)
            self.kept.append(x)
            self.program.append(step)
        return self.done[id(wanted)]


class Reader:
    """The way back. `results(place, item)`: the expression that the call at that place gave."""

    def __init__(self, program, results):
        self.program = program
        self.results = results
        self.made = {}

    def value(self, x):
        if isinstance(x, _Ref):
            return self.expression(x.index)
        return _within(x, self.value)

    def expression(self, wanted):
        from .expressions import make
        stack = [wanted]
        while stack:
            index = stack[-1]
            head, operands = self.program[index]
            waiting = [each.index for each in operands if isinstance(each, _Ref) and each.index not in self.made]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if isinstance(head, str):
                self.made[index] = make(head, *(self.made[each.index] if isinstance(each, _Ref) else each for each in operands))
            else:
                self.made[index] = self.results(head, operands)
        return self.made[wanted]


class PlainNumber(float):
    """A number that the library takes as it is, not as a quantity without unit."""


def lowered(x):
    """An argument as the library takes it."""
    from .units import Quantity, Unit
    if isinstance(x, Quantity):
        return _core.Quantity(x.magnitude, x.unit._core)
    if isinstance(x, Unit):
        return x._core
    if type(x) is float:  # not PlainNumber
        return _core.Quantity(x)
    if isinstance(x, (list, tuple)):
        return type(x)(lowered(each) for each in x)
    if isinstance(x, dict):
        return {key: lowered(each) for key, each in x.items()}
    return getattr(x, "_core", x)


class Recorded:
    """An object that remembers how it was made. Subclasses say `_begin(start)`: the library's object of what `start` tells."""

    __slots__ = ("_core", "_start", "_calls", "__weakref__")
    _core: Any
    _start: Any
    _calls: list[Call]

    @classmethod
    def _begin(cls, start):
        raise NotImplementedError

    @classmethod
    def _made(cls, start):
        self = object.__new__(cls)
        self._start = start
        self._calls = []
        self._core = self._begin(start)
        return self

    def _call(self, method, *arguments):
        """Makes a call of the library's object, remembers it, and gives its expressions."""
        from .expressions import wrapped
        result = getattr(self._core, method)(*lowered(arguments))
        call = Call(method, arguments)
        call.result = wrapped(result, call)
        self._calls.append(call)
        return call.result

    def copy(self):
        """A copy that may be changed without the original. Expressions of the original serve both."""
        other = object.__new__(type(self))
        other._start = self._start
        other._calls = list(self._calls)
        other._core = self._core.copy()
        return other

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        places = {call: k for k, call in enumerate(self._calls)}
        writer = Writer(places)
        start = writer.value(self._start)
        calls = [(call.method, writer.value(call.arguments)) for call in self._calls]
        return (_again, (type(self), start, calls, writer.program))


def _again(cls, start, calls, program):
    made = cls._made(start)
    reader = Reader(program, lambda place, operands: _item(made._calls[place].result, operands))
    for method, arguments in calls:
        made._call(method, *reader.value(arguments))
    return made


def _item(result, operands):
    return result[operands[0]] if operands else result
