"""Objects with a unique name, with Variables and with objects below them.

    class Model(bm.BrainPyObject): ...      model.nodes(); model.vars(); model.state_dict()
"""
import gc
import os
import warnings
import weakref
from collections import Counter, namedtuple
from typing import Any

from ._array import TrainVar, Variable, VariableView
from ._collector import ArrayCollector, Collector
from ._errors import BrainPyError, UniqueNameError

StateLoadResult = namedtuple("StateLoadResult", ["missing_keys", "unexpected_keys"])
_counts: Counter[str] = Counter()
_named: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()


def unique_name(kind):
    """'LIF0', 'LIF1', ...: the next free name of a kind."""
    while True:
        name = f"{kind}{_counts[kind]}"
        _counts[kind] += 1
        if name not in _named:
            return name


def clear_name_cache(ignore_warn=True):
    """Names start again at 0; objects that exist keep theirs."""
    _counts.clear()
    _named.clear()


def _claim(name, owner):
    if not isinstance(name, str) or not name.replace(".", "").isidentifier():
        raise BrainPyError(f"{name!r} is no name for an object: it takes letters, digits and underscores")
    if _named.get(name, owner) is not owner:
        gc.collect()  # an object of an earlier cell of a notebook may only be waiting for this
    if _named.get(name, owner) is not owner:
        raise UniqueNameError(f"two objects want the name {name!r}: a {type(_named[name]).__name__} that exists and a new "
                           f"{type(owner).__name__}; give it another name, or none")
    _named[name] = owner


class NodeList(list):
    """A list whose objects are nodes of the object that holds it."""

    def append(self, element):
        super().append(element)
        return self

    def extend(self, elements):
        super().extend(elements)
        return self


class NodeDict(dict):
    """A dict whose objects are nodes of the object that holds it."""


def _variable(element):
    if not isinstance(element, Variable):
        raise TypeError(f"here are Variables alone, not a {type(element).__name__}: wrap it by bm.Variable")
    return element


class VarList(list):
    """A list whose Variables belong to the object that holds it. variables[k] = value changes the value of Variable k."""

    def __init__(self, elements=()):
        super().__init__(_variable(e) for e in elements)

    def append(self, element):
        super().append(_variable(element))
        return self

    def extend(self, elements):
        super().extend([_variable(e) for e in elements])
        return self

    def __setitem__(self, key, value):
        if isinstance(key, int):
            self[key].value = value
        else:
            super().__setitem__(key, [_variable(v) for v in value])


class VarDict(dict):
    """A dict whose Variables belong to the object that holds it. variables[name] = value changes the value of a Variable that is there."""

    def __init__(self, *args, **named):
        super().__init__()
        self.update(*args, **named)

    def update(self, *args, **named):
        for name, value in dict(*args, **named).items():
            self[name] = value
        return self

    def __setitem__(self, name, value):
        if name in self:
            self[name].value = value
        else:
            super().__setitem__(name, _variable(value))


node_list, node_dict, var_list, var_dict = NodeList, NodeDict, VarList, VarDict


class BrainPyObject:
    """Base of all that has states. An attribute that is a Variable keeps its object: assigning to it changes its value."""
    _excluded_vars = ()

    def __init__(self, name=None):
        self._name = self.unique_name(name)
        _claim(self._name, self)
        self.implicit_vars, self.implicit_nodes = ArrayCollector(), Collector()

    def __setattr__(self, key, value):
        old = self.__dict__.get(key)
        if isinstance(old, Variable) and old is not value:
            old.value = value
        else:
            super().__setattr__(key, value)

    def __getattr__(self, key):
        further = getattr(super(), "__getattr__", None)  # of a mix-in
        if further is not None and "_name" in self.__dict__:
            return further(key)
        hint = "" if "_name" in self.__dict__ else f"; {type(self).__name__}.__init__ has not called super().__init__()"
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {key!r}{hint}")

    def setattr(self, key, value):
        """Binds the attribute anew, a Variable too."""
        object.__setattr__(self, key, value)

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, name):
        name = self.unique_name(name)
        _claim(name, self)
        _named.pop(self._name, None)
        self._name = name

    def unique_name(self, name=None, type_=None):
        return name if name is not None else unique_name(type_ or type(self).__name__)

    # -- what belongs to it
    def register_implicit_vars(self, *variables, var_cls=None, **named):
        """Variables that are no attributes."""
        self._register(self.implicit_vars, var_cls or (Variable, VarList, VarDict), lambda v: f"var{id(v)}", variables, named)

    def register_implicit_nodes(self, *nodes, node_cls=None, **named):
        """Objects that are no attributes."""
        self._register(self.implicit_nodes, node_cls or (BrainPyObject, NodeList, NodeDict), lambda n: n.name, nodes, named)

    @staticmethod
    def _register(store, kinds, key_of, items, named):
        for item in items:
            if isinstance(item, kinds):
                named = {key_of(item): item, **named}
            elif isinstance(item, dict):
                named = {**item, **named}
            elif isinstance(item, (list, tuple)):
                named = {**{key_of(part): part for part in item}, **named}
            else:
                raise ValueError(f"{type(item).__name__} cannot be registered here")
        for key, item in named.items():
            if not isinstance(item, kinds):
                raise ValueError(f"{key!r} is a {type(item).__name__}, which cannot be registered here")
            store[key] = item

    def _below(self):
        """(attribute path, object) of the objects directly below, attributes in order, then implicit ones."""
        for key, value in list(self.__dict__.items()):
            if isinstance(value, BrainPyObject):
                yield key, value
            elif isinstance(value, NodeList):
                yield from ((f"{key}-{k}", v) for k, v in enumerate(value) if isinstance(v, BrainPyObject))
            elif isinstance(value, NodeDict):
                yield from ((f"{key}.{k}", v) for k, v in value.items() if isinstance(v, BrainPyObject))
        yield from self.implicit_nodes.items()

    def nodes(self, method="absolute", level=-1, include_self=True):
        """Objects down to a level (-1: all, 1: direct ones): by their names, or with method='relative' by their paths."""
        if method not in ("absolute", "relative"):
            raise ValueError(f"the method is 'absolute' or 'relative', not {method!r}")
        return self._find(method == "relative", level, include_self, set())

    def _find(self, relative, level, include_self, seen):
        found = Collector({"" if relative else self.name: self} if include_self else {})
        if level == 0:
            return found
        fresh = []
        for path, node in self._below():
            if (id(self), id(node)) not in seen:
                seen.add((id(self), id(node)))
                found[path if relative else node.name] = node
                fresh.append((path, node))
        for path, node in fresh:
            for key, deeper in node._find(relative, level - 1, include_self, seen).items():
                if key:
                    found[f"{path}.{key}" if relative else key] = deeper
        return found

    def vars(self, method="absolute", level=-1, include_self=True, exclude_types=None):
        """Variables of this object and of those below it, by 'object.variable'. Views of Variables are left out."""
        exclude_types = (VariableView,) if exclude_types is None else tuple(exclude_types)
        out = ArrayCollector()
        for path, node in self.nodes(method, level, include_self).items():
            for key, variable in node._own_variables():
                if not isinstance(variable, exclude_types):
                    out[f"{path}.{key}" if path else key] = variable
        return out

    def _own_variables(self):
        for key, value in sorted(self.__dict__.items()):
            if key in self._excluded_vars:
                continue
            if isinstance(value, Variable):
                yield key, value
            elif isinstance(value, (VarList, VarDict)):
                pairs = value.items() if isinstance(value, VarDict) else enumerate(value)
                yield from ((f"{key}-{k}", v) for k, v in pairs)
        yield from self.implicit_vars.items()

    def train_vars(self, method="absolute", level=-1, include_self=True):
        return self.vars(method, level, include_self).subset(TrainVar)

    # -- states in and out
    def __save_state__(self):
        return self.vars(level=0).unique().dict()

    def __load_state__(self, state):
        own = self.vars(level=0).unique()
        for key in own.keys() & state.keys():
            own[key].value = state[key]
        return sorted(state.keys() - own.keys()), sorted(own.keys() - state.keys())

    def state_dict(self):
        """{object's name: {variable: value}}."""
        return {name: node.__save_state__() for name, node in self.nodes().items()}

    def load_state_dict(self, state_dict, warn=True, compatible="v2"):
        """Sets what state_dict() gave; ('v1': a flat dict of 'object.variable'). Tells what was missing and what was too much."""
        if compatible not in ("v1", "v2"):
            raise ValueError(f"compatible is 'v1' or 'v2', not {compatible!r}")
        missing, unexpected = [], []
        if compatible == "v1":
            own = self.vars().unique()
            for key in own.keys() & state_dict.keys():
                own[key].value = state_dict[key]
            missing, unexpected = sorted(own.keys() - state_dict.keys()), sorted(state_dict.keys() - own.keys())
        else:
            for name, node in self.nodes().items():
                more, less = node.__load_state__(state_dict.get(name, {})) or ((), ())
                missing += [f"{name}.{key}" for key in less]
                unexpected += [f"{name}.{key}" for key in more]
        for what, keys in (("did not expect", unexpected), ("lacks", missing)):
            if keys and warn:
                warnings.warn(f"load_state_dict {what}: {', '.join(keys)}", UserWarning, stacklevel=2)
        return StateLoadResult(missing, unexpected)

    def save_states(self, filename, variables=None, **settings):
        """Writes the Variables to a file: .npz, .pkl, .h5 or .mat by its name."""
        writer = _file_function("save_as_", filename)
        writer(filename, variables=self.vars() if variables is None else variables, **settings)

    def load_states(self, filename, verbose=False):
        if not os.path.exists(filename):
            raise BrainPyError(f"there is no file {filename}")
        _file_function("load_by_", filename)(filename, target=self, verbose=verbose)

    def _stay(self, *_):
        return self

    to = cpu = cuda = tpu = _stay  # there is one place where numbers live


_ENDINGS = {".npz": "npz", ".pkl": "pkl", ".pickle": "pkl", ".h5": "h5", ".hdf5": "h5", ".mat": "mat"}


def _file_function(prefix, filename):
    from . import checkpoints
    ending = os.path.splitext(filename)[1]
    if ending not in _ENDINGS:
        raise BrainPyError(f"{filename}: the format is told from the ending, one of {', '.join(_ENDINGS)}")
    return getattr(checkpoints, prefix + _ENDINGS[ending])


Base = BrainPyObject
