"""LSTM and GRU in the place of ``torch.nn``'s, computing the integers of the hardware."""

from __future__ import annotations

from typing import Any, Union

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence

from .cells import gru_step, lstm_step
from .formats import Formats
from .layer import PRODUCT_SLOPE, TRIT_BITS, Layer
from .straight import kept_magnitude, rounded

# Relative slope of the gates where training begins with random weights.
_FIRST_SLOPE = 1.875

State = Union[Tensor, tuple[Tensor, Tensor]]


class Recurrent(nn.Module):
    """What ``LSTM`` and ``GRU`` share. See there."""

    gates: int
    kind: str

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        input_bits: int = 8,
        formats: Formats | None = None,
    ) -> None:
        super().__init__()
        for field, value, expected in (("bidirectional", bidirectional, False), ("proj_size", proj_size, 0)):
            if value != expected:
                raise ValueError(f"{field} is {value}, expected {expected}: the hardware has one direction and no projection")
        for field, value, high in (("input_size", input_size, 4096), ("hidden_size", hidden_size, 4096), ("num_layers", num_layers, 64)):
            if not 1 <= value <= high:
                raise ValueError(f"{field} is {value}, expected 1 to {high}")
        formats = formats or Formats()
        if not TRIT_BITS <= input_bits <= 8:
            raise ValueError(f"input_bits is {input_bits}, expected 2 to 8")
        if formats.lut_shift < input_bits - TRIT_BITS:
            raise ValueError(f"lut_shift is {formats.lut_shift}, expected {input_bits - TRIT_BITS} or more with inputs of {input_bits} bits")
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, dropout
        self.input_bits, self.formats = input_bits, formats
        rows, spread = self.gates * hidden_size, hidden_size**-0.5
        slopes = self.gates + (1 if self.gates == 4 else 0)
        for k in range(num_layers):
            columns = input_size if k == 0 else hidden_size
            for name, shape in ((f"weight_ih_l{k}", (rows, columns)), (f"weight_hh_l{k}", (rows, hidden_size))):
                self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-spread, spread)))
            if bias:
                for name in (f"bias_ih_l{k}", f"bias_hh_l{k}"):
                    self.register_parameter(name, nn.Parameter(torch.zeros(rows)))
            first = torch.full((slopes,), _FIRST_SLOPE)
            first[self.gates :] = 1.0
            self.register_parameter(f"slopes_l{k}", nn.Parameter(first))
            self.register_buffer(f"shifts_l{k}", torch.tensor([0, 1]))
        self.register_buffer("input_scale", torch.ones(input_size, dtype=torch.float64))
        self.register_buffer("input_offset", torch.zeros(input_size, dtype=torch.float64))

    def parameters_of(self, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """``weight_ih``, ``weight_hh``, ``bias_ih``, ``bias_hh`` and the slopes of layer k."""
        weight_hh = getattr(self, f"weight_hh_l{k}")
        zero = torch.zeros(len(weight_hh), dtype=weight_hh.dtype, device=weight_hh.device)
        bias_ih, bias_hh = (getattr(self, f"bias_{part}_l{k}", zero) if self.bias else zero for part in ("ih", "hh"))
        return getattr(self, f"weight_ih_l{k}"), weight_hh, bias_ih, bias_hh, getattr(self, f"slopes_l{k}")

    def bits_of(self, k: int) -> int:
        """Bits of an input element of layer k."""
        return self.input_bits if k == 0 else TRIT_BITS

    def scale_of(self, k: int) -> Tensor:
        """What an input of 1 counts in layer k, of each element, in the integers that count as a trit does."""
        weight = getattr(self, f"weight_ih_l{k}")
        if k == 0:
            return (self.input_scale / 2 ** (self.input_bits - TRIT_BITS)).to(weight.dtype)
        return torch.ones(weight.shape[1], dtype=weight.dtype, device=weight.device)

    def offset_of(self, k: int) -> Tensor:
        """What an input of the integer 0 stands for in layer k."""
        weight = getattr(self, f"weight_ih_l{k}")
        if k == 0:
            return self.input_offset.to(weight.dtype)
        return torch.zeros(weight.shape[1], dtype=weight.dtype, device=weight.device)

    def shifts_of(self, k: int) -> tuple[int, int]:
        """``input_shift`` and ``hidden_shift`` of layer k."""
        more_input, more_hidden = (int(v) for v in getattr(self, f"shifts_l{k}"))
        base = self.formats.lut_shift
        return base + more_input - (self.bits_of(k) - TRIT_BITS), base + more_hidden

    def calibrate(self, x: Tensor) -> None:
        """Takes the scaling of the inputs from real features ``[..., X]``, all of the training part: each element gets mean 0 and
        a deviation of 15/16 of half of the integers' range; one that never changes gets scale 1."""
        values = x.detach().reshape(-1, self.input_size).to(torch.float64)
        deviation = values.std(dim=0, unbiased=False)
        target = 15 / 16 * 2 ** (self.input_bits - TRIT_BITS)
        scale = torch.where(deviation > 0, target / deviation.clamp(min=1e-300), torch.ones_like(deviation))
        self.input_offset.copy_(values.mean(dim=0))
        self.input_scale.copy_(scale)

    @torch.no_grad()
    def take_over(self) -> None:
        """Sets slopes and shifts from full-precision weights, so that training begins near what they compute: a ternary product
        stands for the mean product of the weights and inputs that it keeps."""
        for k in range(self.num_layers):
            weight_ih, weight_hh, _, _, slopes = self.parameters_of(k)
            unit = 1.0 if k == 0 else self.formats.hidden_scale
            inputs = kept_magnitude(weight_ih / self.scale_of(k), self.gates) * unit
            hidden = kept_magnitude(weight_hh, self.gates) * self.formats.hidden_scale
            tiny = torch.finfo(inputs.dtype).tiny
            inputs, hidden = inputs.clamp(min=tiny), hidden.clamp(min=tiny)
            ratio = float((inputs / hidden).log2().mean().round().clamp(-8, 8))
            more = torch.tensor([max(0, int(ratio)), max(0, -int(ratio))])
            getattr(self, f"shifts_l{k}").copy_(more)
            gate = (inputs / 2 ** int(more[0]) * hidden / 2 ** int(more[1])).sqrt()
            slopes[: self.gates] = gate / PRODUCT_SLOPE

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        # The weights of torch.nn's layer have no slopes: they follow from the weights.
        own = [name for name, _ in [*self.named_parameters(), *self.named_buffers()]]
        absent = [name for name in own if not name.startswith(("weight", "bias")) and prefix + name not in state_dict]
        for name in absent:
            state_dict[prefix + name] = getattr(self, name).detach().clone()
        super()._load_from_state_dict(state_dict, prefix, *rest)
        if any(name.startswith("slopes") for name in absent):
            self.take_over()

    def quantized(self, x: Tensor) -> Tensor:
        """The integers of real inputs ``[..., X]``, as the hardware takes them; the gradient is that of their scaling."""
        limit = 2 ** (self.input_bits - 1) - 1
        steps = (x.to(torch.float64) - self.input_offset) * self.input_scale
        return rounded(steps).clamp(-limit, limit)

    def forward(self, input: Tensor | PackedSequence, hx: State | None = None) -> tuple[Any, State]:
        """As that of ``torch.nn``'s layer: ``input`` ``[T, B, X]``, ``[B, T, X]`` where ``batch_first``, ``[T, X]`` or packed, of real
        features; returns the hidden states, trits, and the last state of every layer."""
        if isinstance(input, PackedSequence):
            data, sizes = input.data, input.batch_sizes.tolist()
            state = self._begin(hx, sizes[0], data, input.sorted_indices)
            out, last = self._layers(data, sizes, state)
            packed = PackedSequence(out, input.batch_sizes, input.sorted_indices, input.unsorted_indices)
            return packed, self._end(last, data.dtype, input.unsorted_indices)
        if input.dim() not in (2, 3) or input.shape[-1] != self.input_size:
            raise ValueError(f"input has shape {list(input.shape)}, expected {self.input_size} in the last of 2 or 3 dimensions")
        single = input.dim() == 2
        x = input.unsqueeze(1) if single else input.transpose(0, 1) if self.batch_first else input
        steps, batch = x.shape[:2]
        if single and hx is not None:
            hx = hx.unsqueeze(1) if isinstance(hx, Tensor) else (hx[0].unsqueeze(1), hx[1].unsqueeze(1))
        out, last = self._layers(x.reshape(-1, self.input_size), [batch] * steps, self._begin(hx, batch, input, None))
        out = out.reshape(steps, batch, self.hidden_size)
        state = self._end(last, input.dtype, None)
        if single:
            return out.squeeze(1), state.squeeze(1) if isinstance(state, Tensor) else (state[0].squeeze(1), state[1].squeeze(1))
        return out.transpose(0, 1) if self.batch_first else out, state

    def _begin(self, hx: State | None, batch: int, like: Tensor, order: Tensor | None) -> list[Tensor]:
        """Hidden state and integer cell state ``[L, B, H]`` that a pass begins with."""
        zero = torch.zeros(self.num_layers, batch, self.hidden_size, dtype=torch.float64, device=like.device)
        parts = [zero, zero] if hx is None else self._given(hx)
        if any(part.shape != zero.shape for part in parts):
            raise ValueError(f"hx has shape {list(parts[0].shape)}, expected {list(zero.shape)}")
        return [part if order is None or hx is None else part.index_select(1, order) for part in parts]

    def _given(self, hx: State) -> list[Tensor]:
        raise NotImplementedError

    def _end(self, last: list[Tensor], dtype: torch.dtype, order: Tensor | None) -> State:
        raise NotImplementedError

    def _layers(self, data: Tensor, sizes: list[int], state: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Outputs of all steps, one behind the other with ``sizes`` sequences each, and the last states."""
        x, dtype = self.quantized(data), data.dtype
        last: list[list[Tensor]] = [[], []]
        for k in range(self.num_layers):
            if k and self.dropout and self.training:
                x = functional.dropout(x, self.dropout)
            x, ends = self._layer(Layer(self, k), x, sizes, state[0][k], state[1][k])
            for part, end in zip(last, ends):
                part.append(end)
        return x.to(dtype), [torch.stack(part) for part in last]

    def _layer(self, layer: Layer, x: Tensor, sizes: list[int], h: Tensor, c: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        exact = layer.exact
        weight_ih, weight_hh = layer.trits_ih.to(exact), layer.trits_hh.to(exact)
        bias_x, bias_h = layer.bias_x.to(exact), layer.bias_h.to(exact)
        sums = functional.linear(x.to(exact), weight_ih) * 2**layer.input_shift + bias_x
        h, c, outputs = h.to(exact), c.to(exact), []
        ended: list[tuple[Tensor, Tensor]] = []
        for part in sums.split(sizes):
            if len(part) < len(h):
                ended.append((h[len(part) :], c[len(part) :]))
                h, c = h[: len(part)], c[: len(part)]
            product = functional.linear(h, weight_hh) * 2**layer.hidden_shift + bias_h
            h, c = lstm_step(layer.tables, part + product, c) if self.gates == 4 else gru_step(layer.tables, part, product, c)
            outputs.append(h)
        ended.append((h, c))
        ends = tuple(torch.cat([end[which] for end in reversed(ended)]) for which in (0, 1))
        return torch.cat(outputs), (ends[0], ends[1])

    def extra_repr(self) -> str:
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}, input_bits={self.input_bits}, {self.formats}"


class LSTM(Recurrent):
    """In the place of ``torch.nn.LSTM``: ternary weights and hidden states, gates and cell state in fixed point.

    The forward pass computes what the hardware computes, in training and in evaluation; the gradients are those of the
    activations and sums that its integers stand for. Arguments are those of ``torch.nn.LSTM``, and by name ``input_bits``, the bits
    of an input element (2 to 8), and ``formats``. Real inputs are scaled to integers by ``input_scale`` and ``input_offset``, which
    ``calibrate`` takes from data. ``state_dict`` has the names of ``torch.nn.LSTM``'s and takes its weights; what else there is to
    know then follows from the weights.
    """

    gates, kind = 4, "lstm"

    def _given(self, hx: State) -> list[Tensor]:
        if isinstance(hx, Tensor):
            raise ValueError("hx is one tensor, expected two: hidden and cell state")
        return [hx[0].to(torch.float64), rounded(hx[1].to(torch.float64) * self.formats.one)]

    def _end(self, last: list[Tensor], dtype: torch.dtype, order: Tensor | None) -> State:
        h, c = (part if order is None else part.index_select(1, order) for part in last)
        return h.to(dtype), (c / self.formats.one).to(dtype)


class GRU(Recurrent):
    """In the place of ``torch.nn.GRU``; see ``LSTM``.

    The hidden state is the trit of a state q that stays inside: what ``forward`` returns last is the hidden state, and every
    sequence begins at zero.
    """

    gates, kind = 3, "gru"

    def _given(self, hx: State) -> list[Tensor]:
        raise ValueError("hx is given, expected none: a GRU's state is more than its hidden state, and begins at zero")

    def _end(self, last: list[Tensor], dtype: torch.dtype, order: Tensor | None) -> State:
        return (last[0] if order is None else last[0].index_select(1, order)).to(dtype)
