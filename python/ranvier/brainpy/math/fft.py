"""`bm.fft`: NumPy's discrete Fourier transforms, on arrays (TracingError in a trace).

    bm.fft.rfft(x); bm.fft.fftfreq(100, d=0.1)
"""
import numpy as np

from ._tracing import eager

for _name in ("fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn").split():
    globals()[_name] = eager(_name, getattr(np.fft, _name))
