"""Results and connectivity for other programs: Neo (and so elephant), NWB, SONATA, SciPy, and back. Each wants its package, and says so.

    trains = interchange.spikes_to_neo(spikes)                  # a list of neo.SpikeTrain
    interchange.save_nwb("run.nwb", [spikes, v])                # pynwb
    interchange.save_sonata_spikes("spikes.h5", [spikes])       # h5py
    weights = interchange.to_scipy(sim.connectivity("E_to_I"))  # a sparse matrix; rules.matrix() is the way back
"""
from ._matrices import from_dense, from_pairs, from_scipy, to_pairs, to_scipy
from ._neo import segment_to_neo, spikes_from_neo, spikes_to_neo, states_to_neo
from ._nwb import load_nwb_spikes, save_nwb, to_nwb
from ._sonata import load_sonata_report, load_sonata_spikes, save_sonata_report, save_sonata_spikes

__all__ = ["spikes_to_neo", "states_to_neo", "segment_to_neo", "spikes_from_neo", "to_nwb", "save_nwb", "load_nwb_spikes", "save_sonata_spikes",
           "save_sonata_report", "load_sonata_spikes", "load_sonata_report", "to_scipy", "from_scipy", "from_dense", "to_pairs", "from_pairs"]
