"""Trains an LSTM in full precision on the gestures and saves its state dict, as any PyTorch program would.

    python examples/gestures_torch.py build/gestures examples/gestures.pt

Needs PyTorch and the folder that `gestures.py` writes. Prints the accuracy on the test part.
"""

import csv
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

UNITS, EPOCHS, BATCH = 32, 40, 16


class Network(nn.Module):
    """An LSTM and a linear head on its last hidden state."""

    def __init__(self, features: int, labels: int) -> None:
        super().__init__()
        self.rnn = nn.LSTM(features, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, labels)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.rnn(x)[0][:, -1])


def read(folder: Path, split: str) -> list[tuple[Tensor, int]]:
    """Sequences ``[time, features]`` of a split, with the number of their label in the alphabet's order."""
    rows = list(csv.DictReader((folder / "labels.csv").open()))
    labels = sorted({row["label"] for row in rows})
    sequences = []
    for row in (row for row in rows if row["split"] == split):
        _, *lines = csv.reader((folder / row["file"]).open())
        values = [[float(value) for value in line] for line in lines]
        sequences.append((torch.tensor(values), labels.index(row["label"])))
    return sequences


def main(folder: Path, out: Path) -> None:
    torch.manual_seed(1)
    train, test = read(folder, "train"), read(folder, "test")
    network = Network(train[0][0].shape[1], 1 + max(label for _, label in train))
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(train)).split(BATCH):
            loss = sum(nn.functional.cross_entropy(network(x[None]), torch.tensor([label])) for x, label in (train[k] for k in batch))
            optimizer.zero_grad()
            (loss / len(batch)).backward()
            optimizer.step()
    network.eval()
    right = sum(int(network(x[None]).argmax()) == label for x, label in test)
    torch.save(network.state_dict(), out)
    print(f"wrote {out}: test {right} of {len(test)} right")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
