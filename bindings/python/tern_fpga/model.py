"""A model file: run it, look into it, make hardware of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native
from ._native import Error, State


@dataclass(frozen=True)
class Cycles:
    """Clock cycles of a core whose streams never stall; exact.

    Attributes:
        per_step: cycles of a time step; of an event array the most, when every element is an event.
        output_beats: the cycle in which each beat of the outputs is transferred, of the sequences that were given;
            cycle 0 is the first after the reset.
        step_ends: the cycle in which the last beat of each of their time steps is decided.
    """

    per_step: int
    output_beats: list[int]
    step_ends: list[int]


class Model:
    """A network of integers, as a ``.safetensors`` model file holds it.

    The methods that make hardware take the same options: ``design``, a design file or its fields as a dictionary (without
    it, the largest array that fits the device), ``device`` (its name, default ``ice40-hx8k``), ``reserve`` (percent of the
    device left to other logic) and ``prefix`` (what the names of the Verilog modules begin with).
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        """Reads a model file. Raises ``Error`` where it is none."""
        self._native = _native.Model(path)
        self._description: dict[str, Any] = json.loads(self._native.description())

    @property
    def name(self) -> str:
        """Name of the network."""
        return self._native.name

    @property
    def input_size(self) -> int:
        """Elements X of an input vector."""
        return self._native.input_size

    @property
    def input_bits(self) -> int:
        """Bits b of an input element: 2 for a trit, 3 to 8 for an integer of magnitude up to 2^(b-1) - 1."""
        return self._native.input_bits

    @property
    def output_size(self) -> int:
        """Outputs N of the head, or hidden units H of the last layer where there is no head."""
        return self._native.output_size

    @property
    def output(self) -> str:
        """``last``: an output per sequence; ``every``: one per time step."""
        return self._native.output

    @property
    def labels(self) -> list[str] | None:
        """Class names, one per output, where the file has them."""
        return self._native.labels

    @property
    def layers(self) -> list[dict[str, Any]]:
        """Kind, sizes and constants of each layer from the input up, with the names of the file."""
        return [dict(layer) for layer in self._description["layers"]]

    @property
    def preprocessing(self) -> dict[str, Any] | None:
        """How raw data become inputs, where the file says it."""
        return self._description.get("preprocessing")

    def __repr__(self) -> str:
        sizes = " -> ".join(
            f"{layer['kind']} {layer.get('hidden_size', layer.get('output_size'))}" for layer in self.layers
        )
        return f"Model({self.name!r}: {self.input_size} inputs of {self.input_bits} bits -> {sizes})"

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the model file, whole or not at all."""
        self._native.save(path)

    def quantize(self, features: ArrayLike) -> NDArray[np.int32]:
        """Inputs of real features ``[..., X]``, scaled as in training: ``round((v - offset) * scale)``, halves away from zero,
        saturated to the inputs' range.

        Raises ``Error`` where the file has no offset and scale, or the features are of another width.
        """
        scaling = self.preprocessing or {}
        if scaling.get("features") != "scaled":
            kind = scaling.get("features", "integers")
            raise Error(f"model {self.name} takes {kind}, expected one of scaled features, which has an offset and a scale for each")
        values = np.asarray(features, dtype=np.float64)
        if values.ndim == 0 or values.shape[-1] != self.input_size:
            raise Error(f"features have shape {list(values.shape)}, expected {self.input_size} in the last dimension")
        if not np.isfinite(values).all():
            raise Error("features hold a value that is not finite, expected numbers")
        limit = 2 ** (self.input_bits - 1) - 1
        steps = (values - np.asarray(scaling["offset"])) * np.asarray(scaling["scale"])
        rounded = np.copysign(np.floor(np.abs(steps) + 0.5), steps)
        return np.clip(rounded, -limit, limit).astype(np.int32)

    def run(self, x: ArrayLike) -> NDArray[np.int32]:
        """Outputs of integer inputs ``[time, X]`` or ``[batch, time, X]``, each sequence from zero state: the numbers that the
        hardware gives.

        Returns ``[N]`` where the network gives one output per sequence and ``[time, N]`` where it gives one per time step, with
        ``batch`` in front where x has it. Raises ``Error`` where x is of another shape, type or range.
        """
        return self._native.run(x)

    def start(self, sequences: int | None = None) -> State:
        """One sequence at its start, or several side by side, to be run step by step as inputs come in.

        ``start().step(x)`` takes integers ``[X]`` and returns ``[N]``; ``start(sequences)`` takes ``[sequences, X]`` and returns
        ``[sequences, N]``. ``reset()`` goes back to the start. An array of int32 is the fastest to take.
        """
        return self._native.start(sequences)

    def trace(self, x: ArrayLike) -> list[dict[str, NDArray[np.int32]]]:
        """What every layer goes through in one sequence ``[time, X]``: for each layer from the input up a dictionary of arrays
        ``[time, H]`` with its gates (``i``, ``f``, ``g``, ``o``, or ``r``, ``z``, ``n``), its state (``c``, or ``q``) and its hidden
        state ``h``; of a head ``y`` ``[time, N]``.
        """
        return self._native.trace(x)

    def cycles(self, design: str | PathLike[str] | Mapping[str, Any] | None = None, x: ArrayLike | None = None, **options: Any) -> Cycles:
        """Clock cycles of the network on an array, and of each beat where sequences of integers ``x`` are given, ``[time, X]`` or
        ``[batch, time, X]``; on an event array these depend on what the sequences hold.
        """
        core = _native.Core(self._native, design, **options)
        output_beats, step_ends = ([], []) if x is None else core.timeline(x)
        return Cycles(core.cycles_per_step(), output_beats, step_ends)

    def verilog(self, design: str | PathLike[str] | Mapping[str, Any] | None = None, **options: Any) -> str:
        """The Verilog of the network's core: one file with the top module ``tern_core``, or ``tern_bytes`` behind byte streams."""
        return _native.Core(self._native, design, **options).verilog()

    def report(self, design: str | PathLike[str] | Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """What the core is, in numbers: array, memories, widths, streams, cycles, efficiency; the fields of ``report.json``."""
        return json.loads(_native.Core(self._native, design, **options).report())

    def generate(self, folder: str | PathLike[str], design: str | PathLike[str] | Mapping[str, Any] | None = None, **options: Any) -> None:
        """Writes ``tern.v``, ``report.json`` and ``design.json`` to a folder: all of them, or none where one cannot be written."""
        _native.Core(self._native, design, **options).write(folder)
