"""From a PyTorch network to Verilog: who speaks, of nine speakers of Japanese vowels (Kudo, Toyama and Shimbo, 1999).

Trains a full-precision LSTM or GRU, puts Tern's layers in the place of PyTorch's, trains on, and compares the integers of the
hardware with the full-precision network on the test part.

    python bindings/python/examples/japanese_vowels.py ../shared/data/japanese-vowels lstm
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

import tern_fpga as tern

EPOCHS, BATCH, LEARNING_RATE, NOISE, DISTILLATION = 120, 27, 0.004, 0.6, 0.7


def read(file: Path) -> tuple[list[Tensor], Tensor]:
    """Sequences ``[time, 12]`` and classes of a file of the UCR archive's format: dimensions and the label between colons."""
    sequences, classes = [], []
    for line in file.read_text().splitlines():
        if line and not line.startswith(("@", "#")):
            *dimensions, label = line.split(":")
            rows = [[float(v) for v in dimension.split(",")] for dimension in dimensions]
            sequences.append(torch.tensor(rows).T.contiguous())
            classes.append(int(label) - 1)
    return sequences, torch.tensor(classes)


class Network(nn.Module):
    """An LSTM or GRU of 64 units and a linear head on its last hidden state."""

    def __init__(self, kind: type[nn.LSTM] | type[nn.GRU]) -> None:
        super().__init__()
        self.rnn = kind(12, 64, batch_first=True)
        self.head = nn.Linear(64, 9)

    def forward(self, x: PackedSequence) -> Tensor:
        states, lengths = pad_packed_sequence(self.rnn(x)[0], batch_first=True)
        last = states[torch.arange(len(lengths)), lengths - 1]
        return self.head(nn.functional.dropout(last, 0.3, self.training))


def fit(network: nn.Module, sequences: list[Tensor], classes: Tensor, teacher: nn.Module | None = None) -> None:
    """Trains a network, also on what a teacher gives, where there is one."""
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    network.train()
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(sequences)).split(BATCH):
            x = pack_sequence([sequences[k] + NOISE * torch.randn_like(sequences[k]) for k in batch], enforce_sorted=False)
            outputs = network(x)
            loss = nn.functional.cross_entropy(outputs, classes[batch], label_smoothing=0.05)
            if teacher is not None:
                with torch.no_grad():
                    taught = teacher(x).softmax(1)
                divergence = nn.functional.kl_div(outputs.log_softmax(1), taught, reduction="batchmean")
                loss = (1 - DISTILLATION) * loss + DISTILLATION * divergence
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        schedule.step()
    network.eval()


@torch.no_grad()
def right(network: nn.Module, sequences: list[Tensor], classes: Tensor) -> int:
    """How many sequences a network knows."""
    return int((network(pack_sequence(sequences, enforce_sorted=False)).argmax(1) == classes).sum())


def main() -> None:
    folder, kind = Path(sys.argv[1]), {"lstm": nn.LSTM, "gru": nn.GRU}[sys.argv[2]]
    torch.manual_seed(0)
    (train, train_classes), (test, test_classes) = (read(folder / f"JapaneseVowels_{part}.ts") for part in ("TRAIN", "TEST"))
    values = torch.cat(train)
    mean, deviation = values.mean(0), values.std(0)
    train, test = ([(x - mean) / deviation for x in part] for part in (train, test))

    trained = Network(kind)
    fit(trained, train, train_classes)
    print(f"full precision        {right(trained, test, test_classes)} of {len(test)}")

    network = tern.convert(trained, inputs=torch.cat(train)).eval()
    print(f"converted             {right(network, test, test_classes)} of {len(test)}")
    fit(network, train, train_classes, teacher=trained)
    print(f"trained on            {right(network, test, test_classes)} of {len(test)}")

    model = tern.export(network, f"build/vowels-{sys.argv[2]}.safetensors", name=f"vowels-{sys.argv[2]}")
    known = sum(int(model.run(model.quantize(x)).argmax() == c) for x, c in zip(test, test_classes))
    print(f"integers              {known} of {len(test)}")
    print(f"cycles per time step  {model.cycles().per_step}")
    model.generate(f"build/vowels-{sys.argv[2]}")


if __name__ == "__main__":
    main()
