"""Groups of elements, and live parts of them.

    group.size, group.num, group.varshape; group[:100]
"""
import numpy as np

from ._array import VariableView
from ._parameters import parameter, variable_
from ._system import DynamicalSystem


class Dynamic(DynamicalSystem):
    """A group of elements.

    size: a number or a tuple; `num` is the count of elements; Variables have the shape `varshape`: (num,), or size with keep_size."""
    is_group = True

    def __init__(self, size, keep_size=False, sharding=None, name=None, mode=None, method="exp_auto"):
        numbers = size if isinstance(size, (tuple, list)) else (size,)
        if not numbers or not all(isinstance(n, (int, np.integer)) and n > 0 for n in numbers):
            raise ValueError(f"a group's size is a positive whole number or a tuple of them, not {size!r}")
        self.size = tuple(int(n) for n in numbers)
        self.keep_size, self.sharding, self.method = keep_size, sharding, method
        self.num = int(np.prod(self.size))
        super().__init__(name=name, mode=mode)

    @property
    def varshape(self):
        return self.size if self.keep_size else (self.num,)

    def get_batch_shape(self, batch_size=None):
        return self.varshape if batch_size is None else (batch_size,) + self.varshape

    def init_param(self, param, shape=None, sharding=None):
        """A number, an array of the shape, or what a function of the shape gives."""
        return parameter(param, self.varshape if shape is None else shape, allow_none=False)

    def init_variable(self, var_data, batch_or_mode=None, shape=None, sharding=None):
        """A Variable of the shape; of the group's own mode where no batch is named."""
        return variable_(var_data, self.varshape if shape is None else shape, self.mode if batch_or_mode is None else batch_or_mode)

    def update(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def reset_state(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no reset_state()")

    def clear_input(self, *args, **keywords):
        pass

    def __getitem__(self, item):
        return DynView(self, item)

    def __len__(self):
        return self.num

    def __repr__(self):
        return f"{self.name}(size={self.size})"


def _length(index, length):
    if isinstance(index, (int, np.integer)):
        if not -length <= index < length:
            raise IndexError(f"element {index} of a group of {length}")
        return 1
    if isinstance(index, slice):
        return len(range(*index.indices(length)))
    chosen = np.asarray(index)
    if chosen.ndim != 1 or chosen.dtype.kind not in "iub":
        raise TypeError(f"a part of a group is a whole number, a slice or a list of whole numbers, not {index!r}")
    if chosen.dtype.kind == "b":
        if len(chosen) != length:
            raise IndexError(f"a mask of {len(chosen)} for a group of {length}")
        return int(chosen.sum())
    if chosen.size and not (-length <= chosen.min() and chosen.max() < length):
        raise IndexError(f"elements {chosen.min()} to {chosen.max()} of a group of {length}")
    return len(chosen)


class DynView(Dynamic):
    """A live part of a group: group[:100], group[[1, 5, 7]]. Its Variables are views of the group's; the group updates them."""
    is_view = True

    def __init__(self, target, index, name=None):
        if not isinstance(target, DynamicalSystem):
            raise TypeError(f"a part is taken of a group, not of a {type(target).__name__}")
        shape = target.varshape
        index = index if isinstance(index, tuple) else (index,)
        if len(index) > len(shape):
            raise ValueError(f"{len(index)} indices for a group of the shape {shape}")
        size = [_length(part, n) for part, n in zip(index, shape)] + list(shape[len(index):])
        if 0 in size:
            raise ValueError(f"no element of {target.name} is chosen by {index}")
        super().__init__(size, keep_size=target.keep_size, name=name, mode=target.mode)
        self._take_parts(target, index)

    def _take_parts(self, target, index):
        # the target is kept out of nodes(): it has its own place in the network
        self.__dict__["_view_of"] = (target, index)
        self.__dict__["index"] = index
        wanted = getattr(target, "slice_vars", None)
        for key, variable in target._own_variables():
            fits = variable.shape == target.varshape or tuple(variable.shape[1:]) == target.varshape and variable.batch_axis == 0
            if fits if wanted is None else key in wanted:
                full = (slice(None),) * (variable.ndim - len(target.varshape)) + index
                self.__dict__[key] = VariableView(variable, full)
        for path, node in target._below():
            if getattr(node, "is_group", False) and path.isidentifier() and node.varshape == target.varshape:
                self.__dict__[path] = DynView(node, index)

    @property
    def target(self):
        return self._view_of[0]

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        target = self._view_of[0] if "_view_of" in self.__dict__ else None
        hint = f"; {target.name} has it, as a whole" if target is not None and hasattr(target, name) else ""
        raise AttributeError(f"this part of {target.name if target else 'a group'} has no {name!r}{hint}")

    def update(self, *args, **keywords):
        raise NotImplementedError(f"a part of {self.target.name} is updated by {self.target.name} alone")

    def reset_state(self, *args, **keywords):
        pass

    def __repr__(self):
        return f"{self.target.name}[{', '.join(map(str, self.index))}]"
