"""Files that are refused, each for one reason. Usage: from_flaws.py FOLDER"""

import io
import os
import pickle
import sys
import zipfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from torch import nn

from cases import Folder


class System:
    """An object whose pickle calls os.system."""

    def __reduce__(self):
        return os.system, ("touch /tmp/a-pickle-was-run",)


def put(file, name, data):
    """Adds a file to an archive, without the time."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, data)


def archive(path, program, more=()):
    """A zip archive as torch.save writes it, around a pickle."""
    with zipfile.ZipFile(path, "w") as file:
        put(file, "a/data.pkl", program)
        put(file, "a/byteorder", "little")
        for name, data in more:
            put(file, f"a/{name}", data)


def pytorch(folder):
    def refused(name, words, state, kind="safetensors"):
        file = f"{name}.{kind}"
        if kind == "pt":
            torch.save(state, folder.file(file))
        else:
            save_file(state, folder.file(file))
        folder.add(name, file, None, None, taken=False, words=words)

    torch.manual_seed(1)
    lstm = lambda *sizes, **more: {f"lstm.{k}": v.detach().clone() for k, v in nn.LSTM(*sizes, **more).state_dict().items()}
    refused("two_modules", ["a, b", "--node"], {f"{m}.{k[5:]}": v.clone() for m in "ab" for k, v in lstm(2, 3).items()})
    refused("half", ["tensor lstm.", "float16", ".float()"], {k: v.half() for k, v in lstm(2, 3).items()})
    refused("bfloat", ["bfloat16"], {k: v.bfloat16() for k, v in lstm(2, 3).items()}, "pt")
    refused("projection", ["weight_hr_l0", "projection"], lstm(2, 3, proj_size=2))
    refused("reverse", ["_reverse", "bidirectional"], lstm(2, 3, bidirectional=True))
    refused("simple", ["3", "LSTM or GRU"], {f"rnn.{k}": v for k, v in nn.RNN(2, 3).state_dict().items()})
    refused("layer_missing", ["layer 1 is missing"], {k: v for k, v in lstm(2, 3, 3).items() if "_l1" not in k})
    refused("bias_missing", ["bias_hh_l0", "missing"], {k: v for k, v in lstm(2, 3).items() if "bias_hh" not in k})
    refused("no_recurrent", ["no LSTM or GRU"], {"fc.weight": torch.zeros(2, 2)})
    nan = lstm(2, 3)
    nan["lstm.weight_hh_l0"][1, 1] = float("nan")
    refused("not_a_number", ["tensor lstm.weight_hh_l0", "not finite"], nan)
    refused("vocabulary", ["fc.weight", "5000", "4096"], {**lstm(2, 1), "fc.weight": torch.zeros(5000, 1)})
    refused("embedding", ["tensor emb.weight", "--node"], {**lstm(2, 3), "emb.weight": torch.zeros(7, 2)})
    refused("two_heads", ["a.weight", "b.weight"], {**lstm(2, 3), "a.weight": torch.zeros(7, 3), "b.weight": torch.zeros(7, 3)})
    refused("front_or_head", ["fits in front"], {**lstm(2, 3), "a.weight": torch.zeros(2, 3)})
    refused("wide", ["4097", "4096"], {"l.weight_ih": torch.zeros(4, 4097), "l.weight_hh": torch.zeros(4, 1)})
    scripted = torch.jit.script(nn.Linear(2, 2))
    torch.jit.save(scripted, folder.file("script.pt"))
    folder.add("script", "script.pt", None, None, taken=False, words=["TorchScript", "state_dict()"])
    torch.save(lstm(2, 3), folder.file("old.pt"), _use_new_zipfile_serialization=False)
    folder.add("old", "old.pt", None, None, taken=False, words=["not a zip archive", "1.6"])
    torch.save(nn.LSTM(2, 3), folder.file("object.pt"))
    folder.add("object", "object.pt", None, None, taken=False, words=["torch.nn.modules.rnn.LSTM", "not run"])
    archive(folder.file("system.pt"), pickle.dumps({"lstm.weight_ih_l0": System()}, 2))
    folder.add("system", "system.pt", None, None, taken=False, words=["posix.system", "not run"])
    program = io.BytesIO()
    torch.save(lstm(2, 3), program)
    with zipfile.ZipFile(program) as made:
        data = [name for name in made.namelist() if name.endswith("data.pkl")][0]
        state = made.read(data)
    archive(folder.file("bomb.pt"), state, [(f"data/{n}", b"\0" * (1 << 25)) for n in range(4)])
    folder.add("bomb", "bomb.pt", None, None, taken=False, words=["tensor lstm.", "in the archive", "more memory"])


def keras(folder):
    with zipfile.ZipFile(folder.file("bomb.keras"), "w") as file:
        put(file, "config.json", b" " * (1 << 25))
    folder.add("keras_bomb", "bomb.keras", None, None, taken=False, words=["config.json", "more memory"])
    with zipfile.ZipFile(folder.file("empty.keras"), "w") as file:
        put(file, "metadata.json", "{}")
    folder.add("keras_empty", "empty.keras", None, None, taken=False, words=["config.json"])


def graphs(folder):
    noise = np.random.default_rng(1)

    def weights(dtype=np.float32, units=3):
        shapes = {"W": (1, 4 * units, 2), "R": (1, 4 * units, units)}
        return [numpy_helper.from_array(noise.uniform(-1, 1, s).astype(dtype), n) for n, s in shapes.items()]

    def refused(name, words, nodes, tensors, inputs=(("x", [5, 1, 2]),), opset=14, change=None):
        value = lambda n, s: helper.make_tensor_value_info(n, TensorProto.FLOAT, s)
        graph = helper.make_graph(nodes, "g", [value(*i) for i in inputs], [value("y", None)], tensors)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        if change:
            change(made)
        with open(folder.file(f"{name}.onnx"), "wb") as file:
            file.write(made.SerializeToString())
        folder.add(name, f"{name}.onnx", None, None, taken=False, words=words)

    node = helper.make_node
    lstm = node("LSTM", ["x", "W", "R"], ["y"], name="lstm", hidden_size=3)
    refused("graph_half", ["node lstm", "tensor W", "float16"], [lstm], weights(np.float16))
    refused("graph_opset_8", ["version 8", "opset 9 to 23"], [lstm], weights(), opset=8)
    refused("graph_opset_24", ["version 24"], [lstm], weights(), opset=24)
    refused("graph_input_weights", ["node lstm", "W comes from the input W"], [lstm], weights()[1:], [("x", [5, 1, 2]), ("W", [1, 12, 2])])
    refused("graph_computed_weights", ["W comes from node noise"], [node("RandomNormal", [], ["W"], name="noise", shape=[1, 12, 2]), lstm], weights()[1:])
    refused("graph_behind_relu", ["output y", "node relu (Relu)", "--node"], [node("LSTM", ["x", "W", "R"], ["h"], name="lstm"), node("Relu", ["h"], ["y"], name="relu")], weights())
    refused("graph_behind_conv", ["node lstm", "node relu (Relu)", "--node"], [node("Relu", ["x"], ["r"], name="relu"), node("LSTM", ["r", "W", "R"], ["y"], name="lstm")], weights())
    refused("graph_rnn", ["node rnn (RNN)", "LSTM or GRU"], [node("RNN", ["x", "W", "R"], ["y"], name="rnn", hidden_size=3)], weights())
    refused("graph_empty", ["no LSTM, GRU or RNN"], [node("Relu", ["x"], ["y"])], [])
    refused("graph_two", ["2 recurrent nodes"], [lstm, node("LSTM", ["x", "W", "R"], ["z"], name="other", hidden_size=3)], weights())
    refused("graph_half_the_data", ["node lstm", "node half (Slice)"], [node("Slice", ["x", "from", "to", "axes"], ["h"], name="half"), node("LSTM", ["h", "W", "R"], ["y"], name="lstm")], weights() + [numpy_helper.from_array(np.array([v], np.int64), n) for n, v in (("from", 0), ("to", 2), ("axes", 2))], [("x", [5, 1, 4])])
    refused("graph_hidden_size", ["hidden_size is 4"], [node("LSTM", ["x", "W", "R"], ["y"], name="lstm", hidden_size=4)], weights())
    refused("graph_layout", ["layout is 2"], [node("LSTM", ["x", "W", "R"], ["y"], name="lstm", layout=2)], weights())

    def place(name, value):
        return numpy_helper.from_array(np.array(value, np.int64), name)

    first = [node("LSTM", ["x", "W", "R"], ["h"], name="lstm"), node("Gather", ["h", "zero"], ["y"], name="first")]
    refused("graph_first_step", ["output y", "node first (Gather)"], first, weights() + [place("zero", 0)])
    swapped = [
        node("LSTM", ["x", "W", "R"], ["h"], name="below"),
        node("Squeeze", ["h", "one"], ["s"]),
        node("Transpose", ["s"], ["t"], perm=[1, 0, 2]),
        node("LSTM", ["t", "R3", "R"], ["y"], name="above"),
    ]
    square = numpy_helper.from_array(noise.uniform(-1, 1, (1, 12, 3)).astype(np.float32), "R3")
    refused("graph_axes_swapped", ["node above", "changed places"], swapped, weights() + [square, place("one", [1])])
    kept = [
        node("ScatterND", ["caches", "rows", "news"], ["all"], name="scatter"),
        node("Gather", ["all", "which"], ["state"], name="state"),
        node("LSTM", ["x", "W", "R", "", "", "state"], ["y"], name="lstm"),
    ]
    caches = [("x", [5, 1, 2]), ("caches", [2, 1, 1, 3]), ("news", [1, 1, 1, 3])]
    refused("graph_state_replaced", ["node lstm", "initial_h comes from node state"], kept, weights() + [place("rows", [[1]]), place("which", 1)], caches)

    def outside(location):
        def change(made):
            tensor = made.graph.initializer[0]
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", location

        return change

    refused("graph_data_missing", ["node lstm", "tensor W", "missing.data", "beside"], [lstm], weights(), change=outside("missing.data"))
    refused("graph_data_outside", ["../cases.json", "folder of the network"], [lstm], weights(), change=outside("../cases.json"))


def main(path):
    folder = Folder(path)
    pytorch(folder)
    keras(folder)
    graphs(folder)
    folder.close()


if __name__ == "__main__":
    main(sys.argv[1])
