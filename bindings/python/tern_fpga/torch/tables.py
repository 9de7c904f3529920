"""Activation tables: what stands in the place of sigmoid and tanh."""

from __future__ import annotations

import torch
from torch import Tensor

from .straight import straight


def _activation(signed: bool, argument: Tensor) -> Tensor:
    return torch.tanh(argument) if signed else torch.sigmoid(argument)


def table(signed: bool, bits: int, shift: int, slope: Tensor, one: int) -> Tensor:
    """The ``2^bits`` integer values of an activation, float64: each that in the middle of the arguments of its address,
    ``slope * argument`` being the argument of tanh (``signed``) or sigmoid, rounded to ``1 / one``."""
    half = 1 << (bits - 1)
    address = torch.arange(-half, half, dtype=torch.float64)
    middle = (2**shift - 1) / 2
    argument = (address * 2**shift + middle) * float(slope.detach())
    value = _activation(signed, argument) * one
    return torch.copysign((value.abs() + 0.5).floor(), value)


def lookup(values: Tensor, argument: Tensor, shift: int, slope: Tensor, signed: bool, one: int) -> Tensor:
    """``values[clamp(argument >> shift) + half]`` with the gradient of the activation itself, with respect to argument and slope."""
    half = len(values) // 2
    address = (argument.detach() / 2**shift).floor().clamp(-half, half - 1) + half
    hard = values.to(argument.dtype)[address.long()]
    return straight(_activation(signed, argument * slope) * one, hard)
