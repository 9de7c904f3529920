"""Records small networks of the layers for PyTorch, and their outputs in evaluation, for test_vectors.py."""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

import tern_fpga as tern
from tern_fpga.torch import GRU, LSTM, Formats, Linear

CASES = {
    "lstm-f7": (LSTM, Formats(), 8, 1, True),
    "lstm-f3-two-layers": (LSTM, Formats(gate_frac=3, state_bits=8, state_lut_shift=1), 4, 2, False),
    "lstm-f0": (LSTM, Formats.hitnet(), 2, 1, True),
    "gru-f7-two-layers": (GRU, Formats(), 8, 2, True),
    "gru-f3": (GRU, Formats(gate_frac=3), 4, 1, False),
    "gru-f0": (GRU, Formats.hitnet(), 2, 1, True),
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for seed, (name, (kind, formats, bits, layers, head)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        rnn = kind(5, 12, layers, batch_first=True, input_bits=bits, formats=formats)
        features = 2 * torch.randn(3, 8, 5, dtype=torch.float64)
        rnn.calibrate(features)
        with torch.no_grad():
            for parameter, value in rnn.named_parameters():
                if parameter.startswith("bias"):
                    value.uniform_(-2, 2)
                elif parameter.startswith("slopes"):
                    value *= 2
        parts = nn.ModuleList([rnn, *([Linear(12, 4)] if head else [])]).eval()
        tern.export(parts, folder / f"{name}.safetensors", name=name, output="every")
        with torch.no_grad():
            states, _ = rnn(features.float())
            outputs = parts[1].integers(states) if head else states
        np.savez(folder / f"{name}.npz", features=features.float().numpy(), outputs=outputs.numpy().astype(np.int32))


if __name__ == "__main__":
    main()
