"""Tern's training step beside PyTorch's, in turns on the same machine with the same number of threads.

    cargo bench -p tern-train --no-run
    python3 -m venv .tern/torch && .tern/torch/bin/pip install torch numpy
    .tern/torch/bin/python train/benches/pytorch.py target/release/deps/training_step-HASH --threads 1 --rounds 15

A round runs each program in turn; a line a measurement gives the median over the rounds of Tern's tokens a second over
PyTorch's: of a round's median steps, of its fastest ones, and by the processor time of a step, which is what a machine
with other work to do can measure. `layer` is an LSTM of 300 units and 300 inputs, batch 20,
35 steps: forward, backward, SGD. `model` and `model-full` are language models of that layer with 10,000 words, the
embedding tied to the softmax, the gradient's norm limited, Adam; PyTorch's softmax is over all words in both.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time

UNITS, BATCH, STEPS, WORDS, WARM_UP = 300, 20, 35, 10_000, 5


def layer():
    """A step of the layer alone."""
    import torch

    lstm = torch.nn.LSTM(UNITS, UNITS)
    sgd = torch.optim.SGD(lstm.parameters(), 0.1)
    inputs = torch.randn(STEPS, BATCH, UNITS, requires_grad=True)  # as the embedding below a layer needs it

    def step():
        sgd.zero_grad()
        lstm(inputs)[0].square().mean().backward()
        sgd.step()

    return step


def model():
    """A step of the language model."""
    import torch

    embedding = torch.nn.Embedding(WORDS, UNITS)
    lstm = torch.nn.LSTM(UNITS, UNITS)
    bias = torch.nn.Parameter(torch.zeros(WORDS))
    parameters = [*embedding.parameters(), *lstm.parameters(), bias]
    adam = torch.optim.Adam(parameters, 0.004)
    state = tuple(torch.zeros(1, BATCH, UNITS) for _ in range(2))

    def step():
        nonlocal state
        words = (WORDS ** torch.rand(STEPS + 1, BATCH) - 1).long()
        adam.zero_grad()
        hidden, state = lstm(embedding(words[:-1]), tuple(s.detach() for s in state))
        logits = torch.nn.functional.linear(hidden.view(-1, UNITS), embedding.weight, bias)
        torch.nn.functional.cross_entropy(logits, words[1:].view(-1)).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()

    return step


def measure(name, steps):
    """Prints the median and the fastest of `steps` steps, as Tern's benchmark does."""
    step = layer() if name == "layer" else model()
    for _ in range(WARM_UP):
        step()
    seconds = []
    began = time.process_time()
    for _ in range(steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    processor = (time.process_time() - began) / steps
    median, fastest = statistics.median(seconds), min(seconds)
    print(f"{name}: median {median * 1e3:.2f} ms; fastest {fastest * 1e3:.2f} ms; processor {processor * 1e3:.2f} ms")


def run(command, threads):
    """Milliseconds of a step: the median, the fastest, and the processor's."""
    threads = {name: str(threads) for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    text = subprocess.run(command, env=os.environ | threads, check=True, capture_output=True, text=True).stdout
    return [float(re.search(rf"{what} ([0-9.]+) ms", text)[1]) for what in ("median", "fastest", "processor")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", nargs="?", help="the program that cargo bench --no-run names")
    parser.add_argument("--names", default="layer,model,model-full", help="measurements, with commas between")
    parser.add_argument("--steps", type=int, default=20, help="steps that count in each run of a program")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each program")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.measure, options.steps)
    steps = str(options.steps)
    for name in options.names.split(","):
        tern, torch = [], []
        for _ in range(options.rounds):
            tern.append(run([options.bench, name, steps], options.threads))
            own = [sys.executable, __file__, "--measure", name, "--steps", steps]
            torch.append(run(own, options.threads))
        median, fastest, processor = (statistics.median(t[k] / o[k] for o, t in zip(tern, torch)) for k in range(3))
        texts = [
            f"fastest {min(t[1] for t in times):.1f} ms, processor {statistics.median(t[2] for t in times):.1f} ms"
            for times in (tern, torch)
        ]
        print(
            f"{name}: Tern {median:.2f} x PyTorch, fastest steps {fastest:.2f} x, processor time {processor:.2f} x; "
            f"a step: Tern {texts[0]}, PyTorch {texts[1]}; "
            f"threads {options.threads}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
