"""Files of others: every forward LSTM and GRU node taken out, against ONNX Runtime or PyTorch. The files stay where they are.

Usage: from_files.py FOLDER FILE... The files are .onnx whose weights are constants, or .safetensors with LSTMCells.
"""

import os
import sys

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from safetensors.torch import load_file

from cases import Folder


def graph_nodes(folder, stem, path, noise):
    made = onnx.load(path)
    weights = {tensor.name: tensor for tensor in made.graph.initializer}
    for node in made.graph.node:
        if node.op_type not in ("LSTM", "GRU"):
            continue
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        name = node.name or next(output for output in node.output if output)
        tensors = [weights[name] for name in node.input[1:4] if name]
        inputs = list(tensors[0].dims)[-1]
        forward = attributes.get("direction", b"forward") == b"forward"
        alone = helper.make_node(node.op_type, ["x", *node.input[1:4]], ["y"], **attributes)
        value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph([alone], "g", [value("x", [None, 1, inputs])], [value("y", None)], tensors)
        single = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
        single.ir_version = 8
        x = noise.uniform(-2, 2, (6, 1, inputs)).astype(np.float32)
        y = onnxruntime.InferenceSession(single.SerializeToString()).run(None, {"x": x})[0]
        words = [] if forward else ["direction"]
        case = f"{stem}_{name.replace('/', '_')}"
        folder.add(case, os.path.basename(path), x[:, 0], y[:, 0, 0], taken=forward, node=name, words=words)


def cells(folder, stem, path, noise):
    state = load_file(path)
    for key in [key for key in state if key.endswith(".weight_hh")]:
        name = key[: -len(".weight_hh")]
        inputs, units = state[f"{name}.weight_ih"].shape[1], state[key].shape[1]
        cell = torch.nn.LSTMCell(inputs, units)
        cell.load_state_dict({k[len(name) + 1 :]: v for k, v in state.items() if k.startswith(name + ".")})
        x, states, outputs = noise.uniform(-2, 2, (6, inputs)).astype(np.float32), None, []
        with torch.no_grad():
            for step in torch.from_numpy(x):
                states = cell(step, states)
                outputs.append(states[0].numpy())
        folder.add(f"{stem}_{name}", os.path.basename(path), x, np.array(outputs), node=name)


def main(path, files):
    folder, noise = Folder(path), np.random.default_rng(1)
    for file in files:
        stem = os.path.basename(file).split(".")[0]
        (cells if file.endswith(".safetensors") else graph_nodes)(folder, stem, file, noise)
    folder.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
