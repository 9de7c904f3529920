"""The model file in Python: run, trace, cycles, Verilog, and what is refused."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import tern_fpga as tern

MODELS = Path(__file__).resolve().parents[3] / "models"
DIGITS = MODELS / "spoken-digits.safetensors"


def inputs(model: tern.Model, *shape: int) -> np.ndarray:
    limit = 2 ** (model.input_bits - 1) - 1
    return np.random.default_rng(1).integers(-limit, limit + 1, (*shape, model.input_size))


class Run(unittest.TestCase):
    def test_the_shape_follows_that_of_the_inputs(self) -> None:
        model = tern.Model(DIGITS)
        x = inputs(model, 3, 20)
        outputs = model.run(x)
        self.assertEqual((outputs.shape, outputs.dtype), ((3, 10), np.int32))
        np.testing.assert_array_equal(model.run(x[1]), outputs[1])
        every = tern.Model(MODELS / "shakespeare.safetensors")
        x = inputs(every, 7)
        self.assertEqual(every.run(x).shape, (7, every.output_size))
        np.testing.assert_array_equal(every.run(x[:3]), every.run(x)[:3])

    def test_steps_one_by_one_are_the_sequence(self) -> None:
        model = tern.Model(MODELS / "shakespeare.safetensors")
        x = inputs(model, 3, 5)
        expected = model.run(x)
        one, several = model.start(), model.start(3)
        for dtype in (np.int32, np.int64):
            for step in range(5):
                np.testing.assert_array_equal(one.step(x[0, step].astype(dtype)), expected[0, step])
                np.testing.assert_array_equal(several.step(x[:, step].astype(dtype)), expected[:, step])
            one.reset()
            several.reset()

    def test_every_integer_type_counts_alike(self) -> None:
        model = tern.Model(DIGITS)
        x = np.abs(inputs(model, 5))
        expected = model.run(x)
        for dtype in (np.int8, np.uint8, np.int16, np.int32, np.uint64, np.int64):
            np.testing.assert_array_equal(model.run(x.astype(dtype)), expected)
        np.testing.assert_array_equal(model.run(np.asfortranarray(x)), expected)
        np.testing.assert_array_equal(model.run(x.tolist()), expected)

    def test_the_trace_ends_in_the_outputs(self) -> None:
        for name in ("spoken-digits", "japanese-vowels"):
            model = tern.Model(MODELS / f"{name}.safetensors")
            x = inputs(model, 9)
            layers = model.trace(x)
            self.assertEqual(len(layers), len(model.layers))
            np.testing.assert_array_equal(layers[-1]["y"][-1], model.run(x))
            for layer, values in zip(model.layers, layers):
                if layer["kind"] == "linear":
                    continue
                gates = {"lstm": set("ifgoch"), "gru": set("rznqh")}[layer["kind"]]
                self.assertEqual(set(values), gates)
                self.assertEqual(values["h"].shape, (9, layer["hidden_size"]))
                self.assertLessEqual(set(np.unique(values["h"])), {-1, 0, 1})
                limit = 2 ** layer["gate_frac"]
                self.assertTrue((abs(values[sorted(gates)[0]]) <= max(limit, 2 ** layer["state_bits"])).all())

    def test_features_are_scaled_as_in_training(self) -> None:
        model = tern.Model(MODELS / "japanese-vowels.safetensors")
        scaling = model.preprocessing
        features = np.zeros((2, model.input_size)) + scaling["offset"]
        np.testing.assert_array_equal(model.quantize(features), 0)
        step = 1 / np.asarray(scaling["scale"])
        np.testing.assert_array_equal(model.quantize(features + 2.4 * step), 2)
        np.testing.assert_array_equal(model.quantize(features - 2.6 * step), -3)
        np.testing.assert_array_equal(model.quantize(features + 1e9 * step), 2 ** (model.input_bits - 1) - 1)


class Hardware(unittest.TestCase):
    def test_cycles_are_those_of_the_report(self) -> None:
        model = tern.Model(DIGITS)
        design = {"columns": 4, "rows": 6, "lanes": 8, "device": "ice40-hx8k"}
        cycles = model.cycles(design, inputs(model, 2, 30))
        self.assertEqual(cycles.per_step, model.report(design)["cycles_per_step"])
        self.assertEqual((len(cycles.step_ends), len(cycles.output_beats)), (60, 20))
        ends = np.diff(cycles.step_ends[:30])
        self.assertEqual(ends[-1], cycles.per_step)

    def test_the_files_are_those_of_the_methods(self) -> None:
        model = tern.Model(DIGITS)
        options = {"device": "ecp5-25k", "prefix": "mine_", "reserve": 25}
        with tempfile.TemporaryDirectory() as folder:
            model.generate(folder, **options)
            self.assertEqual(Path(folder, "tern.v").read_text(), model.verilog(**options))
            self.assertEqual(json.loads(Path(folder, "report.json").read_text()), model.report(**options))
            design = Path(folder, "design.json")
            self.assertEqual(model.verilog(design), model.verilog(**options))
        self.assertIn("module mine_tern_core", model.verilog(**options))

    def test_a_model_file_is_written_as_it_was_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "copy.safetensors")
            tern.Model(DIGITS).save(path)
            self.assertEqual(tern.Model(path).layers, tern.Model(DIGITS).layers)
            x = inputs(tern.Model(path), 6)
            np.testing.assert_array_equal(tern.Model(path).run(x), tern.Model(DIGITS).run(x))


class Refused(unittest.TestCase):
    def refuses(self, call, *words: str) -> None:
        with self.assertRaises(tern.Error) as caught:
            call()
        text = str(caught.exception)
        for word in words:
            self.assertIn(word, text)
        self.assertNotIn("\n", text)

    def test_each_with_a_sentence(self) -> None:
        model = tern.Model(DIGITS)
        x = inputs(model, 4)
        self.refuses(lambda: tern.Model("no.safetensors"), "no.safetensors")
        self.refuses(lambda: tern.Model(__file__), "test_model.py")
        self.refuses(lambda: model.run(x / 2), "float64", "quantize")
        self.refuses(lambda: model.run(x[:, :3]), "[4, 3]", "[time, 24]")
        self.refuses(lambda: model.run(x[:0]), "no time steps")
        self.refuses(lambda: model.run(np.full_like(x, 200)), "sequence 0, time step 0", "200")
        self.refuses(lambda: model.run(np.full_like(x, 2**40)), "sequence 0, time step 0")
        self.refuses(lambda: model.start(0), "sequences is 0")
        self.refuses(lambda: model.start().step(x), "[4, 24]", "expected [24]")
        self.refuses(lambda: model.start(4).step(x[0]), "[24]", "expected [4, 24]")
        self.refuses(lambda: model.start(4).step(np.full_like(x, -129)), "-129", "[0]")
        self.refuses(lambda: model.start().step(x[0] / 2), "float64")
        self.refuses(lambda: model.trace(x[None]), "one sequence")
        self.refuses(lambda: model.verilog(device="nexys"), "nexys", "ice40-hx8k")
        self.refuses(lambda: model.verilog({"columns": 4, "rows": 0, "lanes": 2, "device": "ice40-hx8k"}), "rows")
        self.refuses(lambda: model.verilog("no.json"), "no.json")
        self.refuses(lambda: model.cycles(x=x[:, :3]), "[4, 3]")
        self.refuses(lambda: model.quantize(x), "scaled features")
        vowels = tern.Model(MODELS / "japanese-vowels.safetensors")
        self.refuses(lambda: vowels.quantize(np.full((2, 12), np.nan)), "finite")
        self.refuses(lambda: vowels.quantize(np.zeros((2, 3))), "[2, 3]")
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "file")
            place.write_text("")
            self.refuses(lambda: model.generate(place), "file")
            self.assertEqual(place.read_text(), "")


if __name__ == "__main__":
    unittest.main()
