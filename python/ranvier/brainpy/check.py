"""`bp.check`: arguments of models are what they should be, else an error that names them. Each gives the value back.

    self.tau = bp.check.is_float(tau, "tau", min_bound=0.)
"""
import numpy as np

from ._array import Array, Variable
from ._names import absent as _absent
from ._object import BrainPyObject, VarDict, VarList
from .connect import Connector
from .initialize import Initializer


def _absent_value(value, name, wanted, allow_none):
    """Whether the value is a None that is allowed."""
    if value is None and not allow_none:
        raise ValueError(f"{_called(name)} must be {wanted}, not None")
    return value is None


def _called(name):
    return repr(name) if name else "an argument"


def _wants(good, value, name, wanted):
    if not good:
        raise ValueError(f"{_called(name)} must be {wanted}, not {value!r} ({type(value).__name__})")
    return value


def _within(value, name, low, high):
    if low is not None and np.any(np.asarray(value) < low) or high is not None and np.any(np.asarray(value) > high):
        bounds = " and ".join(f"{word} {bound}" for word, bound in (("at least", low), ("at most", high)) if bound is not None)
        raise ValueError(f"{_called(name)} must be {bounds}, not {value}")
    return value


def is_float(value, name=None, min_bound=None, max_bound=None, allow_none=False, allow_int=True):
    """A real number, within bounds that may be reached."""
    if _absent_value(value, name, "a number", allow_none):
        return None
    _wants(isinstance(value, (float, np.floating) + ((int, np.integer) if allow_int else ())), value, name, "a number")
    return _within(value, name, min_bound, max_bound)


def is_integer(value, name=None, min_bound=None, max_bound=None, allow_none=False):
    """A whole number, or an array without dimensions that holds one; within bounds that may be reached."""
    if _absent_value(value, name, "a whole number", allow_none):
        return None
    good = isinstance(value, (int, np.integer)) or hasattr(value, "dtype") and np.ndim(value) == 0 and np.dtype(value.dtype).kind in "iu"
    _wants(good, value, name, "a whole number")
    return _within(value, name, min_bound, max_bound)


def is_string(value, name=None, candidates=None, allow_none=False):
    """A text, one of the candidates."""
    if _absent_value(value, name, "a text", allow_none):
        return None
    return _wants(candidates is None or value in candidates, value, name, f"one of {', '.join(map(repr, candidates or ()))}")


def is_callable(fun, name=None, allow_none=False):
    """A function."""
    return None if _absent_value(fun, name, "a function", allow_none) else _wants(callable(fun), fun, name, "a function")


def _is_made_of(kind, value, name, allow_none, text):
    if _absent_value(value, name, text, allow_none):
        return None
    return _wants(isinstance(value, (kind, Array, np.ndarray)) or callable(value), value, name, text)


def is_initializer(initializer, name=None, allow_none=False):
    """An initializer of bp.init, an array or a function."""
    return _is_made_of(Initializer, initializer, name, allow_none, "an initializer of bp.init, an array or a function")


def is_connector(connector, name=None, allow_none=False):
    """A connector of bp.conn, an array or a function."""
    return _is_made_of(Connector, connector, name, allow_none, "a connector of bp.conn, an array or a function")


def is_sequence(value, name=None, elem_type=None, allow_none=True):
    """A list or a tuple, of elements of a type."""
    if _absent_value(value, name, "a list or a tuple", allow_none):
        return None
    good = isinstance(value, (list, tuple)) and (elem_type is None or all(isinstance(v, elem_type) for v in value))
    return _wants(good, value, name, f"a list or a tuple{'' if elem_type is None else f' of {elem_type}'}")


def is_dict_data(a_dict, key_type=None, val_type=None, name=None, allow_none=True):
    """A dict of keys and values of these types."""
    if _absent_value(a_dict, name, "a dict", allow_none):
        return None
    good = isinstance(a_dict, dict) and all((key_type is None or isinstance(k, key_type)) and (val_type is None or isinstance(v, val_type))
                                            for k, v in a_dict.items())
    return _wants(good, a_dict, name, f"a dict of ({key_type}, {val_type})")


def is_subclass(instance, supported_types, name=""):
    """An object whose class is one of the types or a base of one: a mode that a model supports."""
    types = (supported_types,) if isinstance(supported_types, type) else tuple(supported_types)
    if not any(issubclass(kind, type(instance)) for kind in types):
        raise NotImplementedError(f"{name or 'this model'} supports {', '.join(kind.__name__ for kind in types)}, not {instance}")
    return instance


def is_instance(instance, supported_types, name=""):
    """An object of one of the types."""
    if not isinstance(instance, supported_types):
        raise NotImplementedError(f"{_called(name)} must be of {supported_types}, not of {type(instance).__name__}")
    return instance


def is_elem_or_seq_or_dict(targets, elem_type, out_as="tuple"):
    """Nothing, one, a list, a tuple or a dict of elements of a type, as a tuple, a list, a dict, or (None) as it is."""
    if out_as not in ("tuple", "list", "dict", None):
        raise ValueError(f"out_as is 'tuple', 'list', 'dict' or None, not {out_as!r}")
    one = isinstance(targets, elem_type)
    values = [] if targets is None else [targets] if one else list(targets.values()) if isinstance(targets, dict) else targets
    if not isinstance(values, (list, tuple)) or not all(isinstance(v, elem_type) for v in values):
        raise ValueError(f"{targets!r} is neither one of {elem_type}, nor a list, a tuple or a dict of them")
    if out_as is None:
        return targets
    keys = list(targets) if isinstance(targets, dict) and not one else [id(v) for v in values]
    return dict(zip(keys, values)) if out_as == "dict" else {"list": list, "tuple": tuple}[out_as](values)


def is_all_vars(dyn_vars, out_as="tuple"):
    """Variables, as is_elem_or_seq_or_dict()."""
    return is_elem_or_seq_or_dict(dyn_vars, (VarList, VarDict, Variable), out_as)


def is_all_objs(targets, out_as="tuple"):
    """Systems, as is_elem_or_seq_or_dict()."""
    return is_elem_or_seq_or_dict(targets, BrainPyObject, out_as)


_checking = [True]


def is_checking():
    """Whether jit_error() looks at its condition."""
    return _checking[0]


def turn_on():
    """jit_error() looks at its condition."""
    _checking[0] = True


def turn_off():
    """jit_error() does nothing."""
    _checking[0] = False


def jit_error_checking(pred, err_fun, err_arg=None):
    """err_fun(err_arg), which raises, where the condition holds. In a body that is traced the condition is not known: the loop warns, and is
    run step by step."""
    if bool(np.any(np.asarray(pred))):
        err_fun() if err_arg is None else err_fun(err_arg)


def jit_error(pred, err_fun, err_arg=None):
    """jit_error_checking() while checks are on."""
    if is_checking():
        jit_error_checking(pred, err_fun, err_arg)


jit_error2 = jit_error
__getattr__ = _absent(__name__, "bp.check")
