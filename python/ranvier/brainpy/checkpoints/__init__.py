"""`bp.checkpoints`: states in files.

    bp.checkpoints.save_as_npz("states.npz", net.vars()); bp.checkpoints.load_by_npz("states.npz", net)
    bp.checkpoints.save("runs", net.state_dict(), step=1); net.load_state_dict(bp.checkpoints.load("runs"))
"""
from .._names import absent as _absent
from . import states as io  # noqa: F401
from .states import load_by_h5, load_by_mat, load_by_npz, load_by_pkl, save_as_h5, save_as_mat, save_as_npz, save_as_pkl  # noqa: F401
from .trees import load, load_pytree, save, save_pytree  # noqa: F401

__getattr__ = _absent(__name__, "bp.checkpoints", {"AsyncManager": "save() returns when the file is written",
                                                   "multiprocess_save": "use save() in one process"})
