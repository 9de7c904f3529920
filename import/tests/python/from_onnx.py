"""Networks written node by node, with every attribute of LSTM and GRU, and ONNX's own node tests.

Usage: from_onnx.py FOLDER COUNT SEED [SIZE]. Expected outputs are ONNX Runtime's, or of layout 1, which it lacks, those of
ONNX's reference.
"""

import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from cases import Folder

INT64 = np.int64


def constant(graph, name, value):
    graph["tensors"].append(numpy_helper.from_array(np.asarray(value), name))
    return name


def add(graph, operator, inputs, output, **attributes):
    graph["nodes"].append(helper.make_node(operator, inputs, [output], name=f"{operator}_{output}", **attributes))
    return output


def recurrent(graph, draw, noise, kind, x, inputs, units, opset, extra):
    """A node with random weights; extra are attributes and inputs that replace its own. Returns the names of Y and Y_h."""
    gates, place = (4 if kind == "LSTM" else 3), len(graph["nodes"])
    weight = lambda *shape: noise.uniform(-1, 1, shape).astype(np.float32)
    w = constant(graph, f"W{place}", weight(1, gates * units, inputs))
    r = constant(graph, f"R{place}", weight(1, gates * units, units))
    b = constant(graph, f"B{place}", weight(1, 2 * gates * units)) if draw.random() < 0.7 else ""
    attributes = {"hidden_size": units}
    if kind == "GRU":
        attributes["linear_before_reset"] = 1
    attributes.update(extra.get("attributes", {}))
    names = [x, w, r, b] + extra.get("inputs", [])
    node = helper.make_node(kind, names, [f"Y{place}", f"Yh{place}"], name=f"{kind}_{place}", **attributes)
    graph["nodes"].append(node)
    return f"Y{place}", f"Yh{place}"


def model(graph, inputs, outputs, opset):
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    made = helper.make_graph(
        graph["nodes"], "g", [value(*i) for i in inputs], [value(o, None) for o in outputs], graph["tensors"]
    )
    made = helper.make_model(made, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    return made


def squeeze(graph, x, axis, opset, output):
    if opset < 13:
        return add(graph, "Squeeze", [x], output, axes=[axis])
    return add(graph, "Squeeze", [x, constant(graph, f"axes_{output}", np.array([axis], INT64))], output)


# Attributes and inputs that are refused, with words of the refusal; the functions add what they need to the graph.
def refusals(kind, units, noise, graph):
    gates = 4 if kind == "LSTM" else 3
    state = lambda: constant(graph, "state", noise.uniform(-1, 1, (1, 1, units)).astype(np.float32))
    both = [
        ({"attributes": {"direction": "reverse"}}, "direction"),
        ({"attributes": {"clip": 0.5}}, "clip"),
        ({"inputs": [constant(graph, "lens", np.array([3], np.int32))]}, "sequence_lens"),
        ({"inputs": ["", state()]}, "initial_h"),
    ]
    lstm = [
        ({"attributes": {"input_forget": 1}}, "input_forget"),
        ({"attributes": {"activations": ["HardSigmoid", "Tanh", "Tanh"]}}, "HardSigmoid"),
        ({"attributes": {"activations": ["Sigmoid", "Tanh", "Relu"]}}, "Relu"),
        ({"inputs": ["", "", state()]}, "initial_c"),
        ({"inputs": ["", "", "", constant(graph, "P", noise.uniform(-1, 1, (1, 3 * units)).astype(np.float32))]}, "peepholes"),
    ]
    gru = [
        ({"attributes": {"linear_before_reset": 0}}, "linear_before_reset"),
        ({"attributes": {"activations": ["Sigmoid", "Softsign"]}}, "Softsign"),
    ]
    return both + (lstm if kind == "LSTM" else gru)


def accepted(kind, units, noise, graph):
    zero = constant(graph, "zero", np.zeros((1, 1, units), np.float32))
    usual = ["Sigmoid", "Tanh", "Tanh"] if kind == "LSTM" else ["sigmoid", "tanh"]
    options = [
        {},
        {"attributes": {"direction": "forward"}},
        {"attributes": {"activations": usual}},
        {"attributes": {"clip": 3.4028234663852886e38}},
        {"inputs": ["", zero]},
    ]
    if kind == "LSTM":
        peepholes = constant(graph, "none", np.zeros((1, 3 * units), np.float32))
        options += [{"inputs": ["", zero, zero, peepholes]}, {"attributes": {"input_forget": 0}}]
    return options


def front(graph, draw, noise, x, inputs):
    """Maybe a scaling of the features."""
    way = draw.choice(["none", "none", "affine", "scalar", "batch"])
    row = lambda low, high: noise.uniform(low, high, inputs).astype(np.float32)
    if way == "affine":
        x = add(graph, "Sub", [x, constant(graph, "mean", row(-1, 1))], "centred")
        return add(graph, "Div", [x, constant(graph, "deviation", row(0.5, 2))], "scaled")
    if way == "scalar":
        return add(graph, "Mul", [constant(graph, "half", np.float32(0.5)), x], "scaled")
    if way == "batch":
        x = add(graph, "Transpose", [x], "channels", perm=[1, 2, 0])
        names = [constant(graph, n, row(0.5, 2)) for n in ("scale", "bias", "mean", "variance")]
        x = add(graph, "BatchNormalization", [x] + names, "normal")
        return add(graph, "Transpose", [x], "scaled", perm=[2, 0, 1])
    return x


def case(folder, name, draw, noise, largest):
    kind, opset = draw.choice(["LSTM", "GRU"]), draw.randint(9, 22)
    inputs, units, steps = draw.randint(1, largest), draw.randint(1, largest), draw.randint(1, 25)
    graph = {"nodes": [], "tensors": []}
    is_refused = draw.random() < 0.3
    extra, words = {}, []
    if is_refused:
        extra, word = draw.choice(refusals(kind, units, noise, graph))
        words = [word]
    else:
        extra = draw.choice(accepted(kind, units, noise, graph))
    x = front(graph, draw, noise, "x", inputs)
    y, last = recurrent(graph, draw, noise, kind, x, inputs, units, opset, extra)
    if draw.random() < 0.3:
        y = squeeze(graph, y, 1, opset, "below")
        y, last = recurrent(graph, draw, noise, kind, y, units, units, opset, {})
    is_last = draw.random() < 0.4
    y = squeeze(graph, last, 0, opset, "flat") if is_last else squeeze(graph, y, 1, opset, "flat")
    if draw.random() < 0.5:
        outputs = draw.randint(1, 9)
        weight = noise.uniform(-1, 1, (units, outputs)).astype(np.float32)
        bias = constant(graph, "head_bias", noise.uniform(-1, 1, outputs).astype(np.float32))
        if is_last and draw.random() < 0.5:
            flip = draw.random() < 0.5
            weight = constant(graph, "weight", weight.T.copy() if flip else weight)
            y = add(graph, "Gemm", [y, weight, bias], "head", transB=int(flip), alpha=0.5, beta=2.0)
        else:
            y = add(graph, "MatMul", [y, constant(graph, "weight", weight)], "product")
            y = add(graph, "Add", [bias, y], "head")
        finish = draw.choice([None, None, "Softmax", "LogSoftmax", "Sigmoid"])
        if finish:
            more = {} if finish == "Sigmoid" else {"axis": 1 if is_last else 2}
            y = add(graph, finish, [y], "finish", **more)
    made = model(graph, [("x", [None, 1, inputs])], [y], opset)
    onnx.save(made, folder.file(f"{name}.onnx"))
    x = noise.uniform(-2, 2, (steps, 1, inputs)).astype(np.float32)
    y = None
    if not words:
        session = onnxruntime.InferenceSession(made.SerializeToString())
        y = session.run(None, {"x": x})[0]
        y = y[0] if is_last else y[:, 0]
    folder.add(name, f"{name}.onnx", x[:, 0], y, taken=not words, words=words)


def node_tests(folder):
    """The LSTM and GRU tests of ONNX, each with its weights in the file, sequence 0 of its batch."""
    from onnx.backend.test.loader import load_model_tests

    for test in load_model_tests(kind="node"):
        if not test.name.startswith(("test_lstm_", "test_gru_")):
            continue
        made = test.model if test.model is not None else onnx.load(f"{test.model_dir}/model.onnx")
        node = made.graph.node[0]
        values, expected = test.data_sets[0] if test.data_sets else ([], [])
        names = [value.name for value in made.graph.input]
        for name, value in zip(names[1:], values[1:]):
            made.graph.initializer.append(numpy_helper.from_array(value, name))
        del made.graph.input[1:]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        is_batch_first = attributes.get("layout", 0) == 1
        x = values[0]
        y = ReferenceEvaluator(made).run(None, {names[0]: x})
        y = dict(zip([output for output in node.output if output], y))
        key, value = next(iter(y.items()))
        if key == "Y":
            value = value[0, :, 0] if is_batch_first else value[:, 0, 0]
        else:
            value = value[0, 0]
        x = x[0] if is_batch_first else x[:, 0]
        words = []
        if attributes.get("direction", b"forward") != b"forward":
            words = ["direction"]
        elif node.op_type == "GRU":
            words = ["linear_before_reset"]
        elif len(node.input) > 7:
            # It has peepholes as well.
            words = ["sequence_lens"]
        onnx.save(made, folder.file(f"{test.name}.onnx"))
        folder.add(test.name, f"{test.name}.onnx", x, value, taken=not words, words=words)


def forms(folder):
    """What exporters put between a file's tensors and a node, and nodes inside of other nodes."""
    noise = np.random.default_rng(5)
    inputs, units, steps = 3, 4, 9
    weight = lambda *shape: noise.uniform(-1, 1, shape).astype(np.float32)
    x = noise.uniform(-2, 2, (steps, 1, inputs)).astype(np.float32)
    lstm = lambda w, r, output: helper.make_node("LSTM", ["x", w, r], [output], name="lstm", hidden_size=units)

    def taken(name, graph, node=None, condition=None):
        y = squeeze(graph, "Y", 1, 14, "flat")
        made = model(graph, [("x", [None, 1, inputs])], [y], 14)
        if condition is not None:
            made.graph.input.append(helper.make_tensor_value_info("condition", TensorProto.BOOL, []))
        feeds = {"x": x} if condition is None else {"x": x, "condition": np.array(condition)}
        expected = onnxruntime.InferenceSession(made.SerializeToString()).run(None, feeds)[0]
        onnx.save(made, folder.file(f"{name}.onnx"))
        folder.add(name, f"{name}.onnx", x[:, 0], expected[:, 0], node=node)

    def reordered(graph, name, tensor):
        """Rows of PyTorch's i, f, g, o to i, o, f, c by slices, as the exporter does inside of an If."""
        parts = []
        for gate in (0, 3, 1, 2):
            ends = [constant(graph, f"{name}_{gate}_{k}", np.array([v], INT64)) for k, v in enumerate((gate * units, gate * units + units, 0))]
            parts.append(add(graph, "Slice", [tensor, *ends], f"{name}_part_{gate}"))
        whole = add(graph, "Concat", parts, f"{name}_gates", axis=0)
        return add(graph, "Unsqueeze", [whole, constant(graph, f"{name}_axis", np.array([0], INT64))], f"{name}_all")

    outer, branch = {"nodes": [], "tensors": []}, {"nodes": [], "tensors": []}
    constant(outer, "weight_ih", weight(4 * units, inputs))
    constant(outer, "weight_hh", weight(4 * units, units))
    branch["nodes"].append(lstm(reordered(branch, "w", "weight_ih"), reordered(branch, "r", "weight_hh"), "out"))
    then = helper.make_graph(branch["nodes"], "then", [], [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)], branch["tensors"])
    nothing = helper.make_graph(
        [helper.make_node("Constant", [], ["none"], value=numpy_helper.from_array(weight(steps, 1, 1, units)))],
        "else", [], [helper.make_tensor_value_info("none", TensorProto.FLOAT, None)],
    )
    outer["nodes"].append(helper.make_node("If", ["condition"], ["Y"], name="if", then_branch=then, else_branch=nothing))
    taken("form_if", outer, node="lstm", condition=True)

    for name, rows in (("form_quantized", 1), ("form_quantized_rows", 4 * units)):
        graph = {"nodes": [], "tensors": []}
        quantized = []
        for part, size in (("w", inputs), ("r", units)):
            tensor = constant(graph, f"{part}_float", weight(4 * units, size))
            scale = noise.uniform(0.005, 0.01, rows).astype(np.float32)
            zero = np.zeros(rows, np.int8)
            one = rows == 1
            scale = constant(graph, f"{part}_scale", scale[0] if one else scale)
            zero = constant(graph, f"{part}_zero", zero[0] if one else zero)
            more = {} if one else {"axis": 0}
            tensor = add(graph, "QuantizeLinear", [tensor, scale, zero], f"{part}_int", **more)
            low, high = (constant(graph, f"{part}_{v}", np.int8(v)) for v in (-127, 127))
            tensor = add(graph, "Clip", [tensor, low, high], f"{part}_clipped")
            tensor = add(graph, "DequantizeLinear", [tensor, scale, zero], f"{part}_back", **more)
            quantized.append(add(graph, "Unsqueeze", [tensor, constant(graph, f"{part}_axis", np.array([0], INT64))], f"{part}_all"))
        graph["nodes"].append(lstm(*quantized, "Y"))
        taken(name, graph)

    graph = {"nodes": [], "tensors": []}
    w = constant(graph, "w", weight(inputs, 4 * units))
    w = add(graph, "Transpose", [w], "w_turned", perm=[1, 0])
    w = add(graph, "Reshape", [w, constant(graph, "shape", np.array([1, 4 * units, -1], INT64))], "w_all")
    r = constant(graph, "r", weight(1, 8 * units, units))
    sizes = constant(graph, "sizes", np.array([4 * units, 4 * units], INT64))
    graph["nodes"].append(helper.make_node("Split", [r, sizes], ["r_all", "r_rest"], axis=1))
    r = add(graph, "Cast", ["r_all"], "r_cast", to=TensorProto.FLOAT)
    r = add(graph, "Gather", [r, constant(graph, "rows", np.array([0], INT64))], "r_row", axis=0)
    graph["nodes"].append(lstm(w, add(graph, "Mul", [r, constant(graph, "two", np.float32(2))], "r_twice"), "Y"))
    taken("form_folded", graph)


def main(path, count, seed, largest=32):
    folder, draw, noise = Folder(path), random.Random(seed), np.random.default_rng(seed)
    node_tests(folder)
    forms(folder)
    for index in range(count):
        case(folder, f"node_{index}", draw, noise, largest)
    folder.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
