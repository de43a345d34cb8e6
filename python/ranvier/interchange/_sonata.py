"""SONATA's files of spikes and reports (github.com/AllenInstitute/sonata), by h5py. Times are in ms."""
import os

from ..records import SpikeRecord, StateRecord
from ..units import Quantity, Unit
from ._needs import need, recorded

_MAGIC, _VERSION = 0x0A7A, (0, 1)


def _create(path, what):
    h5py = need("h5py", what)
    file = h5py.File(os.fspath(path), "w")
    file.attrs["magic"], file.attrs["version"] = _MAGIC, _VERSION
    return h5py, file


def save_sonata_spikes(path, records):
    """/spikes/<population>/{timestamps, node_ids}, sorted by time; one population each."""
    records = recorded(records, SpikeRecord, "save_sonata_spikes()")
    names = [r.population for r in records]
    if len(set(names)) < len(names):
        raise ValueError(f"two of the records are of one population: {names}")
    h5py, file = _create(path, "save_sonata_spikes()")
    with file:
        for record in records:
            group = file.create_group(f"spikes/{record.population}")
            group.attrs.create("sorting", 2, dtype=h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1"))
            group.create_dataset("timestamps", data=record.times.magnitude).attrs["units"] = "ms"
            group.create_dataset("node_ids", data=record.ids.astype("u8"))


def save_sonata_report(path, record, double=False):
    """/report/<population>/{data, mapping}: one variable at equal distances of time; float32, as libsonata wants it, or float64."""
    import numpy as np
    record, = recorded(record, StateRecord, "save_sonata_report()")
    times, values = record.times.magnitude, record.values
    plain = values.magnitude if isinstance(values, Quantity) else values
    steps = np.diff(times)
    if plain.ndim != 2 or len(times) < 2 or not np.allclose(steps, steps[0], rtol=1e-9):
        raise ValueError("a report has one value for each neuron at two or more times, equally far apart: record without reduce and steps")
    _, file = _create(path, "save_sonata_report()")
    with file:
        group = file.create_group(f"report/{record.population}")
        group.create_dataset("data", data=plain.astype("f8" if double else "f4")).attrs["units"] = "" if str(record.unit) == "unitless" else str(record.unit)
        group["data"].attrs["variable_name"] = record.name
        mapping = group.create_group("mapping")
        n = plain.shape[1]
        mapping.create_dataset("node_ids", data=record.neurons.astype("u8"))
        mapping.create_dataset("index_pointers", data=np.arange(n + 1, dtype="u8"))
        mapping.create_dataset("element_ids", data=np.zeros(n, "u4"))
        mapping.create_dataset("element_pos", data=np.full(n, 0.5, "f4"))
        step = float(np.round(steps[0], 12))
        mapping.create_dataset("time", data=[float(times[0]), float(times[-1]) + step, step]).attrs["units"] = "ms"


def load_sonata_spikes(path):
    """{population: SpikeTrain} of a file of spikes, ours or another program's."""
    import numpy as np
    from ..inputs import SpikeTrain
    h5py = need("h5py", "load_sonata_spikes()")
    with h5py.File(os.fspath(path), "r") as file:
        if "spikes" not in file:
            raise ValueError(f"{path} is no SONATA file of spikes: it has no group 'spikes'")
        groups = file["spikes"]
        found = {"spikes": groups} if "timestamps" in groups else {name: groups[name] for name in groups}
        return {name: SpikeTrain(np.asarray(g["node_ids"][:], np.uint64), Quantity(np.asarray(g["timestamps"][:], float), "ms")) for name, g in found.items()}


def load_sonata_report(path):
    """{population: (times (T,), values (T, n), neurons (n,))} of a report with one element a neuron."""
    import numpy as np
    h5py = need("h5py", "load_sonata_report()")
    out = {}
    with h5py.File(os.fspath(path), "r") as file:
        if "report" not in file:
            raise ValueError(f"{path} is no SONATA report: it has no group 'report'")
        for name, group in file["report"].items():
            data = group["data"]
            start, _, step = group["mapping/time"][:]
            unit = data.attrs.get("units", "")
            values = np.asarray(data[:], float)
            out[name] = (Quantity(start + step * np.arange(len(values)), "ms"), Quantity(values, Unit(unit)) if unit else values,
                         np.asarray(group["mapping/node_ids"][:]))
    return out
