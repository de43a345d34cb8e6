"""Packages that only some uses want."""
from importlib import import_module


def need(name, what, package=None):
    """The module, or an ImportError that says what wants it and how to get it."""
    try:
        return import_module(name)
    except ImportError as error:
        if error.name and not error.name.startswith(name.partition(".")[0]):
            raise
        package = package or name.partition(".")[0]
        raise ImportError(f"{what} needs {package}, which is not installed here: pip install {package}") from None


def recorded(records, kind, what):
    """A list of records of one kind."""
    records = list(records) if isinstance(records, (list, tuple)) else [records]
    for each in records:
        if not isinstance(each, kind):
            raise TypeError(f"{what} takes {kind.__name__ if isinstance(kind, type) else 'records'}, not {type(each).__name__}")
    return records
