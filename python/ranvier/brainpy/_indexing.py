"""Reading and writing parts of values: everything is turned into flat positions, so that one rule serves arrays and nodes.

    get(v, (slice(0, 3),)); put_at(v, mask, 0.)    # the latter returns the new value, nothing changes in place
"""
import numpy as np

from ._errors import TracingError
from ._graph import apply, broadcast_shapes, broadcast_to, cast, gather, is_sym, kind_of, lift, put, put_row, row, take, view


def _plain_index(index):
    """The index with Arrays as their values; the second result: whether any of it is traced."""
    parts = index if isinstance(index, tuple) else (index,)
    out, traced = [], False
    for part in parts:
        if isinstance(part, slice):
            for end in (part.start, part.stop, part.step):
                if end is not None and hasattr(end, "_ranvier_value") and is_sym(end._ranvier_value()):
                    raise TracingError("a slice whose ends are traced has no known size", "gather with bm.arange(n) + start as the index")
            part = slice(*(None if e is None else int(e) for e in (part.start, part.stop, part.step)))
        elif part is not None and part is not Ellipsis and not isinstance(part, (int, np.integer)):
            part = lift(part)
            traced = traced or is_sym(part)
            if not is_sym(part) and part.size == 0:
                part = part.astype(np.int64)
        elif isinstance(part, bool):
            part = np.asarray(part)
        out.append(part)
    return tuple(out), traced


def _is_full_mask(value, index):
    return len(index) == 1 and hasattr(index[0], "dtype") and kind_of(index[0].dtype) == "b" and index[0].shape == value.shape


def _by_axes(value, index):
    """The index with a part for each axis (and None for each new one), ':' for those that it leaves out."""
    if any(hasattr(p, "dtype") and kind_of(p.dtype) == "b" for p in index):
        raise TracingError("a traced mask selects a number of elements that is not known", "use bm.where(mask, a, b)")
    places = [k for k, p in enumerate(index) if p is Ellipsis]
    used = sum(p is not None for p in index) - len(places)
    if used > value.ndim or len(places) > 1:
        raise IndexError(f"an index of {used} parts{' and several ...' if len(places) > 1 else ''} for an array of the shape {value.shape}")
    at = places[0] if places else len(index)
    return [*index[:at], *[slice(None)] * (value.ndim - used), *index[at + 1:]]


def _traced_positions(value, index, to_write=False):
    """Flat positions of an index with traced whole numbers, in the shape that NumPy gives to value[index]. What lies outside is moved to the
    nearest element; to be written, it gets a position behind the last."""
    parts = _by_axes(value, index)
    chosen = [k for k, p in enumerate(parts) if p is not None and not isinstance(p, slice)]
    picked = len(broadcast_shapes(*[lift(parts[k]).shape for k in chosen]))
    before = chosen[0] if chosen[-1] - chosen[0] + 1 == len(chosen) else 0  # axes of slices before those of the chosen elements
    ndim, own, axis = len(parts) - len(chosen) + picked, 0, 0
    constant, position, inside = np.zeros((1,) * ndim, np.int64), 0, True
    for part in parts:
        if part is not None:
            length, stride = value.shape[axis], int(np.prod(value.shape[axis + 1:], dtype=np.int64))
            axis += 1
        if part is None or isinstance(part, slice):
            shape = [1] * ndim
            if part is not None:
                shape[own if own < before else own + picked] = -1
                constant = constant + (np.arange(length)[part] * stride).reshape(shape)
            own += 1
            continue
        part = lift(part)
        part = view(part, (1,) * (before + picked - part.ndim) + tuple(part.shape) + (1,) * (ndim - before - picked))
        part = apply("select", apply("lt", part, 0), apply("add", part, length), part)
        if to_write:
            inside = apply("logic_and", inside, apply("logic_and", apply("ge", part, 0), apply("lt", part, length)))
        else:
            part = apply("min", apply("max", part, 0), length - 1)
        position = apply("add", position, apply("mul", part, stride))
    position = apply("add", position, constant.astype(np.int32))
    return apply("select", inside, position, value.size) if to_write else position


def _is_row(value, index):
    """Whether the index is one traced whole number, and whole axes after it."""
    first = index[0]
    return is_sym(first) and first.ndim == 0 and first.kind == "i" and value.ndim and len(index) <= value.ndim + (Ellipsis in index[1:]) and \
        all(part is Ellipsis or isinstance(part, slice) and part == slice(None) for part in index[1:])


def get(value, index):
    """value[index]; a value."""
    index, traced = _plain_index(index)
    if traced and _is_row(lift(value), index):
        return row(value, index[0])
    if traced:
        return gather(value, _traced_positions(lift(value), index))
    if not is_sym(value):
        return np.asarray(value[index])
    return take(value, np.arange(value.size).reshape(value.shape)[index])


def put_at(value, index, source, operation=None):
    """The value with value[index] = source (or, with "add", += for each of repeated positions)."""
    source = lift(source)
    index, traced = _plain_index(index)
    if operation is not None and operation != "add":
        source = apply(operation, get(value, index), source)
    add = operation == "add"
    if _is_full_mask(value, index) and (traced or is_sym(value) or is_sym(source)):
        if add:
            source = apply("add", value, source)
        if source.size != 1 and source.shape != value.shape:
            raise TracingError("values for a traced mask must be one number or of the array's shape", "use bm.where(mask, a, b)")
        return cast(apply("select", index[0], source, value), kind_of(value.dtype))
    if traced and not add and _is_row(lift(value), index):
        return put_row(value, _drop_leading(source, max(value.ndim - 1, 0)), index[0])
    if traced:
        position = _traced_positions(lift(value), index, to_write=True)
        return put(value, broadcast_to(cast(_drop_leading(source, position.ndim), kind_of(value.dtype)), position.shape), position, add)
    if not is_sym(value) and not is_sym(source):
        out = np.array(value)
        if add:
            np.add.at(out, index, source.astype(out.dtype))
        else:
            out[index] = source.astype(out.dtype, copy=False)
        return out
    position = np.arange(value.size).reshape(value.shape)[index]
    source = broadcast_to(cast(_drop_leading(source, position.ndim), kind_of(value.dtype)), position.shape)
    flat = position.reshape(-1)
    if flat.size == 0:
        return value
    if np.array_equal(flat, np.arange(flat[0], flat[0] + flat.size)):
        return put(value, view(source, flat.shape), (int(flat[0]), int(flat[0]) + flat.size), add)
    return put(value, view(source, flat.shape), flat.astype(np.int32), add)


def _drop_leading(source, ndim):
    while source.ndim > ndim and source.shape[0] == 1:
        source = view(source, source.shape[1:])
    return source
