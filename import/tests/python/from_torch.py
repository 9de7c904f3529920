"""Random networks that PyTorch writes: state dicts, and ONNX by both exporters. Usage: from_torch.py FOLDER COUNT SEED [SIZE]"""

import random
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch import nn

from cases import Folder

warnings.filterwarnings("ignore")


class Net(nn.Module):
    """Recurrent layers, batch first or not, and a head on all steps or on the last one."""

    def __init__(self, kind, inputs, units, layers, bias, both, batch_first, outputs, last, proj=0):
        super().__init__()
        more = {"proj_size": proj} if proj else {}
        self.rnn = getattr(nn, kind)(
            inputs, units, layers, bias=bias, bidirectional=both, batch_first=batch_first, **more
        )
        width = (proj or units) * (2 if both else 1)
        self.fc = nn.Linear(width, outputs, bias=bias) if outputs else None
        self.batch_first, self.last = batch_first, last

    def forward(self, x):
        y, _ = self.rnn(x)
        if self.last:
            y = y[:, -1] if self.batch_first else y[-1]
        return self.fc(y) if self.fc else y


class Cells(nn.Module):
    """One cell, step by step."""

    def __init__(self, kind, inputs, units, bias):
        super().__init__()
        self.cell = getattr(nn, f"{kind}Cell")(inputs, units, bias=bias)

    def forward(self, x):
        state, outputs = None, []
        for step in x:
            state = self.cell(step, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs)


def case(folder, name, way, draw, largest):
    kind = draw.choice(["LSTM", "GRU"])
    inputs, units, steps = draw.randint(1, largest), draw.randint(2, largest), draw.randint(2, 30)
    layers, bias, batch_first = draw.randint(1, 3), draw.random() < 0.8, draw.random() < 0.5
    both = draw.random() < 0.1
    outputs, last = draw.choice([0, 0, draw.randint(2, 12)]), draw.random() < 0.4
    while outputs == inputs:
        outputs += 1
    proj = units // 2 if kind == "LSTM" and way in ("pt", "safetensors") and draw.random() < 0.05 else 0
    if way in ("pt", "safetensors") and draw.random() < 0.25:
        net, both, proj, batch_first, last = Cells(kind, inputs, units, bias), False, 0, False, False
    else:
        net = Net(kind, inputs, units, layers, bias, both, batch_first, outputs, last, proj)
    net = net.eval()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.mul_(2.0)
    x = torch.randn(steps, 1, inputs)
    x = x.transpose(0, 1) if batch_first else x
    with torch.no_grad():
        y = net(x)
    y = y[0] if last else (y[0] if batch_first else y[:, 0])
    state = {key: value.contiguous() for key, value in net.state_dict().items()}
    if way == "pt":
        file = name + draw.choice([".pt", ".pth"])
        whole = {"epoch": 3, "model_state_dict": net.state_dict()}
        torch.save(whole if draw.random() < 0.3 else net.state_dict(), folder.file(file))
    elif way == "safetensors":
        file = f"{name}.safetensors"
        save_file(state, folder.file(file))
    else:
        file = f"{name}.onnx"
        time = 1 if batch_first else 0
        if way == "torchscript":
            axes = draw.choice([{}, {"x": {time: "t"}}, {"x": {0: "a", 1: "b"}}])
            torch.onnx.export(
                net, (x,), folder.file(file), dynamo=False, opset_version=draw.randint(9, 20),
                input_names=["x"], output_names=["y"], dynamic_axes=axes,
            )
        else:
            shapes = draw.choice([None, ({time: torch.export.Dim("t", min=2)},)])
            torch.onnx.export(
                net, (x,), folder.file(file), dynamo=True, dynamic_shapes=shapes, verbose=False,
                external_data=draw.random() < 0.5,
            )
    x = x[0] if batch_first else x[:, 0]
    words = ["bidirectional"] if both else (["projection"] if proj else [])
    folder.add(name, file, x, y, taken=not words, words=words)


def main(path, count, seed, largest=32):
    draw, folder = random.Random(seed), Folder(path)
    torch.manual_seed(seed)
    for index in range(count):
        way = ["pt", "safetensors", "torchscript", "torchscript", "dynamo"][index % 5]
        case(folder, f"{way}_{index}", way, draw, largest)
    folder.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
