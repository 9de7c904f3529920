"""Ternary recurrent networks for FPGAs.

``Model`` reads a model file, runs it in the integers that the hardware computes, counts its cycles and writes its Verilog.
``tern_fpga.torch`` has ``LSTM``, ``GRU`` and ``Linear`` for PyTorch, which train those integers; ``convert`` swaps the layers of a
trained module for them, ``export`` writes the model file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._native import Error, State, __version__
from .model import Cycles, Model

if TYPE_CHECKING:
    from .torch import convert, export

__all__ = ["Cycles", "Error", "Model", "State", "__version__", "convert", "export"]


def __getattr__(name: str) -> Any:
    # PyTorch is optional and slow to import: only what needs it brings it in.
    if name in ("convert", "export", "torch"):
        import importlib

        module = importlib.import_module(".torch", __name__)
        return module if name == "torch" else getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
