"""The integers of one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from .cells import GRU_SIGNED, LSTM_SIGNED, Tables
from .straight import rounded, trits

if TYPE_CHECKING:
    from .recurrent import Recurrent

# Bits of an input that is a trit.
TRIT_BITS = 2
# Pre-activation that a ternary product counts where a gate's relative slope is 1, and the range of relative slopes.
PRODUCT_SLOPE, _SLOPES = 0.1, (0.05, 50.0)
# Biases are multiples of a ternary product over 2 to the power of this, of at most 15 bits.
_BIAS_BITS, _BIAS_LIMIT = 2, 32767
# Integers up to this are exact in 32-bit floats.
_EXACT = 2**24


class Layer:
    """What a layer computes with in one pass: integers, held in floats."""

    def __init__(self, owner: Recurrent, k: int) -> None:
        formats, gates = owner.formats, owner.gates
        weight_ih, weight_hh, bias_ih, bias_hh, slopes = owner.parameters_of(k)
        unit = PRODUCT_SLOPE / 2**formats.lut_shift
        units = torch.full_like(slopes, unit)
        units[gates:] = 1.0
        slopes = slopes.clamp(*_SLOPES) * units
        bias_ih = bias_ih + functional.linear(owner.offset_of(k), weight_ih)
        hidden, one = owner.hidden_size, slopes[:gates].repeat_interleave(owner.hidden_size)
        if gates == 4:
            bias_x, bias_h = (bias_ih + bias_hh) / one, torch.zeros_like(bias_hh)
        else:
            # The candidate's hidden bias stands inside of the product with the reset gate.
            inner = torch.arange(3 * hidden) >= 2 * hidden
            bias_x = (bias_ih + bias_hh.masked_fill(inner.to(bias_hh.device), 0.0)) / one
            bias_h = bias_hh.masked_fill(~inner.to(bias_hh.device), 0.0) / one
        step = 2 ** max(0, formats.lut_shift - _BIAS_BITS)
        limit = _BIAS_LIMIT // step
        self.bias_x, self.bias_h = (
            rounded(bias / step).clamp(-limit, limit) * step for bias in (bias_x, bias_h)
        )
        self.input_shift, self.hidden_shift = owner.shifts_of(k)
        self.trits_ih = trits(weight_ih / owner.scale_of(k), gates)
        self.trits_hh = trits(weight_hh, gates)
        self.tables = Tables(formats, slopes, LSTM_SIGNED if gates == 4 else GRU_SIGNED)
        largest = 2 ** (owner.bits_of(k) - 1) - 1
        bound = (self.trits_ih.shape[1] * largest << self.input_shift) + (hidden << self.hidden_shift) + _BIAS_LIMIT
        self.exact = torch.float32 if bound < _EXACT and formats.state_bits + formats.gate_frac < 23 else torch.float64
