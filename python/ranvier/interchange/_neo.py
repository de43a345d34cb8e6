"""Neo: spike trains (what elephant takes), analogue signals, segments."""
from ..records import SpikeRecord, StateRecord
from ..units import Quantity
from ._needs import need, recorded


def spikes_to_neo(record):
    """A list of n neo.SpikeTrain in ms from 0 to the end of the run, silent neurons included; annotations population and neuron."""
    neo = need("neo", "spikes_to_neo()")
    record, = recorded(record, SpikeRecord, "spikes_to_neo()")
    chosen = None if record.neurons is None else set(record.neurons)
    return [neo.SpikeTrain(train.magnitude, units="ms", t_start=record.start.magnitude, t_stop=record.stop.magnitude,
                           name=f"{record.population}[{k}]", population=record.population, neuron=k)
            for k, train in enumerate(record.trains()) if chosen is None or k in chosen]


def states_to_neo(record):
    """A neo.AnalogSignal (T, n) of values at equal distances, else a neo.IrregularlySampledSignal; with their unit."""
    neo = need("neo", "states_to_neo()")
    import numpy as np
    import quantities as pq
    record, = recorded(record, StateRecord, "states_to_neo()")
    values, times = record.values, record.times.magnitude
    plain = values.magnitude if isinstance(values, Quantity) else values
    plain = plain[:, None] if plain.ndim == 1 else plain
    unit = "dimensionless" if not isinstance(values, Quantity) else _pq_unit(pq, str(record.unit))
    steps = np.diff(times)
    about = {"name": record.name, "population": record.population, "array_annotations": {"neuron": record.neurons[:plain.shape[1]]}}
    if len(times) > 1 and np.allclose(steps, steps[0], rtol=1e-9):
        return neo.AnalogSignal(plain, units=unit, sampling_period=float(steps[0]) * pq.ms, t_start=float(times[0]) * pq.ms, **about)
    return neo.IrregularlySampledSignal(times, plain, units=unit, time_units="ms", **about)


def _pq_unit(pq, name):
    """The unit of the package quantities of one of ours."""
    parts = name.replace("^", "**").replace("Gohm", "Gohm")
    try:
        return pq.Quantity(1.0, parts).units
    except LookupError:
        return pq.CompoundUnit(parts)


def segment_to_neo(records, name="ranvier"):
    """A neo.Segment that holds records of spikes and states."""
    neo = need("neo", "segment_to_neo()")
    segment = neo.Segment(name=name)
    for record in recorded(records, (SpikeRecord, StateRecord), "segment_to_neo()"):
        if isinstance(record, SpikeRecord):
            segment.spiketrains.extend(spikes_to_neo(record))
        else:
            signal = states_to_neo(record)
            is_regular = type(signal).__name__ == "AnalogSignal"
            (segment.analogsignals if is_regular else segment.irregularlysampledsignals).append(signal)
    return segment


def spikes_from_neo(trains):
    """A SpikeTrain of a list of neo.SpikeTrain: for sources.spike_train(s.ids, s.times). Train k is neuron k."""
    from ..inputs import SpikeTrain
    import numpy as np
    for train in trains:
        if not hasattr(train, "rescale"):
            raise TypeError(f"spikes_from_neo() takes a list of neo.SpikeTrain, not of {type(train).__name__}")
    times = [np.asarray(train.rescale("ms").magnitude, float) for train in trains]
    return SpikeTrain(np.repeat(np.arange(len(times)), [len(t) for t in times]), Quantity(np.concatenate([*times, np.zeros(0)]), "ms"))
