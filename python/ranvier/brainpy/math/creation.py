"""New arrays, conversions, and the names of types.

    bm.zeros((2, 3)); bm.linspace(0., 1., 5); bm.asarray([1, 2]); bm.as_numpy(x)
"""
import numpy as np

from .._array import Array, Variable, unwrap
from .._graph import broadcast_to, canonical_dtype, cast as _cast, is_sym, kind_of, lift
from ._tracing import eager, has_node, plain

__all__ = []


def _public(function):
    __all__.append(function.__name__)
    return function


def _shape(shape):
    shape = plain(shape, "zeros with a traced shape")
    return tuple(int(n) for n in np.ravel(shape)) if np.ndim(shape) else (int(shape),)


@_public
def zeros(shape, dtype=None):
    """Zeros; the default dtype is that of reals."""
    return Array(np.zeros(_shape(shape), canonical_dtype(dtype)))


@_public
def ones(shape, dtype=None):
    """Ones; the default dtype is that of reals."""
    return Array(np.ones(_shape(shape), canonical_dtype(dtype)))


@_public
def empty(shape, dtype=None):
    """The same as zeros."""
    return zeros(shape, dtype)


@_public
def full(shape, fill_value, dtype=None, order="C"):
    """One value, which may be traced or broadcast, in a shape."""
    value = lift(unwrap(fill_value))
    if dtype is not None:
        value = Array(value).astype(dtype).value
    return Array(broadcast_to(value, _shape(shape)) if is_sym(value) else np.array(np.broadcast_to(value, _shape(shape))))


def _like(make):
    def call(a, dtype=None, shape=None):
        a = Array(a)
        return make(a.shape if shape is None else shape, a.dtype if dtype is None else dtype)
    call.__name__ = call.__qualname__ = f"{make.__name__}_like"
    call.__doc__ = f"{make.__name__}() with the shape and dtype of a."
    return call


zeros_like, ones_like, empty_like = _like(zeros), _like(ones), _like(empty)


@_public
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    """full() with the shape and dtype of a."""
    a = Array(a)
    return full(a.shape if shape is None else shape, fill_value, a.dtype if dtype is None else dtype)


@_public
def asarray(a, dtype=None, order=None):
    """An Array of numbers, nested lists (also of Arrays), NumPy arrays; traced values stay traced."""
    return Array(a, dtype)


@_public
def array(a, dtype=None, copy=True, order="K", ndmin=0):
    """The same with at least ndmin axes, as a copy."""
    value = Array(a, dtype)
    if ndmin > value.ndim:
        value = value.reshape((1,) * (ndmin - value.ndim) + value.shape)
    return value if is_sym(value.value) else Array(np.array(value.value))


asanyarray = ascontiguousarray = asarray


@_public
def asfarray(a, dtype=None):
    """Reals of a."""
    return Array(_cast(lift(unwrap(a)), "f"), dtype)


@_public
def copy(a, order="K", subok=False):
    """A copy."""
    return Array(a).copy()


@_public
def as_numpy(tensor, dtype=None):
    """A NumPy array, read-only where it is the Array's own (TracingError in a trace)."""
    return np.asarray(tensor, dtype)


@_public
def as_jax(tensor, dtype=None):
    """The value behind an Array: a NumPy array, in a trace a node."""
    return Array(tensor, dtype).value


as_device_array, as_ndarray = as_jax, as_numpy


@_public
def as_variable(tensor, dtype=None):
    """A Variable with this value."""
    return tensor if isinstance(tensor, Variable) and dtype is None else Variable(Array(tensor, dtype))


def _named(name, function):
    def call(*args, dtype=None, **keywords):
        out = function(*[plain(a, name) for a in args], **{k: plain(v, name) for k, v in keywords.items()})
        if isinstance(out, tuple):
            return Array(out[0], dtype), float(out[1])
        return Array(out, dtype)
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}."
    return call


def _arange(*args, start=None, stop=None, step=None):
    """Whole numbers when all are; else reals, with as many elements as NumPy's."""
    args = list(args) if args else [stop] if start is None else [start, stop]
    if step is not None:
        args = (args if len(args) > 1 else [0, *args]) + [step]
    return np.arange(*[a.item() if isinstance(a, np.ndarray) else a for a in args])


def _eye(N, M=None, k=0):
    return np.eye(N, M, k, dtype=canonical_dtype(None))


arange, eye = _named("arange", _arange), _named("eye", _eye)
linspace, logspace, geomspace = (_named(n, getattr(np, n)) for n in ("linspace", "logspace", "geomspace"))
__all__ += ["zeros_like", "ones_like", "empty_like", "asanyarray", "ascontiguousarray", "as_device_array", "as_ndarray", "arange",
            "eye", "linspace", "logspace", "geomspace"]


@_public
def identity(x, dtype=None):
    """An (x, x) unit matrix; of an array (as the activation function) the array itself."""
    return eye(x, dtype=dtype) if isinstance(x, int) else Array(x)


for _name in "bartlett blackman hamming hanning kaiser fromfunction frombuffer fromiter fromstring fromfile loadtxt genfromtxt load".split():
    globals()[_name] = eager(_name, getattr(np, _name))
    __all__.append(_name)


def _save(name):
    function = getattr(np, name)

    def call(file, *arrays, **keywords):
        function(file, *[plain(a, name) for a in arrays], **{k: plain(v, name) for k, v in keywords.items()})
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"numpy.{name}."
    return call


save, savez, savez_compressed, savetxt = (_save(n) for n in ("save", "savez", "savez_compressed", "savetxt"))
__all__ += ["save", "savez", "savez_compressed", "savetxt"]

# ---- types -----------------------------------------------------------------------------------------------------------

float16, float32, float64, int8, int16, int32, int64 = np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64
uint8, uint16, uint32, uint64, complex64, complex128 = np.uint8, np.uint16, np.uint32, np.uint64, np.complex64, np.complex128
bool_, half, double, cdouble = np.bool_, np.float16, np.float64, np.complex128
short, cfloat = np.int16, np.complex64
finfo, iinfo, can_cast, promote_types, issubdtype = np.finfo, np.iinfo, np.can_cast, np.promote_types, np.issubdtype
dtype = np.dtype
__all__ += ("float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool_ half double cdouble "
            "short cfloat finfo iinfo can_cast promote_types issubdtype dtype").split()


@_public
def result_type(*values):
    """The dtype that an operation on these would have."""
    kinds = [kind_of(canonical_dtype(v) if isinstance(v, (type, np.dtype, str)) else lift(unwrap(v)).dtype) for v in values]
    from .._graph import dtype_of
    return dtype_of(max(kinds, key="bifc".index))


@_public
def iscomplexobj(x):
    """Whether the dtype is complex."""
    return lift(unwrap(x)).dtype.kind == "c"


@_public
def isrealobj(x):
    """Whether the dtype is not complex."""
    return not iscomplexobj(x)


@_public
def isscalar(element):
    """Whether element is a number or an array without axes."""
    return np.isscalar(element) or has_node(element) and Array(element).ndim == 0 or isinstance(element, (Array, np.ndarray)) and element.ndim == 0


@_public
def array_repr(arr, *args, **keywords):
    """NumPy's text of the array."""
    return np.array_repr(plain(arr, "array_repr"), *args, **keywords)


@_public
def array_str(a, *args, **keywords):
    """NumPy's short text of the array."""
    return np.array_str(plain(a, "array_str"), *args, **keywords)


array2string, set_printoptions, get_printoptions, printoptions = np.array2string, np.set_printoptions, np.get_printoptions, np.printoptions
broadcast_shapes = np.broadcast_shapes
__all__ += ["array2string", "set_printoptions", "get_printoptions", "printoptions", "broadcast_shapes"]
dftype = lambda: canonical_dtype(float)  # noqa: E731
ditype = lambda: canonical_dtype(int)  # noqa: E731
__all__ += ["dftype", "ditype"]
