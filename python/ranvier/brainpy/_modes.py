"""Modes of computing, as far as systems ask for them: whether spikes are numbers (training) or truth values."""


def is_training(mode):
    return any(cls.__name__ == "TrainingMode" for cls in type(mode).__mro__)
