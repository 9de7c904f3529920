"""Random networks that Keras writes: .keras files, and ONNX by tf2onnx. Usage: from_keras.py FOLDER COUNT SEED [SIZE]"""

import os
import random
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import layers

from cases import Folder


def network(draw, inputs, largest):
    """A network and the words of its refusal, if it is to be refused."""
    kind, units = draw.choice([layers.LSTM, layers.GRU]), draw.randint(1, largest)
    words, more = [], {"use_bias": draw.random() < 0.8}
    flaw = draw.random()
    if flaw < 0.06:
        more["recurrent_activation"], words = "hard_sigmoid", ["hard_sigmoid"]
    elif flaw < 0.12:
        more["go_backwards"], words = True, ["go_backwards"]
    elif flaw < 0.18 and kind is layers.GRU:
        more["reset_after"], words = False, ["reset_after"]
    elif flaw < 0.24:
        more["activation"], words = "relu", ["relu"]
    both = 0.24 <= flaw < 0.30
    count, last = draw.randint(1, 3), draw.random() < 0.5
    stack = [keras.Input((None, inputs))]
    if draw.random() < 0.2:
        stack.append(layers.BatchNormalization())
    for place in range(count):
        sequences = not last or place < count - 1
        layer = kind(units, return_sequences=sequences, **more)
        stack.append(layers.Bidirectional(layer) if both and place == 0 else layer)
        if draw.random() < 0.3:
            stack.append(layers.Dropout(0.2))
    if draw.random() < 0.6:
        dense = layers.Dense(draw.randint(1, 9), activation=draw.choice([None, "softmax", "sigmoid"]))
        stack.append(layers.TimeDistributed(dense) if not last and draw.random() < 0.3 else dense)
    if both:
        words = ["idirectional"]
    if draw.random() < 0.5:
        made = keras.Sequential(stack)
    else:
        x = y = stack[0]
        for layer in stack[1:]:
            y = layer(y)
        made = keras.Model(x, y)
    values = np.random.default_rng(draw.randint(0, 1 << 30))
    made.set_weights([values.uniform(0.1 if "variance" in w.path else -1, 1, w.shape) for w in made.weights])
    return made, last, words


def main(path, count, seed, largest=24):
    draw, folder, noise = random.Random(seed), Folder(path), np.random.default_rng(seed)
    for index in range(count):
        inputs, steps = draw.randint(1, largest), draw.randint(1, 25)
        made, last, words = network(draw, inputs, largest)
        x = noise.uniform(-2, 2, (1, steps, inputs)).astype(np.float32)
        y = np.asarray(made(x, training=False))[0]
        if index % 3 == 2:
            import tensorflow as tf
            import tf2onnx

            file = f"tf2onnx_{index}.onnx"
            call = tf.function(lambda x: made(x, training=False))
            spec = [tf.TensorSpec((1, None, inputs), tf.float32, name="x")]
            try:
                tf2onnx.convert.from_function(call, spec, opset=draw.randint(9, 18), output_path=folder.file(file))
            except Exception as error:
                print(f"tf2onnx fails on {index}: {error}")
                continue
        else:
            file = f"keras_{index}.keras"
            made.save(folder.file(file))
        if file.endswith(".onnx"):
            import onnx

            # What tf2onnx leaves a loop is refused.
            nodes = {node.op_type for node in onnx.load(folder.file(file)).graph.node}
            words = [] if nodes & {"LSTM", "GRU"} else ["no LSTM"]
        folder.add(file.split(".")[0], file, x[0], None if words else y, taken=not words, words=words)
    folder.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
