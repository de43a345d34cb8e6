"""`bm.Array` and `bm.Variable`.

    v = bm.Variable(bm.zeros(4)); v[:2] += 1.; v.value = v * 2     # eager: at once; in a trace: statements of the step
"""
import numpy as np

from . import _context
from ._array_methods import extend
from ._errors import MathError, NotTraceable, TracingError
from ._graph import Sym, apply, canonical_dtype, cast, is_sym, kind_of, lift, view
from ._indexing import get, put_at


def unwrap(value):
    """The value (ndarray or node) of an Array; anything else as it is."""
    return value._ranvier_value() if isinstance(value, Array) else value


def _numpy_value(array, what):
    value = array._ranvier_value()
    if is_sym(value):
        raise NotTraceable(f"{what} of a traced value was asked for; it stands for the array of every step",
                           "use functions of bm (bm.where, bm.cond, bm.ifelse) instead of Python's and NumPy's")
    return value


class Value(np.ndarray):
    """The numbers of an Array, to read: what changes them in place (x += 1) makes new ones."""
    __slots__ = ()

    def __repr__(self):
        return repr(np.asarray(self))


for _name in "add sub mul truediv floordiv mod pow and or xor lshift rshift matmul".split():
    setattr(Value, f"__i{_name}__", getattr(np.ndarray, f"__{_name}__"))


def _read_only(value):
    out = value.view()
    out.flags.writeable = False
    return out


class Array:
    """A NumPy array, or in a trace what stands for one, with bm's operators. Results are Arrays."""
    __array_priority__ = 100.0
    __slots__ = ("_value", "__dict__", "__weakref__")

    def __init__(self, value, dtype=None):
        value = lift(value)
        if dtype is not None:
            wanted = canonical_dtype(dtype)
            value = cast(value, kind_of(wanted)) if is_sym(value) else value.astype(wanted, copy=False)
        self._value = value

    def _ranvier_value(self):
        return self._value

    @property
    def value(self):
        value = self._ranvier_value()
        return value if is_sym(value) else _read_only(value).view(Value)

    @value.setter
    def value(self, new):
        self._take_value(new)

    def _take_value(self, new):
        self._value = lift(new)

    data = property(lambda self: self.value)
    dtype = property(lambda self: self._value.dtype)
    shape = property(lambda self: tuple(self._value.shape))
    ndim = property(lambda self: self._value.ndim)
    size = property(lambda self: int(self._value.size))
    nbytes = property(lambda self: int(self._value.size) * self._value.dtype.itemsize)
    is_brainpy_array = property(lambda self: True)

    def update(self, value):
        self.value = value

    # -- Python's protocols
    def __array__(self, dtype=None, copy=None):
        value = _numpy_value(self, "the NumPy array")
        return np.array(value, dtype=dtype) if dtype is not None and dtype != value.dtype else np.array(value) if copy else _read_only(value)

    def __bool__(self):
        return bool(self._ranvier_value())

    def __float__(self):
        return float(_numpy_value(self, "float()").reshape(()))

    def __int__(self):
        return int(_numpy_value(self, "int()").reshape(()))

    def __index__(self):
        return _numpy_value(self, "an index").__index__()

    def __format__(self, spec):
        if not spec:
            return repr(self)
        value = self._ranvier_value()
        return format(value if is_sym(value) else value[()], spec)

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of an array without dimensions")
        return self.shape[0]

    def __iter__(self):
        for k in range(len(self)):
            yield self[k]

    def __contains__(self, item):
        return bool(np.any(_numpy_value(self, "'in'") == unwrap(item)))

    def __repr__(self):
        value, name = self._ranvier_value(), type(self).__name__
        inner = repr(value)
        return f"{name}({inner[6:-1] if inner.startswith('array(') else inner})" if is_sym(value) or "dtype" in inner else \
            f"{name}(value={inner}, dtype={self.dtype})"

    __hash__ = object.__hash__

    def __getitem__(self, index):
        return Array(get(self._ranvier_value(), index))

    def __setitem__(self, index, source):
        self.value = put_at(self._ranvier_value(), index, unwrap(source))

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        from . import math as bm
        function = getattr(bm, ufunc.__name__, None)
        if method == "__call__" and function is not None and not keywords:
            return function(*inputs)
        plain = [np.asarray(x) if isinstance(x, Array) else x for x in inputs]
        return getattr(ufunc, method)(*plain, **keywords)

    # -- operators
    def __neg__(self):
        return Array(apply("neg", self._ranvier_value()))

    def __pos__(self):
        return Array(self._ranvier_value())

    def __abs__(self):
        return Array(apply("abs", self._ranvier_value()))

    def __invert__(self):
        if self.dtype == bool:
            return Array(apply("logic_not", self._ranvier_value()))
        return Array(apply("sub", apply("neg", self._ranvier_value()), 1))

    def __matmul__(self, other):
        from . import math as bm
        return bm.matmul(self, other)

    def __rmatmul__(self, other):
        from . import math as bm
        return bm.matmul(other, self)

    def __imatmul__(self, other):
        self.value = (self @ other).value
        return self

    def __floordiv__(self, other):
        return _bm("floor_divide", self, other)

    def __rfloordiv__(self, other):
        return _bm("floor_divide", other, self)

    def __mod__(self, other):
        return _bm("mod", self, other)

    def __rmod__(self, other):
        return _bm("mod", other, self)

    def __divmod__(self, other):
        return self // other, self % other

    # -- whole-array methods: bm's functions of the same name
    T = property(lambda self: _bm("transpose", self))
    at = property(lambda self: _At(self))

    def astype(self, dtype):
        wanted = canonical_dtype(dtype)
        value = self._ranvier_value()
        return Array(cast(value, kind_of(wanted)) if is_sym(value) else value.astype(wanted))

    def reshape(self, *shape, order="C"):
        return _bm("reshape", self, shape[0] if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)) else shape)

    def transpose(self, *axes):
        return _bm("transpose", self, (axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes) or None)

    def flatten(self):
        return Array(view(self._ranvier_value(), (self.size,)))

    ravel = flatten

    def fill(self, value):
        self[...] = value

    fill_ = fill

    def zero_(self):
        self[...] = 0
        return self

    def copy(self):
        value = self._ranvier_value()
        return Array(value if is_sym(value) else value.copy())

    clone = copy

    def item(self, *args):
        return _numpy_value(self, "item()").item(*args)

    def tolist(self):
        return _numpy_value(self, "tolist()").tolist()

    def numpy(self):
        return np.array(_numpy_value(self, "numpy()"))

    to_numpy = numpy

    def to_jax(self):
        return self.value

    def block_until_ready(self):
        return self

    block_host_until_ready = block_until_ready

    def view(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], (type, np.dtype, str)):
            return Array(np.asarray(self).view(shape[0]))
        return self.reshape(*shape)

    def unsqueeze(self, dim):
        return _bm("expand_dims", self, dim)


def _bm(name, *args, **keywords):
    from . import math as bm
    return getattr(bm, name)(*args, **keywords)


def _method(name):
    def method(self, *args, **keywords):
        return _bm(name, self, *args, **keywords)
    method.__name__ = name
    return method


for _name in ("sum mean max min any all prod std var clip cumsum cumprod argmax argmin argsort dot squeeze swapaxes take repeat round "
              "nonzero searchsorted split tile trace outer diagonal expand_dims conj compress choose ptp abs absolute sin cos tan sinh "
              "cosh tanh arcsin arccos arctan").split():
    setattr(Array, _name, _method(_name))


def _operator(name, swap):
    def method(self, other):
        if other is None or isinstance(other, str):
            return NotImplemented
        if type(other) not in (float, int, bool):
            try:
                other = lift(other)
            except TypeError:
                return NotImplemented
        return Array(apply(name, other, self._ranvier_value()) if swap else apply(name, self._ranvier_value(), other))
    return method


def _in_place(function):
    def method(self, other):
        self.value = unwrap(function(Array(self._ranvier_value()), other))
        return self
    return method


def _bits(logic, name):
    def method(self, other):
        other = lift(other)
        if self.dtype == bool and kind_of(other.dtype) == "b":
            return Array(apply(logic, self._ranvier_value(), other)) if logic != "xor" else Array(apply("ne", self._ranvier_value(), other))
        return _bm(name, self, other)
    return method


for _python, _op in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow"}.items():
    setattr(Array, f"__{_python}__", _operator(_op, False))
    setattr(Array, f"__r{_python}__", _operator(_op, True))
    setattr(Array, f"__i{_python}__", _in_place(_operator(_op, False)))
setattr(Array, "__ifloordiv__", _in_place(lambda a, b: a // b))
setattr(Array, "__imod__", _in_place(lambda a, b: a % b))
for _python in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Array, f"__{_python}__", _operator(_python, False))
for _python, _op, _name in (("and", "logic_and", "bitwise_and"), ("or", "logic_or", "bitwise_or"), ("xor", "xor", "bitwise_xor")):
    setattr(Array, f"__{_python}__", _bits(_op, _name))
    setattr(Array, f"__r{_python}__", _bits(_op, _name))
    setattr(Array, f"__i{_python}__", _in_place(_bits(_op, _name)))


class _At:
    """x.at[index].set(y), .add(y), ...: a changed copy."""

    def __init__(self, array, index=None):
        self._array, self._index = array, index

    def __getitem__(self, index):
        return _At(self._array, index)

    def _do(self, operation, source):
        return Array(put_at(self._array._ranvier_value(), self._index, unwrap(source), operation))

    def set(self, source):
        return self._do(None, source)

    def add(self, source):
        return self._do("add", source)

    def multiply(self, source):
        return self._do("mul", source)

    def divide(self, source):
        return self._do("div", source)

    def min(self, source):
        return self._do("min", source)

    def max(self, source):
        return self._do("max", source)

    def get(self):
        return self._array[self._index]


class Variable(Array):
    """An array that keeps its value from step to step; the only thing that a traced body may change.

    Variable(array) or Variable(size): zeros. A new value must have the old one's shape and dtype (MathError); along the batch axis
    another length is taken outside of traced bodies."""
    __slots__ = ()

    def __init__(self, value_or_size, dtype=None, batch_axis=None, *, axis_names=None, _reference=None):
        if isinstance(value_or_size, (int, np.integer)) and not isinstance(value_or_size, bool) or \
                isinstance(value_or_size, (tuple, list)) and all(isinstance(n, (int, np.integer)) for n in value_or_size):
            value_or_size = np.zeros(value_or_size, canonical_dtype(dtype))
        super().__init__(value_or_size, dtype)
        if is_sym(self._value):
            raise TracingError("a Variable cannot be made inside of a traced body", "make it in __init__ or before the loop")
        self._value = np.array(self._value)
        self.batch_axis, self.axis_names = batch_axis, axis_names

    def _ranvier_value(self):
        trace = _context.current()
        if trace is not None:
            trace.visit(self)
        return self._value

    def _take_value(self, new):
        new = lift(new)
        trace = _context.current()
        if trace is not None:
            trace.visit(self)
        if tuple(new.shape) != self.shape and (trace is not None or not self._is_other_batch(tuple(new.shape))):
            raise MathError(f"the Variable has the shape {self.shape}, the new value {tuple(new.shape)}")
        if kind_of(new.dtype) != kind_of(self.dtype):  # of one kind there is one width; what is older keeps its own
            raise MathError(f"the Variable has the dtype {self.dtype}, the new value {new.dtype}")
        if is_sym(new) and not (trace is not None and trace.follow):
            raise TracingError("a Variable outside of a trace was given a traced value")
        self._value = new if is_sym(new) else np.array(new, self.dtype)

    batch_size = property(lambda self: self.shape[self.batch_axis] if self.batch_axis is not None else None)
    size_without_batch = property(lambda self: self._without_batch(self.shape))

    def _without_batch(self, shape):
        rest = list(shape)
        if self.batch_axis is not None:
            rest.pop(self.batch_axis)
        return tuple(rest)

    def _is_other_batch(self, shape):
        return self.batch_axis is not None and len(shape) == self.ndim and self._without_batch(shape) == self.size_without_batch


class TrainVar(Variable):
    __slots__ = ()


class Parameter(Variable):
    __slots__ = ()


class VariableView(Variable):
    """A live part of a Variable: reads and writes go to it.

    VariableView(v, slice(0, 10)) or VariableView(v, indices)"""
    __slots__ = ()

    def __init__(self, value, index):
        if not isinstance(value, Variable):
            raise TypeError("a VariableView is a part of a Variable")
        self.target, self.index = value, index
        self.batch_axis = self.axis_names = None
        self._shapes = {}  # of the target: of the part

    def _ranvier_value(self):
        return get(self.target._ranvier_value(), self.index)

    def _take_value(self, new):
        new = lift(new)
        if tuple(new.shape) != self.shape:
            raise MathError(f"the part has the shape {self.shape}, the new value {tuple(new.shape)}")
        self.target.value = put_at(self.target._ranvier_value(), self.index, new)

    @property
    def shape(self):
        whole = self.target.shape
        if whole not in self._shapes:
            self._shapes[whole] = tuple(get(np.broadcast_to(np.zeros((), bool), whole), self.index).shape)
        return self._shapes[whole]

    dtype = property(lambda self: self.target.dtype)
    size = property(lambda self: int(np.prod(self.shape, dtype=np.int64)))
    ndim = property(lambda self: len(self.shape))


extend(Array)


def _delegate(name):
    def method(self, *args, **keywords):
        return getattr(Array(self), name)(*args, **keywords)
    method.__name__ = name
    return method


def _delegated(name):
    return property(lambda self: getattr(Array(self), name))


def _ufunc_of_nodes(self, ufunc, method, *inputs, **keywords):
    return Array.__array_ufunc__(Array(self), ufunc, method, *[Array(x) if is_sym(x) else x for x in inputs], **keywords)


# What `.value` gives in a trace computes as an Array does (an ndarray, which it is outside, knows the operators by itself).
for _name, _member in list(vars(Array).items()):
    if callable(_member) and _name not in vars(Sym) and _name not in ("__class__", "__new__", "__array_ufunc__", "__init__", "_ranvier_value", "_take_value"):
        setattr(Sym, _name, _delegate(_name))
    elif isinstance(_member, property) and _name in ("T", "at"):
        setattr(Sym, _name, _delegated(_name))
setattr(Sym, "__array_priority__", Array.__array_priority__)
setattr(Sym, "__array_ufunc__", _ufunc_of_nodes)
setattr(Sym, "__hash__", object.__hash__)
