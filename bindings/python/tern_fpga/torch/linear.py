"""A linear head in the place of ``torch.nn.Linear``."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .straight import kept_magnitude, rounded, trits

# Largest magnitude of an integer bias.
_BIAS_LIMIT = 2**20


class Linear(nn.Linear):
    """In the place of ``torch.nn.Linear`` on top of ``LSTM`` or ``GRU``: ternary weights, integer biases.

    ``forward`` takes hidden states, trits, and returns the integers of the hardware times ``scale``, which is learned: what is
    largest is the same. ``integers`` returns them alone.
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__(in_features, out_features, bias)
        self.scale = nn.Parameter(torch.ones(()))
        self.take_over()

    @torch.no_grad()
    def take_over(self, hidden_scale: float = 0.5) -> None:
        """Sets the scale from full-precision weights, and trits that stand for hidden states of a magnitude."""
        kept = kept_magnitude(self.weight, 1)[0] * hidden_scale
        self.scale.copy_(kept.clamp(min=1e-6))

    def parts(self) -> tuple[Tensor, Tensor]:
        """Ternary weights ``[N, H]`` and integer biases ``[N]``."""
        weight = trits(self.weight, 1)
        if self.bias is None:
            return weight, torch.zeros(self.out_features, dtype=weight.dtype, device=weight.device)
        bias = rounded(self.bias / self.scale.detach().abs().clamp(min=1e-6))
        return weight, bias.clamp(-_BIAS_LIMIT, _BIAS_LIMIT)

    def integers(self, input: Tensor) -> Tensor:
        """The integers that the hardware gives for hidden states ``[..., H]``."""
        weight, bias = self.parts()
        return functional.linear(input, weight, bias)

    def forward(self, input: Tensor) -> Tensor:
        """Outputs ``[..., N]`` for hidden states ``[..., H]``."""
        return self.integers(input) * self.scale.abs().clamp(min=1e-6)

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: object) -> None:
        # The weights of torch.nn's layer have no scale: it follows from the weights.
        absent = prefix + "scale" not in state_dict
        if absent:
            state_dict[prefix + "scale"] = self.scale.detach().clone()
        super()._load_from_state_dict(state_dict, prefix, *rest)  # type: ignore[arg-type]
        if absent:
            self.take_over()
