"""One time step of the hardware, in floats that hold its integers exactly.

The equations are those of docs/formats.md; ``one`` is 2^F. Gates are in PyTorch's order, i, f, g, o and r, z, n.
"""

from __future__ import annotations

from math import ceil

from torch import Tensor

from .formats import Formats
from .straight import shifted, straight
from .tables import lookup, table

LSTM_SIGNED = (False, False, True, False)
GRU_SIGNED = (False, False, True)


class Tables:
    """The activation tables of a layer, made once per sequence: of each gate, then of an LSTM's cell state."""

    def __init__(self, formats: Formats, slopes: Tensor, signed: tuple[bool, ...]) -> None:
        """``slopes``: pre-activation per integer of each gate, then of an LSTM the slope of tanh(c)."""
        self.formats = formats
        self.slopes = slopes
        self.signed = signed
        one = formats.one
        self.gates = [
            table(signed, formats.lut_bits, formats.lut_shift, slopes[gate], one) for gate, signed in enumerate(signed)
        ]
        self.state = None
        if len(slopes) > len(signed):
            slope = slopes[len(signed)] / one
            self.state = table(True, formats.lut_bits, formats.state_lut_shift, slope, one)

    def gate(self, gate: int, sums: Tensor) -> Tensor:
        """Integer values of a gate for its sums."""
        formats = self.formats
        return lookup(self.gates[gate], sums, formats.lut_shift, self.slopes[gate], self.signed[gate], formats.one)

    def squashed(self, state: Tensor) -> Tensor:
        """Integer values of tanh(c) for cell states."""
        formats = self.formats
        assert self.state is not None
        slope = self.slopes[len(self.signed)] / formats.one
        return lookup(self.state, state, formats.state_lut_shift, slope, True, formats.one)


def _clamped(state: Tensor, bits: int) -> Tensor:
    limit = 2 ** (bits - 1)
    return state.clamp(-limit, limit - 1)


def integer_threshold(formats: Formats, unit: int) -> int:
    """The threshold in integers of which ``unit`` stand for 1, rounded up."""
    return max(1, ceil(formats.threshold * unit))


def _ternary(value: Tensor, formats: Formats, unit: int) -> Tensor:
    threshold = integer_threshold(formats, unit)
    hard = (value >= threshold).to(value.dtype) - (value <= -threshold).to(value.dtype)
    return straight(value / unit, hard)


def lstm_step(tables: Tables, sums: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden and cell state ``[B, H]`` after a step, of sums ``[B, 4H]`` and the cell state before it."""
    formats = tables.formats
    i, f, g, o = (tables.gate(gate, part) for gate, part in enumerate(sums.chunk(4, dim=1)))
    state = _clamped(shifted(f * state + i * g, formats.gate_frac), formats.state_bits)
    product = o * tables.squashed(state)
    return _ternary(product, formats, formats.one**2), state


def gru_step(tables: Tables, x: Tensor, h: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """Hidden state and state q ``[B, H]`` after a step, of the sums of inputs and hidden state, ``[B, 3H]`` each."""
    formats = tables.formats
    x_r, x_z, a = x.chunk(3, dim=1)
    h_r, h_z, b = h.chunk(3, dim=1)
    r = tables.gate(0, x_r + h_r)
    u = tables.gate(1, x_z + h_z)
    n = tables.gate(2, _floor(a) + shifted(r * _floor(b), formats.gate_frac))
    state = _clamped(shifted((formats.one - u) * n + u * state, formats.gate_frac), formats.state_bits)
    return _ternary(state, formats, formats.one), state


def _floor(values: Tensor) -> Tensor:
    """Whole numbers, where dropout made fractions; the gradient passes unchanged."""
    return straight(values, values.floor())
