"""States by name in files of four kinds: HDF5, NumPy's npz, pickle, MATLAB's mat.

    bp.checkpoints.save_as_npz("states.npz", net.vars()); bp.checkpoints.load_by_npz("states.npz", net)

A Variable under two names is kept once; the other names are listed.
"""
import os
import pickle
import warnings

import numpy as np

from ..errors import PackageMissingError

_OTHER, _SAME = "duplicate_keys", "duplicate_targets"


def _check_ending(filename, endings):
    if os.path.splitext(filename)[1] not in endings:
        raise ValueError(f"{filename}: the name of such a file ends with {' or '.join(endings)}")


def _package(name):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        raise PackageMissingError(f"this format needs the package {name.split('.')[0]}: pip install {name.split('.')[0]}") from None


def _once(variables):
    """({name: array}, [other names], [the name of the same])."""
    if not isinstance(variables, dict):
        raise ValueError(f"variables are a dict of names, not a {type(variables).__name__}")
    first, arrays, other, same = {}, {}, [], []
    for name, value in variables.items():
        if id(value) in first:
            other.append(name)
            same.append(first[id(value)])
        else:
            first[id(value)] = name
            arrays[name] = np.asarray(value)
    return arrays, other, same


def _load(target, arrays, other, same, filename, verbose):
    """Gives the arrays to the Variables of a system."""
    if not hasattr(target, "vars"):
        raise TypeError(f"states are loaded into a system with vars(), not into a {type(target).__name__}")
    variables = target.vars()
    missing = dict.fromkeys(variables)
    for name, value in arrays.items():
        if verbose:
            print(f"Loading {name} ...")
        if name not in variables:
            raise KeyError(f"{filename} has {name!r}, which is no Variable of {getattr(target, 'name', target)}; there are {', '.join(variables)}")
        variables[name].value = value
        missing.pop(name)
    for name, twin in zip(other, same):
        if name not in variables:
            raise KeyError(f"{filename} has {name!r}, which is no Variable of {getattr(target, 'name', target)}")
        if variables[name] is not variables.get(twin):
            raise ValueError(f"{name!r} and {twin!r} are one Variable in {filename}, but two here")
        missing.pop(name, None)
    if missing:
        warnings.warn(f"{filename} has no states of {', '.join(missing)}", stacklevel=3)


def save_as_h5(filename, variables):
    """variables: {name: Variable or array}; the name ends with .h5 or .hdf5. Needs h5py."""
    _check_ending(filename, (".h5", ".hdf5"))
    arrays, other, same = _once(variables)
    with _package("h5py").File(filename, "w") as file:
        for name, value in arrays.items():
            file[name] = value
        if other:
            file[_OTHER], file[_SAME] = "+".join(other), "+".join(same)


def load_by_h5(filename, target, verbose=False):
    """Gives the states to the Variables of the target."""
    _check_ending(filename, (".h5", ".hdf5"))
    with _package("h5py").File(filename, "r") as file:
        names = [[], []]
        for k, key in enumerate((_OTHER, _SAME)):
            if key in file:
                names[k] = file[key][()].decode().split("+")
        arrays = {k: np.asarray(v) for k, v in file.items() if k not in (_OTHER, _SAME)}
    _load(target, arrays, *names, filename, verbose)


def _with_names(arrays, other, same):
    return {**arrays, **({_OTHER: np.asarray(other), _SAME: np.asarray(same)} if other else {})}


def _without_names(found):
    names = [np.asarray(found[k]).reshape(-1).tolist() if k in found else [] for k in (_OTHER, _SAME)]
    return {k: v for k, v in found.items() if k not in (_OTHER, _SAME)}, *names


def save_as_npz(filename, variables, compressed=False):
    """The name ends with .npz."""
    _check_ending(filename, (".npz",))
    (np.savez_compressed if compressed else np.savez)(filename, **_with_names(*_once(variables)))


def load_by_npz(filename, target, verbose=False):
    """Gives the states to the Variables of the target."""
    _check_ending(filename, (".npz",))
    with np.load(filename) as file:
        _load(target, *_without_names(dict(file)), filename, verbose)


def save_as_pkl(filename, variables):
    """The name ends with .pkl or .pickle."""
    _check_ending(filename, (".pkl", ".pickle"))
    with open(filename, "wb") as file:
        pickle.dump(_with_names(*_once(variables)), file, protocol=pickle.HIGHEST_PROTOCOL)


def load_by_pkl(filename, target, verbose=False):
    """Gives the states to the Variables of the target. Load no pickle of unknown origin: it may run any program."""
    _check_ending(filename, (".pkl", ".pickle"))
    with open(filename, "rb") as file:
        _load(target, *_without_names(pickle.load(file)), filename, verbose)


def save_as_mat(filename, variables):
    """The name ends with .mat. Needs SciPy."""
    _check_ending(filename, (".mat",))
    arrays, other, same = _once(variables)
    long = [name for name in arrays if len(name) > 63]
    if long:
        raise ValueError(f"MATLAB's names have at most 63 letters, {long[0]!r} has more: use .npz")
    _package("scipy.io").savemat(filename, {k: v[None] for k, v in _with_names(arrays, other, same).items()}, long_field_names=True)


def load_by_mat(filename, target, verbose=False):
    """Gives the states to the Variables of the target."""
    _check_ending(filename, (".mat",))
    found = {k: v for k, v in _package("scipy.io").loadmat(filename).items() if not k.startswith("__")}
    arrays, other, same = _without_names(found)
    variables = target.vars() if hasattr(target, "vars") else {}
    arrays = {k: v[0].reshape(variables[k].shape) if k in variables else v[0] for k, v in arrays.items()}
    _load(target, {k: v.astype(variables[k].dtype) if k in variables else v for k, v in arrays.items()}, [n.strip() for n in other],
          [n.strip() for n in same], filename, verbose)
