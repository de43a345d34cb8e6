"""For tests of ranvier.brainpy: the numbers of a graph, by NumPy, given those of its leaves.

    x = leaf((3,)); out = bm.exp(Array(x)); numbers(out, {x: np.zeros(3)})
"""
import numpy as np
from ranvier.brainpy._array import Array
from ranvier.brainpy._graph import ELEMENTWISE, Sym, dtype_of, kind_of, lift

_REDUCE = {"sum": np.sum, "max": np.max, "min": np.min, "any": np.any, "all": np.all}


def leaf(value):
    """A node that stands for an array of this shape and dtype."""
    value = lift(value)
    return Sym("argument", (), value.shape, value.dtype)


def _one(item, args):
    p = item.params
    if item.op in ELEMENTWISE:
        with np.errstate(all="ignore"):
            return np.asarray(ELEMENTWISE[item.op][0](*args))
    if item.op in ("lit", "const"):
        return np.asarray(p["value"])
    if item.op == "view":
        return args[0].reshape(-1)[p["offset"]:p["offset"] + item.size].reshape(item.shape)
    if item.op == "fill":
        return np.full(item.shape, args[0])
    if item.op == "take":
        return args[0].reshape(-1)[p["index"]].reshape(item.shape)
    if item.op == "gather":
        return args[0].reshape(-1)[args[1]]
    if item.op == "row":
        return args[0][np.clip(args[1], 0, len(args[0]) - 1)]
    if item.op == "put_row":
        out = args[0].copy()
        if 0 <= args[1] < len(out):
            out[args[1]] = args[2]
        return out
    if item.op == "put":
        out = args[0].reshape(-1).copy()
        out[p["start"]:p["start"] + args[1].size] = args[1].reshape(-1)
        return out.reshape(item.shape)
    if item.op == "scatter":
        out = args[0].reshape(-1).copy()
        if p["add"]:
            np.add.at(out, args[1].reshape(-1), args[2].reshape(-1))
        else:
            out[args[1].reshape(-1)] = args[2].reshape(-1)
        return out.reshape(item.shape)
    if item.op == "join":
        return np.concatenate([a.reshape(-1) for a in args])
    if item.op == "reduce":
        return np.asarray(_REDUCE[p["kind"]](args[0]))
    if item.op == "axis":
        return np.asarray(_REDUCE[p["kind"]](args[0], axis=p["axis"]))
    if item.op == "dense":
        return args[0] @ p["matrix"]
    if item.op == "product":
        return args[0] @ (args[1].T if p["transposed"] else args[1])
    if item.op == "csr":
        weights = np.broadcast_to(args[1] if len(args) > 1 else p["weights"], p["indices"].shape)
        rows = np.repeat(np.arange(p["indptr"].size - 1), np.diff(p["indptr"]))
        out = np.zeros(item.shape, item.dtype)
        np.add.at(out, p["indices"], weights.reshape(-1) * args[0].reshape(-1)[rows])
        return out
    raise AssertionError(f"no numbers for the operator {item.op}")


def numbers(result, leaves):
    """The value of a node (or an Array of one) where leaves: {node: array}."""
    root = result.value if isinstance(result, Array) else result
    if not isinstance(root, Sym):
        return np.asarray(root)
    memory = {id(k): lift(v) for k, v in leaves.items()}
    order, stack, seen = [], [root], set()
    while stack:
        top = stack.pop()
        if id(top) not in seen and id(top) not in memory:
            seen.add(id(top))
            order.append(top)
            stack.extend(top.args)
    for item in sorted(order, key=lambda s: s.serial):
        value = _one(item, [memory[id(a)] for a in item.args])
        if value.shape != item.shape or kind_of(value.dtype) != item.kind:
            raise AssertionError(f"{item.op} was to give {item.dtype}{item.shape}, it gives {value.dtype}{value.shape}")
        memory[id(item)] = value.astype(dtype_of(item.kind))
    return memory[id(root)]
