"""The traces that are being made, innermost last. A trace remembers the Variables that it has read and what they held before.

    with Trace() as trace:
        body()
    trace.written()      # [(variable, node that is read, new value), ...]
"""
import threading

from ._graph import Sym


class _Stack(threading.local):
    """Of each thread."""

    def __init__(self):
        self.traces = []


_local = _Stack()


def current():
    """The innermost trace or None."""
    return _local.traces[-1] if _local.traces else None


def following():
    """The innermost trace in which Variables are followed, or None: whether a body is being traced."""
    return next((t for t in reversed(_local.traces) if t.follow), None)


class Trace:
    def __init__(self, follow=True, single=False):
        self.variables = {}   # id -> (variable, value before, leaf)
        self.streams = 0
        self.generators = []  # that random numbers were drawn from
        self.share = None
        self.results = {}
        self.single = single  # one call of a function, not a step of a loop
        self.follow = follow  # Variables become leaves; else their present values stand in the graph

    def __enter__(self):
        from ._share import share
        self.share = dict(share.items_())
        _local.traces.append(self)
        return self

    def __exit__(self, *_):
        from ._share import share
        _local.traces.pop()
        for variable, before, leaf in self.variables.values():
            self.results[id(variable)] = variable._value
            variable._value = before
        share.restore(self.share)
        return False

    def visit(self, variable):
        """Called before a Variable is read or written: from now on it holds a leaf of this trace."""
        if not self.follow or id(variable) in self.variables:
            return
        outer = _local.traces[:_local.traces.index(self)]
        if outer:
            outer[-1].visit(variable)
        before = variable._value
        leaf = Sym("var", (), before.shape, before.dtype, variable=variable, trace=self)
        self.variables[id(variable)] = (variable, before, leaf)
        variable._value = leaf

    def leaf(self, variable):
        """What a Variable held when the trace began."""
        self.visit(variable)
        return self.variables[id(variable)][2]

    def snapshot(self):
        """id -> (variable, present value) of all Variables that have been read or written so far."""
        return {key: (variable, variable._value) for key, (variable, _, _) in self.variables.items()}

    def restore(self, snapshot):
        for key, (variable, _, leaf) in self.variables.items():
            variable._value = snapshot[key][1] if key in snapshot else leaf

    def next_stream(self):
        self.streams += 1
        return self.streams

    def written(self):
        return [(v, leaf, self.results[key]) for key, (v, _, leaf) in self.variables.items() if self.results[key] is not leaf]
