"""Number formats of a layer: the constants of its model file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Formats:
    """Number formats of an LSTM or GRU; the names are those of the model file.

    Attributes:
        gate_frac: fraction bits F of gates and state, 0 to 8; 0 is pure HitNet, without a multiplier anywhere.
        lut_bits: address bits A of the activation tables, 1 to 10.
        state_bits: bits C of the cell state, 2 to 24.
        lut_shift: right shift of the sums before their tables, 0 to 16, at least ``input_bits - 2``.
        state_lut_shift: right shift of an LSTM's cell state before its table, 0 to 16.
        threshold: magnitude from which the hidden state is not 0, above 0 and at most 1.
        hidden_scale: mean magnitude of the full-precision hidden state that a trit replaces, where trained weights are taken over.
    """

    gate_frac: int = 7
    lut_bits: int = 6
    state_bits: int = 12
    lut_shift: int = 6
    state_lut_shift: int = 4
    threshold: float = 0.5
    hidden_scale: float = 0.5

    def __post_init__(self) -> None:
        for field, low, high in (
            ("gate_frac", 0, 8),
            ("lut_bits", 1, 10),
            ("state_bits", 2, 24),
            ("lut_shift", 0, 16),
            ("state_lut_shift", 0, 16),
        ):
            value = getattr(self, field)
            if not isinstance(value, int) or not low <= value <= high:
                raise ValueError(f"{field} is {value!r}, expected {low} to {high}")
        for field in ("threshold", "hidden_scale"):
            value = getattr(self, field)
            if not 0 < value <= 1:
                raise ValueError(f"{field} is {value!r}, expected above 0 and at most 1")

    @property
    def one(self) -> int:
        """The integer that stands for 1."""
        return 1 << self.gate_frac

    @classmethod
    def hitnet(cls) -> Formats:
        """Pure HitNet: F = 0, gates in {0, 1}, the cell state a counter."""
        return cls(gate_frac=0, lut_bits=6, state_bits=6, lut_shift=6, state_lut_shift=0)
