"""Layers for PyTorch that compute, and train, the integers of the hardware.

``LSTM``, ``GRU`` and ``Linear`` take the place of ``torch.nn``'s; ``convert`` puts them into a trained module, ``export`` writes the
model file. In evaluation their outputs equal those of the exported integers bit for bit.
"""

from .convert import convert
from .export import export
from .formats import Formats
from .linear import Linear
from .recurrent import GRU, LSTM

__all__ = ["GRU", "LSTM", "Formats", "Linear", "convert", "export"]
