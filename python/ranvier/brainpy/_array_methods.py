"""Methods of bm.Array beyond operators and those that are functions of bm of the same name: in the manner of NumPy and of PyTorch.

    x.clamp(0., 1.); x.sin_(); x.sort(); x.normal_(0., 1.); x << 1        # names with _ at the end change the array, and give it back

extend(Array) puts them into the class. Where BrainPy's own `clamp` takes max_value for both ends, here both are kept.
"""
import numpy as np

_IN_PLACE = "abs absolute sin cos tan sinh cosh tanh arcsin arccos arctan"


def _bm():
    from . import math
    return math


def _changed(array, new):
    array.value = _bm().asarray(new).astype(array.dtype).value
    return array


def _in_place(name):
    def method(self):
        return _changed(self, getattr(_bm(), name)(self))
    method.__name__ = f"{name}_"
    method.__doc__ = f"The array becomes its {name}()."
    return method


def _drawn(name, law, first, second):
    def method(self, *args, **keywords):
        given = {**dict(zip((first[0], second[0]), (first[1], second[1]))), **dict(zip((first[0], second[0]), args)), **keywords}
        return _changed(self, getattr(_bm().random, law)(given[first[0]], given[second[0]], self.shape))
    method.__name__ = name
    method.__doc__ = f"The array is drawn anew: bm.random.{law}."
    return method


class Methods:
    """What extend() copies."""

    def clamp(self, min_value=None, max_value=None, *, out=None):
        """Elements within [min_value, max_value]; either may be None."""
        return _bm().clip(self, min_value, max_value, out=out)

    def clamp_(self, min_value=None, max_value=None):
        """clamp() of the array itself."""
        return _changed(self, _bm().clip(self, min_value, max_value))

    def copy_(self, src):
        """The array takes the values of another."""
        return _changed(self, _bm().broadcast_to(_bm().asarray(src), self.shape))

    def add_(self, value):
        """The array and a value, added in place."""
        self += value
        return self

    def mul(self, value):
        """The array times a value."""
        return self * value

    def mul_(self, value):
        """The array times a value, in place."""
        self *= value
        return self

    def pow(self, index):
        """The array to a power."""
        return self ** index

    def addr(self, vec1, vec2, *, beta=1., alpha=1., out=None):
        """beta times the array and alpha times the outer product of two vectors."""
        result = alpha * _bm().outer(vec1, vec2) + beta * self
        return result if out is None else _changed(out, result)

    def addr_(self, vec1, vec2, *, beta=1., alpha=1.):
        """addr() of the array itself."""
        return _changed(self, alpha * _bm().outer(vec1, vec2) + beta * self)

    def expand(self, *sizes):
        """The array broadcast to sizes; -1 keeps a length."""
        lead = len(sizes) - self.ndim
        return _bm().broadcast_to(self, tuple(int(n) if n != -1 else self.shape[k - lead] for k, n in enumerate(sizes)))

    def expand_as(self, array):
        """The array broadcast to the shape of another."""
        return _bm().broadcast_to(self, _bm().asarray(array).shape)

    def sort(self, axis=-1, kind=None, order=None):
        """Sorts the array itself along an axis."""
        self.value = _bm().sort(self, axis).value

    def argpartition(self, kth, axis=-1, kind="introselect", order=None):
        """Indices that put the k-th smallest element in its place."""
        return _bm().asarray(np.argpartition(np.asarray(self), kth, axis))

    def put(self, indices, values):
        """array[indices] = values."""
        self[indices] = values

    def resize(self, new_shape):
        """The array itself takes another shape of as many elements."""
        self.value = self.reshape(new_shape).value

    def conjugate(self):
        """The complex conjugate."""
        return _bm().conj(self)

    def cov_with(self, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None):
        """bm.cov of the array and another."""
        return _bm().cov(self, y, rowvar=rowvar, bias=bias, ddof=ddof, fweights=fweights, aweights=aweights)

    def tobytes(self):
        """The bytes of the elements, in C's order."""
        return np.asarray(self).tobytes()

    def as_variable(self):
        """A Variable with this value."""
        return _bm().Variable(self)

    def device(self):
        """Where the array is: "cpu"."""
        return "cpu"

    def cpu(self):
        """The array, which is in the memory of the CPU."""
        return self

    def __round__(self, ndigits=None):
        return _bm().round(self, ndigits or 0)

    def __complex__(self):
        return complex(np.asarray(self).reshape(()))

    def __rdivmod__(self, other):
        return other // self, other % self

    def __lshift__(self, other):
        return _bm().left_shift(self, other)

    def __rlshift__(self, other):
        return _bm().left_shift(other, self)

    def __ilshift__(self, other):
        return _changed(self, self << other)

    def __rshift__(self, other):
        if hasattr(other, "__rrshift__") and callable(other):  # x >> layer
            return NotImplemented
        return _bm().right_shift(self, other)

    def __rrshift__(self, other):
        return _bm().right_shift(other, self)

    def __irshift__(self, other):
        return _changed(self, self >> other)

    real = property(lambda self: _bm().real(self))
    imag = property(lambda self: _bm().imag(self))


def extend(Array):
    """Puts the methods into the class."""
    for name, method in vars(Methods).items():
        if callable(method) or isinstance(method, property):
            setattr(Array, name, method)
    for name in _IN_PLACE.split():
        setattr(Array, f"{name}_", _in_place(name))
    Array.clip_, Array.multiply, Array.multiply_ = Methods.clamp_, Methods.mul, Methods.mul_
    Array.normal_ = _drawn("normal_", "normal", ("mean", 0.), ("std", 1.))
    Array.uniform_ = _drawn("uniform_", "uniform", ("low", 0.), ("high", 1.))
    Array.log_normal_ = _drawn("log_normal_", "lognormal", ("mean", 1.), ("std", 2.))
