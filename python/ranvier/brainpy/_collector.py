"""Dictionaries of systems or Variables by name, as `nodes()` and `vars()` give them.

    net.nodes().subset(bp.dyn.NeuDyn).unique()
"""


class Collector(dict):
    """A dict in which a name keeps its first object: another one under the same name is an error."""

    def __setitem__(self, key, value):
        if key in self and self[key] is not value:
            raise ValueError(f"two objects are named {key!r}: {self[key]!r} and {value!r}")
        super().__setitem__(key, value)

    def update(self, other=(), **named):
        pairs = other.items() if isinstance(other, dict) else ((f"_var{len(self) + k}", v) for k, v in enumerate(list(other)))
        for key, value in list(pairs) + list(named.items()):
            self[key] = value
        return self

    def replace(self, key, value):
        self.pop(key)
        self[key] = value

    def _where(self, keep):
        return type(self)({key: value for key, value in self.items() if keep(value)})

    def subset(self, kind):
        """What is an instance of `kind` (a class or a tuple of classes)."""
        return self._where(lambda v: isinstance(v, kind))

    def not_subset(self, kind):
        return self._where(lambda v: not isinstance(v, kind))

    def include(self, *kinds):
        """What is of one of these very classes."""
        return self._where(lambda v: type(v) in kinds)

    def exclude(self, *kinds):
        return self._where(lambda v: type(v) not in kinds)

    def unique(self):
        """Each object once, under its first name."""
        seen = set()
        return self._where(lambda v: not (id(v) in seen or seen.add(id(v))))

    def __add__(self, other):
        return type(self)(self).update(other)

    def __sub__(self, other):
        out = type(self)(self)
        if isinstance(other, dict):
            gone = [key for key in other if key in self and self[key] is other[key]]
            if len(gone) != len(other):
                raise ValueError("only entries that are there, with the same objects, can be taken away: "
                                 + ", ".join(repr(key) for key in other if key not in gone))
        else:
            ids = {id(o) for o in other if not isinstance(o, str)}
            gone = [key for key, value in self.items() if key in other or id(value) in ids]
        for key in gone:
            out.pop(key)
        return out


class ArrayCollector(Collector):
    """Variables by name."""

    def dict(self):
        """Their values, by name."""
        return {key: variable.value for key, variable in self.items()}

    def data(self):
        return [variable.value for variable in self.values()]


TensorCollector = ArrayCollector
