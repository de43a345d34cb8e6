"""Running a case, and what is kept of it: for make_reference.py under BrainPy and for the tests with ranvier.brainpy.

    trace, states = run(case, bp, bm, loop); write(path, {...}); read(path)
"""
import json
import re

import numpy as np
from cases import DT, EVERY, inputs


_AUTOMATIC = re.compile(r"\b(LIF|STP|Expon|delay_|ProjAlignP(?:re|ost)(?:Mg)?[12])\d+")  # names that count objects


def run(case, bp, bm, loop):
    """({variable: (steps, elements)}, {variable: value} after its systems are reset). loop(step, (numbers, x, s)) makes all steps."""
    advance, read, systems = case(bp, bm)
    x, s = inputs()

    def step(i, x_now, s_now):
        bp.share.save(i=i, t=i * DT, dt=DT)
        advance(x_now, s_now)
        return read()
    out = loop(step, (bm.arange(len(x)), bm.asarray(x), bm.asarray(s)))
    return {key: np.asarray(value) for key, value in out.items()}, after_reset(systems)


def after_reset(systems):
    """The Variables of the systems after reset(), by 'number of the system.path'.

    Left out: how a delay keeps its place in time, and what an output of the old interface sees of its synapse."""
    out = {}
    for k, system in enumerate(systems):
        system.reset()
        for path, variable in system.vars(method="relative").items():
            if not path.endswith(("idx", "current_time")) and not any(p in path for p in ("master.", "x_delay.", "integral.")):
                out[f"{k}." + _AUTOMATIC.sub(lambda m: m.group(1), path)] = np.asarray(variable.value)
    return out


def kept(values):
    """The steps that are stored: all of truth values, each EVERYth of numbers (a difference at one step stays in the next ones)."""
    return values if values.dtype == bool else values[EVERY - 1::EVERY]


def difference(ours, reference):
    """The largest difference over the largest value of the reference; of truth values the number of differing ones."""
    if ours.shape != reference.shape:
        return np.inf
    if reference.dtype == bool:
        return float(np.sum(ours.astype(bool) != reference))
    return float(np.max(np.abs(ours - reference))) / max(float(np.max(np.abs(reference))), 1e-12)


def write(path, arrays, origin):
    """Arrays by name as one file: numbers and truth values one after the other."""
    numbers = [np.asarray(a, np.float64).reshape(-1) for a in arrays.values() if a.dtype != bool]
    truths = [a.reshape(-1) for a in arrays.values() if a.dtype == bool]
    index = [[name, a.dtype.str, list(a.shape)] for name, a in arrays.items()]
    np.savez_compressed(path, origin=np.array(origin), index=np.array(json.dumps(index)), numbers=np.concatenate(numbers),
                        truths=np.packbits(np.concatenate(truths)))


def read(path):
    """{name: array} of a file, and where it is from."""
    with np.load(path) as data:
        numbers, truths, origin = data["numbers"], np.unpackbits(data["truths"]).astype(bool), str(data["origin"])
        index = json.loads(str(data["index"]))
    out, at = {}, {True: 0, False: 0}
    for name, dtype, shape in index:
        is_truth, size = np.dtype(dtype) == bool, int(np.prod(shape, dtype=int))
        source = truths if is_truth else numbers
        out[name] = source[at[is_truth]:at[is_truth] + size].reshape(shape).astype(dtype)
        at[is_truth] += size
    return out, origin
