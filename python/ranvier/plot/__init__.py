"""Pictures of results by Matplotlib (an optional dependency): raster with rate, traces, connectivity.

    from ranvier import plot
    figure = plot.raster(spikes_of_a_run, n=4000, stop=1000)
    figure.savefig("raster.png")

Every function draws into `ax` where it is given, else into a new figure, and returns the figure.
"""
from ._figures import connectivity, raster, traces

__all__ = ["connectivity", "raster", "traces"]
