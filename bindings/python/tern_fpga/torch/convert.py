"""Trained modules with Tern's layers in the place of PyTorch's."""

from __future__ import annotations

import copy
from typing import TypeVar, Union

from torch import Tensor, nn

from .formats import Formats
from .linear import Linear
from .recurrent import GRU, LSTM

Module = TypeVar("Module", bound=nn.Module)
_Float = Union[nn.LSTM, nn.GRU]


def convert(module: Module, *, inputs: Tensor | None = None, input_bits: int = 8, formats: Formats | None = None) -> Module:
    """A copy of a module in which ``LSTM``, ``GRU`` and ``Linear`` of this package stand in the place of ``torch.nn``'s, with their
    weights; the training loop stays the user's own.

    Args:
        module: a module with ``torch.nn.LSTM`` or ``torch.nn.GRU`` layers, or such a layer itself; it is left as it is.
        inputs: real features ``[..., X]`` of the training part, from which the scaling of the first layer's inputs is taken;
            without them an input is taken for an integer.
        input_bits: bits of an input element.
        formats: number formats of all layers.

    Raises:
        ValueError: where the module has no such layer, or one that the hardware cannot be: of two directions, or with a projection.
    """
    formats = formats or Formats()
    found = [name for name, part in module.named_modules() if isinstance(part, (nn.LSTM, nn.GRU))]
    if not found:
        raise ValueError(f"{type(module).__name__} has no torch.nn.LSTM or torch.nn.GRU, expected one or more")
    if isinstance(module, (nn.LSTM, nn.GRU)):
        return _recurrent(module, "the module", inputs, input_bits, formats)  # type: ignore[return-value]
    converted = copy.deepcopy(module)
    for name, part in list(converted.named_modules()):
        if isinstance(part, (nn.LSTM, nn.GRU)):
            own: nn.Module = _recurrent(part, name, inputs, input_bits, formats)
        elif type(part) is nn.Linear:
            own = _linear(part, formats)
        else:
            continue
        parent, _, attribute = name.rpartition(".")
        setattr(converted.get_submodule(parent), attribute, own)
    return converted


def _recurrent(layer: _Float, name: str, inputs: Tensor | None, input_bits: int, formats: Formats) -> LSTM | GRU:
    if layer.bidirectional or layer.proj_size:
        what = "two directions" if layer.bidirectional else "a projection"
        raise ValueError(f"{name} has {what}, expected one direction and no projection: the hardware has neither")
    kind = LSTM if isinstance(layer, nn.LSTM) else GRU
    own = kind(
        layer.input_size,
        layer.hidden_size,
        layer.num_layers,
        bias=layer.bias,
        batch_first=layer.batch_first,
        dropout=layer.dropout,
        input_bits=input_bits,
        formats=formats,
    )
    own.to(next(layer.parameters()))
    if inputs is not None and inputs.shape[-1] == layer.input_size:
        own.calibrate(inputs)
    missing = own.load_state_dict(layer.state_dict(), strict=False).missing_keys
    assert not [name for name in missing if name.startswith(("weight", "bias"))]
    own.take_over()
    return own.train(layer.training)


def _linear(layer: nn.Linear, formats: Formats) -> Linear:
    own = Linear(layer.in_features, layer.out_features, layer.bias is not None)
    own.to(layer.weight)
    own.load_state_dict(layer.state_dict(), strict=False)
    own.take_over(formats.hidden_scale)
    return own.train(layer.training)
