"""Neurodata Without Borders: spikes as units, states as time series."""
from ..records import SpikeRecord, StateRecord
from ..units import Quantity, Unit
from ._needs import need, recorded

_SI = {"mV": ("V", 1e-3), "pA": ("A", 1e-12), "nS": ("S", 1e-9), "pF": ("F", 1e-12)}


def to_nwb(records, *, description="simulation by ranvier", identifier=None, start_time=None, **about):
    """A pynwb.NWBFile. Spikes are rows of `units` (times in s, columns population and neuron, silent neurons included); states are TimeSeries
    in `acquisition`, in SI units by their conversion. start_time: a datetime with a time zone (default now). about: further fields of NWBFile.
    """
    pynwb = need("pynwb", "to_nwb()")
    import datetime
    import uuid
    records = recorded(records, (SpikeRecord, StateRecord), "to_nwb()")
    start = start_time or datetime.datetime.now(datetime.timezone.utc)
    file = pynwb.NWBFile(session_description=description, identifier=identifier or str(uuid.uuid4()), session_start_time=start, **about)
    if any(isinstance(r, SpikeRecord) for r in records):
        file.add_unit_column("population", "name of the population")
        file.add_unit_column("neuron", "zero-based id within the population")
    names: set[str] = set()
    for record in records:
        if isinstance(record, SpikeRecord):
            chosen = range(record.n) if record.neurons is None else record.neurons
            trains, stop = record.trains(), record.stop.magnitude / 1000
            for k in chosen:
                file.add_unit(spike_times=trains[k].magnitude / 1000, obs_intervals=[[0.0, stop]], population=record.population, neuron=int(k))
        else:
            file.add_acquisition(_series(pynwb, record, names))
    return file


def _series(pynwb, record, names):
    import numpy as np
    values, times = record.values, record.times.magnitude / 1000
    unit, conversion = _SI.get(str(record.unit), (str(record.unit), 1.0))
    name = f"{record.population}.{record.name}".replace("/", "_")
    while name in names:
        name += "'"
    names.add(name)
    steps = np.diff(times)
    regular = len(times) > 1 and np.allclose(steps, steps[0], rtol=1e-9)
    when = {"rate": 1.0 / float(steps[0]), "starting_time": float(times[0])} if regular else {"timestamps": times}
    return pynwb.TimeSeries(name=name, data=np.asarray(values.magnitude if isinstance(values, Quantity) else values), unit=unit,
                            conversion=conversion, description=f"{record.name} of {record.population}, neurons {record.neurons.tolist()[:1000]}", **when)


def save_nwb(path, records, **about):
    """Writes to_nwb(records, **about) to a file."""
    pynwb = need("pynwb", "save_nwb()")
    import os
    with pynwb.NWBHDF5IO(os.fspath(path), "w") as stream:
        stream.write(to_nwb(records, **about))


def load_nwb_spikes(path):
    """{population: SpikeTrain} of an NWB file's units; all of one population "units" where the file does not say."""
    pynwb = need("pynwb", "load_nwb_spikes()")
    import os
    import numpy as np
    from ..inputs import SpikeTrain
    found: dict[str, list] = {}
    with pynwb.NWBHDF5IO(os.fspath(path), "r") as stream:
        units = stream.read().units
        for k in range(0 if units is None else len(units)):
            population = str(units["population"][k]) if "population" in units.colnames else "units"
            neuron = int(units["neuron"][k]) if "neuron" in units.colnames else k
            times = np.asarray(units["spike_times"][k], float)
            found.setdefault(population, []).append((np.full(len(times), neuron), times))
    return {name: SpikeTrain(np.concatenate([i for i, _ in parts]), Quantity(np.concatenate([t for _, t in parts]), Unit("second")).to("ms"))
            for name, parts in found.items()}
