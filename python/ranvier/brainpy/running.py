"""`bp.running`: one function for many arguments, one after another or in several processes.

    rates = bp.running.jax_vectorize_map(run, {"g": [1., 2., 3.]}, num_parallel=2)       # results stacked along a first axis
    results = bp.running.process_pool(run, [(1.,), (2.,)], num_process=2)
"""
import os

import numpy as np

from ._array import Array
from ._graph import lift
from ._names import absent as _absent
from ._tree import flatten as _flatten


def _calls(arguments):
    """The calls' arguments, (args, keywords), of a dict or a sequence of equally long sequences; how many there are."""
    if not isinstance(arguments, (dict, list, tuple)):
        raise TypeError(f"arguments are a dict or a sequence of sequences, not a {type(arguments).__name__}")
    columns = list(arguments.values()) if isinstance(arguments, dict) else list(arguments)
    lengths = sorted({len(c) for c in columns if hasattr(c, "__len__")})
    if len(lengths) > 1:
        raise ValueError(f"all arguments must have as many values, not {lengths}")
    rows = zip(*columns)
    if isinstance(arguments, dict):
        return [((), dict(zip(arguments, row))) for row in rows]
    return [(tuple(row), {}) for row in rows]


def _stacked(results):
    """Results, trees of arrays, as one tree of arrays with a first axis."""
    if not results:
        return None
    leaves, build = zip(*[_flatten(r) for r in results])
    return build[0]([Array(np.stack([np.asarray(lift(v)) for v in column])) for column in zip(*leaves)])


def jax_vectorize_map(func, arguments, num_parallel, clear_buffer=False):
    """func of each row of the arguments (a dict or a sequence of arrays of one length), one after another; the results stacked.

    num_parallel and clear_buffer change nothing: what BrainPy runs at once on an accelerator is run by the compiled program in turn."""
    if num_parallel < 1:
        raise ValueError(f"num_parallel is a whole number from 1 on, not {num_parallel}")
    return _stacked([func(*args, **keywords) for args, keywords in _calls(arguments)])


def jax_parallelize_map(func, arguments, num_parallel, clear_buffer=False):
    """The same."""
    return jax_vectorize_map(func, arguments, num_parallel, clear_buffer)


def _one(job):
    func, args, keywords = job
    return func(*args, **keywords)


def _context():
    """Forked processes where there are such: they know functions of scripts and of notebooks' cells; compiled loops make their programs anew."""
    import multiprocessing
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


def _pool(num_process):
    import concurrent.futures
    return concurrent.futures.ProcessPoolExecutor(int(num_process), mp_context=_context())


def _jobs(func, all_params, extra=()):
    for params in all_params:
        if isinstance(params, dict):
            yield func, (), {**params, **({"lock": extra[0]} if extra else {})}
        elif isinstance(params, (list, tuple)):
            yield func, tuple(params) + tuple(extra), {}
        else:
            raise ValueError(f"parameters of a job are a list, a tuple or a dict, not a {type(params).__name__}")


def process_pool(func, all_params, num_process):
    """func of each of all_params (a sequence of tuples or dicts of arguments) in num_process processes; the results in order.

    func is one that pickle can name: of a module, a script or a notebook's cell, not one that is defined inside another."""
    jobs = list(_jobs(func, all_params))
    with _pool(num_process) as pool:
        return list(pool.map(_one, jobs))


def process_pool_lock(func, all_params, num_process):
    """The same with a lock, the last argument of func (named 'lock' where parameters are dicts)."""
    with _context().Manager() as manager:
        jobs = list(_jobs(func, all_params, (manager.Lock(),)))
        with _pool(num_process) as pool:
            return list(pool.map(_one, jobs))


def _processes(num_process):
    if num_process is None:
        return os.cpu_count()
    if isinstance(num_process, float):
        return max(1, round(num_process * os.cpu_count()))
    return int(num_process)


def cpu_ordered_parallel(func, arguments, num_process=None, num_task=None, **_):
    """func of each row of the arguments (a dict or a sequence of equally long sequences) in processes; the list of results in order.

    num_process: a number, a share of the processors (a float), or None for all."""
    jobs = [(func, args, keywords) for args, keywords in _calls(arguments)][:num_task]
    with _pool(_processes(num_process)) as pool:
        return list(pool.map(_one, jobs))


def cpu_unordered_parallel(func, arguments, num_process=None, num_task=None, **_):
    """The same; results in the order in which they are ready."""
    jobs = [(func, args, keywords) for args, keywords in _calls(arguments)][:num_task]
    import concurrent.futures
    with _pool(_processes(num_process)) as pool:
        return [f.result() for f in concurrent.futures.as_completed([pool.submit(_one, job) for job in jobs])]


__getattr__ = _absent(__name__, "bp.running")
