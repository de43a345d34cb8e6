"""`bp.mixin`: what a system can do besides being updated.

    class MySyn(bp.DynamicalSystem, bp.mixin.ParamDesc, bp.mixin.AlignPost): ...
"""
import hashlib

import numpy as np

from ._array import Array, Variable
from ._names import absent
from ._object import NodeDict, unique_name


class MixIn:
    """Behaviour without an __init__ of its own."""


class ReceiveInputProj(MixIn):
    """Receives currents from projections, by name, in `cur_inputs`."""

    def add_inp_fun(self, key, fun):
        if not callable(fun):
            raise TypeError(f"an input is a function, not a {type(fun).__name__}")
        if key in self.cur_inputs:
            raise ValueError(f"the input {key!r} is there already")
        self.cur_inputs[key] = fun

    def get_inp_fun(self, key):
        return self.cur_inputs.get(key)

    def sum_inputs(self, *args, init=0., label=None, **keywords):
        """init + all inputs, or those whose name starts with 'label-'."""
        for key, fun in self.cur_inputs.items():
            if label is None or key.startswith(label + "-"):
                init = init + fun(*args, **keywords)
        return init


class ParamDesc(MixIn):
    """Can be described now and made later: cls.desc(...)()."""
    not_desc_params: tuple[str, ...] | None = None

    @classmethod
    def desc(cls, *args, **keywords):
        return ParamDescInit(cls, *args, **keywords)


def _word(value):
    """What stands for an argument in an identifier: Variables are equal only to themselves, arrays if all their numbers are."""
    if isinstance(value, Variable):
        return str(id(value))
    if isinstance(value, (np.ndarray, Array)):
        numbers = np.ascontiguousarray(value)
        return f"{numbers.dtype}{numbers.shape}:{hashlib.sha256(numbers.tobytes()).hexdigest()}"
    return repr(value)


class ParamDescInit:
    """A class with its arguments. Equal descriptions have equal identifiers, so that projections can share what they describe."""

    def __init__(self, cls, *args, **keywords):
        self.cls, self.args, self.kwargs = cls, args, keywords
        left_out = getattr(cls, "not_desc_params", None) or ()
        named = ", ".join(f"{k}={_word(v)}" for k, v in keywords.items() if k not in left_out)
        unnamed = "".join(_word(a) + ", " for a in args)
        self.identifier = f"{getattr(cls, '__name__', cls)}({unnamed}{named})"

    def __call__(self, *args, **keywords):
        return self.cls(*self.args, *args, **{**self.kwargs, **keywords})

    init = __call__

    def __class_getitem__(cls, item):
        return cls(item)

    def __instancecheck__(self, instance):
        return isinstance(instance, ParamDescInit) and issubclass(instance.cls, self.cls)


class AlignPost(MixIn):
    """A synapse whose state lies at the target: add_current(x) is what arrives."""

    def add_current(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no add_current()")


class AutoDelaySupp(MixIn):
    """Says by return_info() what it gives, so that a delay can be made for it."""

    def return_info(self):
        raise NotImplementedError(f"{type(self).__name__} has no return_info()")


class ReturnInfo:
    """The size of what a system gives where that is no Variable; `data`: a function of the size, or an array, for the time before."""

    def __init__(self, size, axis_names=None, batch_or_mode=None, data=None):
        self.size, self.axis_names, self.batch_or_mode, self.data = size, axis_names, batch_or_mode, data

    def get_data(self):
        """The values; a function is called with the size anew."""
        from ._parameters import batch_size_of
        from .math import zeros
        batch = batch_size_of(self.batch_or_mode)
        data = zeros if self.data is None else self.data
        return data(tuple(self.size) if batch is None else (batch,) + tuple(self.size)) if callable(data) else data


class BindCondData(MixIn):
    """Keeps a conductance for the present step."""
    _conductance = None

    def bind_cond(self, conductance):
        self._conductance = conductance

    def unbind_cond(self):
        self._conductance = None


class Container(MixIn):
    """Holds others in `children`, which are attributes and items too."""

    def __getitem__(self, item):
        if item in self.children:
            return self.children[item]
        raise ValueError(f"no part {item!r}; there are {', '.join(map(repr, self.children))}")

    def __getattr__(self, item):
        children = self.__dict__.get("children", {})
        if item in children:
            return children[item]
        raise AttributeError(f"{type(self).__name__} has no attribute {item!r}")

    def format_elements(self, child_type, *parts, **named):
        """The parts by name; lists, tuples and dicts of parts are opened."""
        out = {}
        for part in parts:
            if isinstance(part, dict):
                out.update(part)
            else:
                for one in part if isinstance(part, (list, tuple)) else (part,):
                    out[getattr(one, "name", None) or unique_name("ContainerElem")] = one
        out.update(named)
        for key, part in out.items():
            if not isinstance(part, child_type):
                raise ValueError(f"{key!r}: a part must be a {getattr(child_type, '__name__', child_type)}, not a {type(part).__name__}")
        return NodeDict(out)

    def add_elem(self, *parts, **named):
        self.children.update(self.format_elements(object, *parts, **named))


class TreeNode(MixIn):
    """A part that says by `master_type` whose part it can be."""

    def check_hierarchies(self, root, *leaves, **named):
        for leaf in list(leaves) + list(named.values()):
            if isinstance(leaf, (list, tuple)):
                self.check_hierarchies(root, *leaf)
            elif isinstance(leaf, dict):
                self.check_hierarchies(root, **leaf)
            else:
                self.check_hierarchy(root, leaf)

    def check_hierarchy(self, root, leaf):
        if not hasattr(leaf, "master_type"):
            raise ValueError(f"{type(leaf).__name__} cannot be part of another system: it has no master_type")
        if not issubclass(root, leaf.master_type):
            raise TypeError(f"{type(leaf).__name__} belongs into a {leaf.master_type.__name__}, not into a {root.__name__}")


class _All(type):
    def __instancecheck__(cls, instance):
        return all(isinstance(instance, kind) for kind in cls.__args__)

    def __subclasscheck__(cls, subclass):
        return all(issubclass(subclass, kind) for kind in cls.__args__)


def joint_type(*kinds):
    """The class of which is whatever is of all these classes."""
    if len(kinds) == 1:
        return kinds[0]
    return _All("JointType[" + ", ".join(k.__name__ for k in kinds) + "]", (), {"__args__": kinds})


class JointType:
    """JointType[X, Y]: what is both."""

    def __class_getitem__(cls, kinds):
        return joint_type(*kinds) if isinstance(kinds, tuple) else kinds


__getattr__ = absent(__name__, "bp.mixin")
