"""Trees of arrays in files that BrainPy reads and writes too: dicts, lists and tuples of arrays and numbers.

    bp.checkpoints.save_pytree("net.bp", net.state_dict()); net.load_state_dict(bp.checkpoints.load_pytree("net.bp"))

save() and load() keep several steps in a folder: checkpoint_1, checkpoint_2, ...
"""
import os
import re

import numpy as np

from .._array import Array
from .._graph import lift
from . import msgpack


def _numbered(tree):
    """Lists and tuples as dicts by number, as these files have them; Arrays as NumPy's."""
    if isinstance(tree, dict):
        return {str(k): _numbered(v) for k, v in tree.items()}
    if hasattr(tree, "_fields"):
        return {k: _numbered(getattr(tree, k)) for k in tree._fields}
    if isinstance(tree, (list, tuple)):
        return {str(k): _numbered(v) for k, v in enumerate(tree)}
    return np.asarray(lift(tree)) if isinstance(tree, Array) else tree


def _written(filename, target, overwrite):
    if os.path.exists(filename) and not overwrite:
        raise ValueError(f"{filename} is there already: give overwrite=True, or another name")
    data = msgpack.pack(_numbered(target))
    part = f"{filename}.part"
    with open(part, "wb") as file:
        file.write(data)
    os.replace(part, filename)
    return filename


def save_pytree(filename, target, overwrite=True, async_manager=None, verbose=True):
    """Writes the tree: whole, or not at all. overwrite=False: ValueError where the file exists."""
    folder = os.path.dirname(os.path.abspath(filename))
    os.makedirs(folder, exist_ok=True)
    _written(filename, target, overwrite)


def load_pytree(filename, parallel=True):
    """The tree of a file: dicts of NumPy arrays and numbers (lists and tuples are dicts by '0', '1', ...)."""
    if not os.path.exists(filename):
        raise ValueError(f"there is no file {filename}")
    with open(filename, "rb") as file:
        return msgpack.unpack(file.read())


def _steps(folder, prefix):
    """{step: path} of the checkpoints of a folder."""
    found = {}
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        match = re.fullmatch(re.escape(prefix) + r"(-?\d+(?:\.\d+)?)", name)
        if match:
            found[float(match[1])] = os.path.join(folder, name)
    return found


def save(ckpt_dir, target, step, prefix="checkpoint_", keep=1, overwrite=False, keep_every_n_steps=None, async_manager=None):
    """Writes the tree as prefix + step into the folder, keeps the `keep` latest and every n-th; the file's name.

    ValueError where a later step is there, but for overwrite=True, which removes it."""
    os.makedirs(ckpt_dir, exist_ok=True)
    there = _steps(ckpt_dir, prefix)
    later = [s for s in there if s >= float(step)]
    if later and not overwrite:
        raise ValueError(f"{ckpt_dir} has the later step {max(later):g}: give a later step than that, or overwrite=True")
    path = _written(os.path.join(ckpt_dir, f"{prefix}{step}"), target, True)
    for s in later:
        if s != float(step):
            os.remove(there[s])
    steps = sorted(_steps(ckpt_dir, prefix).items())
    last_kept = None
    for s, file in steps[:max(len(steps) - int(keep), 0)]:
        if keep_every_n_steps and (last_kept is None or s - last_kept >= keep_every_n_steps):
            last_kept = s
        else:
            os.remove(file)
    return path


def load(ckpt_dir, step=None, prefix="checkpoint_", target=None, parallel=True, **_):
    """The tree of a step, of the latest without one, of the file itself if ckpt_dir is one; the target where there is none."""
    if os.path.isfile(ckpt_dir):
        path = ckpt_dir
    else:
        there = _steps(ckpt_dir, prefix)
        if step is not None and float(step) not in there:
            raise ValueError(f"{ckpt_dir} has no step {step}; there are {', '.join(f'{s:g}' for s in sorted(there)) or 'none'}")
        if not there:
            return target
        path = there[max(there) if step is None else float(step)]
    found = load_pytree(path)
    return found if target is None else _like(target, found, path)


def _like(target, found, path):
    """The found tree in the form of the target."""
    if isinstance(target, dict):
        _same_keys(set(map(str, target)), found, path)
        return type(target)((k, _like(v, found[str(k)], path)) for k, v in target.items())
    if isinstance(target, (list, tuple)):
        keys = list(getattr(target, "_fields", map(str, range(len(target)))))
        _same_keys(set(keys), found, path)
        parts = [_like(v, found[k], path) for v, k in zip(target, keys)]
        return type(target)(*parts) if hasattr(target, "_fields") else type(target)(parts)
    if hasattr(target, "shape") and np.shape(found) != tuple(target.shape):
        raise ValueError(f"{path}: an array of the shape {np.shape(found)} where {tuple(target.shape)} is wanted")
    return found


def _same_keys(wanted, found, path):
    if not isinstance(found, dict) or set(found) != wanted:
        has = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise ValueError(f"{path} has {has} where {sorted(wanted)} is wanted")
