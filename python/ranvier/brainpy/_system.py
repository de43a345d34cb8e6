"""Dynamical systems: neurons, projections, and networks of them.

    class N(bp.dyn.NeuDyn): ...      net = bp.Network(a, b, E=n)      net.update()
"""
import itertools

import numpy as np

from ._array import Variable, VariableView
from ._share import share

_numbers = itertools.count()


class Description:
    """A class with its arguments, made later: bp.dyn.Expon.desc(100, tau=5.)."""

    def __init__(self, cls, args, keywords):
        self.cls, self.args, self.keywords = cls, args, keywords

    def __call__(self, *args, **keywords):
        return self.cls(*self.args, *args, **{**self.keywords, **keywords})

    @property
    def identifier(self):
        parts = [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in sorted(self.keywords.items())]
        return f"{self.cls.__name__}({', '.join(parts)})"


class DynamicalSystem:
    def __init__(self, name=None, mode=None):
        self.name = name or f"{type(self).__name__}{next(_numbers)}"
        self.mode = mode
        self.before_updates, self.after_updates, self.cur_inputs = {}, {}, {}

    @classmethod
    def desc(cls, *args, **keywords):
        return Description(cls, args, keywords)

    def children(self):
        """Systems that are attributes of this one, and its named parts, in order, each once."""
        found = {}
        for value in list(vars(self).get("_parts", {}).values()) + list(vars(self).values()):
            for part in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(part, DynamicalSystem):
                    found[id(part)] = part
        return list(found.values())

    def nodes(self, level=-1, include_self=True):
        """Systems below this one, down to a level (-1: all), by name."""
        found, edge, depth = ({self.name: self} if include_self else {}), [self], 0
        while edge and depth != level:
            edge = [c for system in edge for c in system.children() if c.name not in found and c is not self]
            found.update({c.name: c for c in edge})
            depth += 1
        return found

    def vars(self, level=-1):
        """Variables of this system and those below, by 'system.name'."""
        return {f"{node.name}.{k}": v for node in self.nodes().values() for k, v in vars(node).items()
                if isinstance(v, Variable) and not isinstance(v, VariableView)}

    def update(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def __call__(self, *args, **keywords):
        for before in self.before_updates.values():
            before()
        out = self.update(*args, **keywords)
        for after in self.after_updates.values():
            after(out)
        return out

    def step_run(self, i, *args, **keywords):
        """One step, number i: t and i are shared, then update()."""
        share.save(i=i, t=i * share["dt"])
        return self.update(*args, **keywords)

    def clear_input(self):
        pass

    def reset_state(self, batch_size=None):
        pass

    def reset(self, batch_size=None):
        for node in self.nodes().values():
            node.reset_state()

    def sum_inputs(self, *args, init=0., label=None):
        for key, function in self.cur_inputs.items():
            if label is None or key.startswith(label + " // "):
                init = init + function(*args)
        return init


class Dynamic(DynamicalSystem):
    """A group of `size` elements (a number or a tuple)."""

    def __init__(self, size, keep_size=False, name=None, mode=None, **_):
        super().__init__(name, mode)
        shape = tuple(int(n) for n in size) if isinstance(size, (tuple, list)) else (int(size),)
        if any(n <= 0 for n in shape):
            raise ValueError(f"a group needs a positive size, not {size!r}")
        self.size, self.keep_size = shape, keep_size
        self.num = int(np.prod(shape))
        self.varshape = shape if keep_size else (self.num,)

    def __getitem__(self, item):
        return DynView(self, item)

    def __len__(self):
        return self.num


class NeuDyn(Dynamic):
    pass


NeuGroup = NeuDyn


class DynView(Dynamic):
    """A live part of a group: pop[:100]. It is never updated itself."""

    def __init__(self, target, index, name=None):
        index = index if isinstance(index, tuple) else (index,)
        positions = np.arange(target.num).reshape(target.varshape)[index]
        super().__init__(positions.shape or (1,), name=name)
        self._target = [lambda: target]
        for key, value in vars(target).items():
            if isinstance(value, Variable) and value.shape == target.varshape:
                setattr(self, key, VariableView(value, index))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._target[0](), name)

    def update(self, *args, **keywords):
        pass


class Projection(DynamicalSystem):
    def clear_input(self):
        pass

    def update(self, *args, **keywords):
        for child in self.children():
            if isinstance(child, Projection):
                child(*args, **keywords)


class DynSysGroup(DynamicalSystem):
    """Systems that are updated together: projections first, then neurons, then others, each in order."""

    def __init__(self, *parts, name=None, mode=None, **named):
        super().__init__(name, mode)
        self._parts = {}
        for k, part in enumerate(parts):
            for sub in part if isinstance(part, (list, tuple)) else (part,):
                if not isinstance(sub, DynamicalSystem):
                    raise TypeError(f"a network is made of systems, not of {type(sub).__name__}")
                self._parts[f"_{len(self._parts)}"] = sub
        self._parts.update(named)
        for key, part in named.items():
            setattr(self, key, part)

    def update(self, *args, **keywords):
        children = [c for c in self.children() if not isinstance(c, DynView)]
        rank = {id(c): 0 if isinstance(c, Projection) else 1 if isinstance(c, Dynamic) else 2 for c in children}
        for child in sorted(children, key=lambda c: rank[id(c)]):
            child()

    def clear_input(self):
        for child in self.children():
            child.clear_input()


Network = Container = DynSysGroup
