"""A layer of 300 units and 300 inputs: Tern's integers beside PyTorch's 32-bit floats, in turns, on one thread of one machine.

    bindings/python/check torch
    .tern/python/bin/python bindings/python/benchmarks/step.py

A line per cell and way of running it: `sequence` gives whole sequences of 200 steps to one call, `step` one step per call, as
live data come in, `batch` eight sequences at once. Times are of the processor, so that other work of the machine counts little,
per time step of one sequence: the median of 15 rounds, in which the two take turns. Tern's layer is that of `tern_fpga.torch` with its random weights, exported to a model file and run by
`Model`; its inputs are trits or integers of 8 bits, its hidden state a trit.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

import tern_fpga as tern

UNITS, STEPS, BATCH, ROUNDS = 300, 200, 8, 15


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def one_by_one(layer: torch.nn.Module, x: torch.Tensor) -> None:
    state = None
    for step in range(len(x)):
        state = layer(x[step : step + 1], state)[1]


def compare(name: str, floats: Callable[[], object], integers: Callable[[], object], steps: int) -> None:
    """Prints both times and their ratio, of `steps` steps a call."""
    floats(), integers()
    rounds = [(seconds(floats), seconds(integers)) for _ in range(ROUNDS)]
    theirs, ours = (statistics.median(times) / steps * 1e6 for times in zip(*rounds))
    ratio = statistics.median(a / b for a, b in rounds)
    print(f"{name:<20} PyTorch {theirs:7.1f} us   Tern {ours:6.2f} us   {ratio:5.1f} x")


def model_of(kind: str, bits: int, folder: str) -> tern.Model:
    layer = getattr(tern.torch, kind)(UNITS, UNITS, input_bits=bits).eval()
    return tern.export(layer, Path(folder, f"{kind}.safetensors"), output="every")


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
    with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        for kind in ("LSTM", "GRU"):
            layer = getattr(torch.nn, kind)(UNITS, UNITS).eval()
            floats = torch.randn(STEPS, BATCH, UNITS)
            for bits in (2, 8):
                model = model_of(kind, bits, folder)
                limit = 2 ** (bits - 1) - 1
                x = random.integers(-limit, limit + 1, (BATCH, STEPS, UNITS), dtype=np.int32)
                state = model.start()
                name = f"{kind} {bits}-bit"
                compare(f"{name} sequence", lambda: layer(floats[:, :1]), lambda: model.run(x[0]), STEPS)
                compare(f"{name} step", lambda: one_by_one(layer, floats[:, :1]), lambda: [state.step(v) for v in x[0]], STEPS)
                compare(f"{name} batch", lambda: layer(floats), lambda: model.run(x), STEPS * BATCH)


if __name__ == "__main__":
    main()
