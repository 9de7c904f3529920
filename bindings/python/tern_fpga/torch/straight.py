"""Values of the hardware with the gradients of what they stand for (straight-through estimators)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

# Fraction of the mean magnitude below which a weight becomes 0 (Li et al., Ternary Weight Networks, 2016).
_THRESHOLD = 0.7


class _Straight(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, soft: Tensor, hard: Tensor) -> Tensor:
        return hard

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return gradient, None


def straight(soft: Tensor, hard: Tensor) -> Tensor:
    """``hard``, bit for bit, with the gradient of ``soft``; both of one shape."""
    return _Straight.apply(soft, hard.detach())  # type: ignore[no-any-return]


def trits(weights: Tensor, gates: int) -> Tensor:
    """Ternary values of weights ``[gates * H, X]``: the sign where the magnitude exceeds 0.7 of the mean magnitude of the gate's
    block, otherwise 0; the gradient passes unchanged."""
    blocks = weights.detach().reshape(gates, -1)
    threshold = _THRESHOLD * blocks.abs().mean(dim=1, keepdim=True)
    hard = (blocks > threshold).to(weights.dtype) - (blocks < -threshold).to(weights.dtype)
    return straight(weights, hard.reshape(weights.shape))


def kept_magnitude(weights: Tensor, gates: int) -> Tensor:
    """Mean magnitude ``[gates]`` of the weights that do not become 0 as trits; 0 where all of them do."""
    kept = trits(weights, gates).reshape(gates, -1) != 0
    magnitude = weights.detach().reshape(gates, -1).abs() * kept
    return magnitude.sum(dim=1) / kept.sum(dim=1).clamp(min=1)


def rounded(values: Tensor) -> Tensor:
    """Nearest integers, halves away from zero; the gradient passes unchanged."""
    return straight(values, torch.copysign((values.abs() + 0.5).floor(), values))


def shifted(values: Tensor, bits: int) -> Tensor:
    """``(v + 2^(bits-1)) >> bits``, and ``v`` for 0 bits: of integers; the gradient is that of the quotient."""
    if bits == 0:
        return values
    return straight(values / 2**bits, ((values + 2 ** (bits - 1)) / 2**bits).floor())
