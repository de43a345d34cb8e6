"""`bp.tools`: small helpers that programs written for BrainPy use.

    bp.tools.DotDict(a=1).a; bp.tools.to_size(3); bp.tools.size2num((2, 3))
"""
import signal

import numpy as np

from .._progress import tqdm_class as _tqdm_class
from ._names import absent as _absent
from ._parameters import to_size  # noqa: F401
from ._share import DotDict  # noqa: F401


def size2num(size):
    """The number of elements of a size."""
    return int(np.prod(size))


def format_seed(seed=None):
    """The seed, or one drawn from NumPy's generator."""
    return int(np.random.randint(0, 10 ** 7)) if seed is None else int(seed)


def replicate(element, num_replicate, name):
    """The element, or a sequence of num_replicate of them, as a tuple of that length."""
    if isinstance(element, (str, bytes)) or not hasattr(element, "__len__"):
        return (element,) * num_replicate
    if len(element) == 1:
        return tuple(element) * num_replicate
    if len(element) != num_replicate:
        raise TypeError(f"{name} must be one value or a sequence of {num_replicate}, not of {len(element)}")
    return tuple(element)


def not_customized(fun):
    """Marks a method that subclasses write."""
    fun.not_customized = True
    return fun


def is_lambda_function(func):
    """Whether it is a lambda."""
    return callable(func) and getattr(func, "__name__", "") == "<lambda>"


def numba_jit(f=None, **keywords):
    """The function itself: loops of bm are compiled without Numba."""
    return f if f is not None else (lambda g: g)


numba_range = range


def numba_seed(seed):
    """Seeds NumPy's generator."""
    if seed is not None:
        np.random.seed(seed)


def init_progress_bar(duration, dt, report=0.01, message=None):
    """A tqdm bar of a duration [ms] in steps of dt."""
    tqdm = _tqdm_class()
    if tqdm is None:
        raise ImportError("init_progress_bar() needs tqdm, which is not installed here: pip install tqdm")
    bar = tqdm(total=int(duration / dt))
    bar.set_description(message or f"Running a duration of {duration} ms")
    return bar


def timeout(s):
    """A decorator: TimeoutError where the function takes more than s seconds (in the main thread of POSIX systems)."""
    def outer(function):
        def inner(*args, **keywords):
            def stop(*_):
                raise TimeoutError(f"{function.__name__} took more than {s} s")
            old = signal.signal(signal.SIGALRM, stop)
            signal.setitimer(signal.ITIMER_REAL, s)
            try:
                return function(*args, **keywords)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, old)
        return inner
    return outer


def change_func_name(f, name):
    """The function with another name."""
    f.__name__ = name
    return f


__getattr__ = _absent(__name__, "bp.tools", dict.fromkeys(
    ("code_lines_to_func", "copy_doc", "deindent", "get_func_source", "get_identifiers", "get_main_code", "indent", "jaxlib_install_info",
     "repr_context", "repr_dict", "repr_object", "word_replace"), "use Python's inspect and textwrap"))
