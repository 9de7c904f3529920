"""The golden model gives what the layers for PyTorch gave in evaluation; vectors/make.py recorded it."""

import unittest
from pathlib import Path

import numpy as np
import tern_fpga as tern

VECTORS = Path(__file__).with_name("vectors")


class Vectors(unittest.TestCase):
    def test_the_integers_are_those_of_pytorch(self) -> None:
        files = sorted(VECTORS.glob("*.npz"))
        self.assertGreaterEqual(len(files), 6)
        for file in files:
            recorded = np.load(file)
            model = tern.Model(file.with_suffix(".safetensors"))
            x = model.quantize(recorded["features"])
            np.testing.assert_array_equal(model.run(x), recorded["outputs"], file.name)
            self.assertGreater(len(np.unique(recorded["outputs"])), 2, file.name)


if __name__ == "__main__":
    unittest.main()
