"""Names that BrainPy 2.4 keeps for programs of its earlier versions: where what they mean is.

    find("bp.dyn", "DSRunner")      # bp.DSRunner, or None where the part has no such older name
"""
import importlib

_SYNAPSES = ("DeltaSynapse", "ExpCUBA", "ExpCOBA", "DualExpCUBA", "DualExpCOBA", "AlphaCUBA", "AlphaCOBA", "TwoEndConn", "SynSTP")
_PRODUCTS = {f"{kind}matvec_prob_conn_{law}_weight": f"math.jitconn.{kind}mv_prob_{law}" for kind in ("event_", "") for law in ("homo", "uniform", "normal")}
_OLDER = {
    "bp": {"Module": "DynamicalSystem", "Channel": "dyn.IonChannel", "SynConn": "dyn.SynConn", "TensorCollector": "ArrayCollector",
           "CondNeuGroup": "dyn.CondNeuGroup", "SynOut": "synapses.SynOut", "SynSTP": "synapses.SynSTP"},
    "bp.dyn": {**{name: name for name in ("DynamicalSystem", "Sequential", "Network", "DSRunner")}, "Container": "DynSysGroup",
               "Channel": "dyn.IonChaDyn", "Reservoir": "dnn.Reservoir", **{name: f"synapses.{name}" for name in _SYNAPSES}},
    "bp.fde": {"sdeint": "sdeint"},
    "bp.synapses": {"PoissonInput": "dyn.PoissonInput"},
    "bp.tools": {"clear_name_cache": "math.clear_name_cache"},
    "bm": {"sparse_matmul": "math.sparse.seg_matmul", "csr_matvec": "math.sparse.csrmv", "cusparse_csr_matvec": "math.sparse.csrmv",
           "cusparse_coo_matvec": "math.sparse.coomv", **{name: f"math.sparse.{name}" for name in ("coo_to_csr", "csr_to_coo", "csr_to_dense")},
           "event_csr_matvec": "math.event.csrmv", "event_info": "math.event.info", **_PRODUCTS},
}


def find(label, name):
    """What an older name of a part means, or None."""
    path = _OLDER.get(label, {}).get(name)
    if path is None:
        return None
    at = importlib.import_module(__package__)
    for step in path.split("."):
        at = getattr(at, step)
    return at
