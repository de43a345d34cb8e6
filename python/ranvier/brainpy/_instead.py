"""What to use instead of parts and names of BrainPy's bp that are not here."""
_TRAIN = "train with BrainPy itself, and bring parameters here by bp.checkpoints; bm.grad has exact slopes"
INSTEAD = {
    **dict.fromkeys(("optim", "optimizers"), f"{_TRAIN}; bp.analysis.SlowPointFinder needs no optimizer"),
    **dict.fromkeys(("train", "algorithms", "BPTT", "BPFF", "DSTrainer", "OnlineTrainer", "OfflineTrainer", "ForceTrainer",
                     "RidgeTrainer"), _TRAIN),
    "base": "use bp.BrainPyObject and bp.Collector",
    "experimental": "use bp.dyn and bp.synapses",
}
