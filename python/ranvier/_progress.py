"""A bar for long runs, by tqdm where it is installed."""
import sys
import warnings


def _wanted():
    """Whether somebody looks: a terminal, or a notebook."""
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None and type(shell).__name__ == "ZMQInteractiveShell":
            return True
    return sys.stderr is not None and sys.stderr.isatty()


def tqdm_class():
    """tqdm's bar for this place; None where it is not installed. A notebook without widgets has a bar of text, and hears nothing about it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm


class Bar:
    """What run() calls between chunks of steps: a bar appears after half a second."""

    def __init__(self, patience, first):
        self.patience = patience
        self.bar = None
        self.first = first

    @classmethod
    def of(cls, progress, first=0.0):
        """None, a Bar, or the user's function."""
        if callable(progress):
            return lambda now, end, seconds: progress(now, end, seconds) is not False
        if progress is True:
            return cls(0.0, first)
        if progress == "auto":
            return cls(0.5, first) if _wanted() else None
        if progress is False or progress is None:
            return None
        from ._errors import user_error
        raise user_error("progress", f"is {progress!r}", 'give True, False, "auto" or a function')

    def __call__(self, now, end, seconds):
        if self.bar is None and seconds >= self.patience:
            tqdm = tqdm_class()
            if tqdm is None:
                self.patience = float("inf")
                return True
            self.bar = tqdm(total=round(end - self.first, 6), unit="ms", leave=False,
                            bar_format="{l_bar}{bar}| {n:.0f}/{total:.0f} ms [{elapsed}<{remaining}]")
        if self.bar is not None:
            self.bar.update(now - self.first - self.bar.n)
        return True

    def close(self):
        if self.bar is not None:
            self.bar.close()
