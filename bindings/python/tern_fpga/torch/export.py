"""Model files of trained modules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from typing import Any, Union

import numpy as np
import torch
from torch import Tensor, nn

from .._native import Error, write_model
from ..model import Model
from .cells import integer_threshold
from .layer import Layer
from .linear import Linear
from .recurrent import Recurrent

_Path = Union[str, "PathLike[str]"]


@torch.no_grad()
def export(
    module: nn.Module,
    path: _Path,
    *,
    name: str = "network",
    output: str = "last",
    labels: Sequence[str] | None = None,
) -> Model:
    """Writes the model file of a module: of its ``LSTM`` and ``GRU`` layers from the input up, in the order in which the module
    names them, and of the ``Linear`` on top, where it has one.

    Args:
        module: the trained module, or a layer of this package.
        path: the file, ``.safetensors``.
        name: name of the network.
        output: ``last`` for an output per sequence, ``every`` for one per time step.
        labels: class names, one per output.

    Returns:
        The model file, read back: its ``run`` gives the integers that the module gives in evaluation.

    Raises:
        Error: where the module has no layer of this package, or layers that do not stand on one another.
    """
    parts = [part for part in module.modules() if isinstance(part, (Recurrent, Linear))]
    recurrent = [part for part in parts if isinstance(part, Recurrent)]
    heads = [part for part in parts if isinstance(part, Linear)]
    if not recurrent:
        raise Error(f"{type(module).__name__} has no LSTM or GRU of tern_fpga.torch, expected one: convert puts it in place")
    if len(heads) > 1:
        raise Error(f"{type(module).__name__} has {len(heads)} Linear layers, expected one head on top of the recurrent layers")
    layers: list[dict[str, Any]] = []
    tensors: dict[str, np.ndarray[Any, Any]] = {}
    size = recurrent[0].input_size
    for part in recurrent:
        if part.input_size != size:
            raise Error(f"a layer takes {part.input_size} elements, expected the {size} of the layer below")
        if part is not recurrent[0] and (part.input_bits != 2 or bool((part.input_scale != 1).any())):
            raise Error(f"a layer above another takes inputs of {part.input_bits} bits, expected unscaled trits: input_bits=2")
        for k in range(part.num_layers):
            layers.append(_recurrent(part, k, f"layers.{len(layers)}.", tensors))
        size = part.hidden_size
    for head in heads:
        if head.in_features != size:
            raise Error(f"the head takes {head.in_features} elements, expected the {size} of the layer below")
        weight, bias = head.parts()
        prefix = f"layers.{len(layers)}."
        tensors[prefix + "weight"] = _array(weight, np.int8)
        tensors[prefix + "bias"] = _array(bias, np.int32)
        layers.append({"kind": "linear", "input_size": head.in_features, "output_size": head.out_features})
    first = recurrent[0]
    header: dict[str, Any] = {
        "version": 1,
        "name": name,
        "input_size": first.input_size,
        "input_bits": first.input_bits,
        "layers": layers,
        "output": output,
        "preprocessing": {
            "features": "scaled",
            "offset": first.input_offset.tolist(),
            "scale": first.input_scale.tolist(),
        },
    }
    if labels is not None:
        header["labels"] = list(labels)
    write_model(path, json.dumps(header), tensors)
    return Model(path)


def _recurrent(part: Recurrent, k: int, prefix: str, tensors: dict[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
    layer, formats, lstm = Layer(part, k), part.formats, part.kind == "lstm"
    hidden = part.hidden_size
    tensors[prefix + "weight_ih"] = _array(layer.trits_ih, np.int8)
    tensors[prefix + "weight_hh"] = _array(layer.trits_hh, np.int8)
    bias = layer.bias_x if lstm else torch.cat([layer.bias_x, layer.bias_h[2 * hidden :]])
    tensors[prefix + "bias"] = _array(bias, np.int32)
    tensors[prefix + "lut"] = _array(torch.stack(layer.tables.gates), np.int16)
    fields: dict[str, Any] = {
        "kind": part.kind,
        "input_size": layer.trits_ih.shape[1],
        "hidden_size": hidden,
        "gate_frac": formats.gate_frac,
        "lut_bits": formats.lut_bits,
        "state_bits": formats.state_bits,
        "input_shift": layer.input_shift,
        "hidden_shift": layer.hidden_shift,
        "lut_shift": [formats.lut_shift] * part.gates,
    }
    if lstm:
        assert layer.tables.state is not None
        tensors[prefix + "state_lut"] = _array(layer.tables.state, np.int16)
        fields["state_lut_shift"] = formats.state_lut_shift
    return {**fields, "threshold": integer_threshold(formats, formats.one ** (2 if lstm else 1))}


def _array(values: Tensor, dtype: type[np.generic]) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(values.detach().cpu().numpy().astype(dtype))
