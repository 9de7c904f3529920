"""The layers for PyTorch: equal to the exported integers, to torch.nn's interface, and trainable."""

import random
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

import tern_fpga as tern
from tern_fpga.torch import GRU, LSTM, Formats, Linear

# Networks and sequences of the comparison with the golden model: 250 networks of 4 sequences each.
NETWORKS, SEQUENCES = 250, 4


def layer(rng: random.Random, layers: int | None = None) -> LSTM | GRU:
    frac = rng.choice([0, 3, 7])
    formats = Formats(
        gate_frac=frac,
        lut_bits=rng.choice([4, 6, 8]),
        state_bits=rng.choice([6, 12]),
        lut_shift=rng.choice([6, 7]),
        state_lut_shift=0 if frac == 0 else rng.choice([2, 4]),
    )
    own = rng.choice([LSTM, GRU])(
        rng.randint(1, 9),
        rng.randint(1, 17),
        layers or rng.randint(1, 3),
        bias=rng.random() < 0.8,
        batch_first=True,
        input_bits=rng.choice([2, 4, 8]),
        formats=formats,
    )
    with torch.no_grad():
        for name, value in own.named_parameters():
            if name.startswith("bias"):
                value.uniform_(-2, 2)
            elif name.startswith("slopes"):
                value.mul_(torch.empty_like(value).uniform_(0.3, 3))
    return own


def exported(module: nn.Module, **options: object) -> tern.Model:
    with tempfile.TemporaryDirectory() as folder:
        return tern.export(module, Path(folder, "m.safetensors"), **options)


class Equal(unittest.TestCase):
    def test_evaluation_is_the_golden_model(self) -> None:
        rng, seen = random.Random(1), set()
        torch.manual_seed(1)
        for case in range(NETWORKS):
            rnn = layer(rng)
            head = Linear(rnn.hidden_size, 5) if rng.random() < 0.5 else None
            parts = nn.ModuleList([rnn, *([head] if head else [])]).eval()
            features = 3 * torch.randn(SEQUENCES, rng.randint(1, 12), rnn.input_size)
            rnn.calibrate(features)
            model = exported(parts, output="every")
            with torch.no_grad():
                outputs, _ = rnn(features)
                outputs = head.integers(outputs) if head else outputs
            golden = model.run(model.quantize(features.numpy()))
            np.testing.assert_array_equal(golden, outputs.numpy(), f"network {case}: {rnn}")
            seen.update(np.unique(golden).tolist())
        self.assertGreater(len(seen), 15)

    def test_a_broken_cell_is_noticed(self) -> None:
        rng = random.Random(2)
        torch.manual_seed(2)
        noticed = 0
        for _ in range(20):
            rnn = layer(rng, layers=1).eval()
            features = 3 * torch.randn(2, 12, rnn.input_size)
            rnn.calibrate(features)
            model = exported(rnn, output="every")
            with torch.no_grad():
                rnn.weight_hh_l0.neg_()
                outputs, _ = rnn(features)
            noticed += not np.array_equal(model.run(model.quantize(features.numpy())), outputs.numpy())
        self.assertGreater(noticed, 10)


class Interface(unittest.TestCase):
    def test_packed_batched_and_single_sequences_agree(self) -> None:
        rng = random.Random(3)
        torch.manual_seed(3)
        for _ in range(20):
            rnn = layer(rng).eval()
            sequences = [2 * torch.randn(rng.randint(1, 8), rnn.input_size) for _ in range(5)]
            with torch.no_grad():
                packed, state = rnn(pack_sequence(sequences, enforce_sorted=False))
                out, lengths = pad_packed_sequence(packed, batch_first=True)
                for k, sequence in enumerate(sequences):
                    single, own = rnn(sequence)
                    batched, _ = rnn(sequence.unsqueeze(0))
                    torch.testing.assert_close(out[k, : lengths[k]], single, rtol=0, atol=0)
                    torch.testing.assert_close(batched[0], single, rtol=0, atol=0)
                    last, last_own = (state, own) if isinstance(own, torch.Tensor) else (state[0], own[0])
                    torch.testing.assert_close(last[:, k], last_own, rtol=0, atol=0)
                    torch.testing.assert_close(last[-1, k], single[-1], rtol=0, atol=0)

    def test_an_lstm_goes_on_from_its_state(self) -> None:
        torch.manual_seed(4)
        rnn = LSTM(3, 9, 2, batch_first=True).eval()
        x = 4 * torch.randn(2, 10, 3)
        with torch.no_grad():
            whole, _ = rnn(x)
            first, state = rnn(x[:, :4])
            second, _ = rnn(x[:, 4:], state)
        torch.testing.assert_close(torch.cat([first, second], 1), whole, rtol=0, atol=0)

    def test_weights_of_torch_nn_are_taken(self) -> None:
        for kind, own in ((nn.LSTM, LSTM), (nn.GRU, GRU)):
            theirs = kind(5, 8, 2)
            rnn = own(5, 8, 2)
            before = rnn.slopes_l1.clone()
            rnn.load_state_dict(theirs.state_dict())
            for name, value in theirs.named_parameters():
                torch.testing.assert_close(getattr(rnn, name), value)
            self.assertFalse(torch.equal(before, rnn.slopes_l1))
            again = own(5, 8, 2)
            again.load_state_dict(rnn.state_dict())
            torch.testing.assert_close(again.slopes_l1, rnn.slopes_l1)

    def test_what_the_hardware_cannot_be_is_refused(self) -> None:
        for call, words in (
            (lambda: LSTM(3, 4, bidirectional=True), ["bidirectional"]),
            (lambda: LSTM(3, 4, proj_size=2), ["proj_size"]),
            (lambda: LSTM(0, 4), ["input_size", "0"]),
            (lambda: LSTM(3, 4, input_bits=9), ["input_bits", "9"]),
            (lambda: Formats(gate_frac=9), ["gate_frac", "9", "0 to 8"]),
            (lambda: Formats(threshold=0.0), ["threshold"]),
            (lambda: GRU(3, 4)(torch.zeros(2, 1, 3), torch.zeros(1, 1, 4)), ["hx", "none"]),
            (lambda: LSTM(3, 4)(torch.zeros(2, 1, 5)), ["[2, 1, 5]", "3"]),
            (lambda: tern.convert(nn.LSTM(3, 4, bidirectional=True)), ["two directions"]),
            (lambda: tern.convert(nn.Linear(3, 4)), ["nn.LSTM"]),
            (lambda: exported(nn.Linear(3, 4)), ["LSTM or GRU"]),
            (lambda: exported(nn.ModuleList([LSTM(3, 4), Linear(5, 2)])), ["5 elements", "4"]),
            (lambda: exported(nn.ModuleList([LSTM(3, 4), LSTM(4, 4)])), ["trits"]),
            (lambda: exported(LSTM(3, 4), output="never"), ["never"]),
        ):
            with self.assertRaises(ValueError) as caught:
                call()
            for word in words:
                self.assertIn(word, str(caught.exception))


class Training(unittest.TestCase):
    def test_a_converted_network_learns_what_its_model_file_does(self) -> None:
        # Which of two inputs rose first: 12 steps of memory.
        torch.manual_seed(5)
        y = torch.arange(128) % 2
        x = 0.2 * torch.randn(128, 12, 2)
        x[torch.arange(128), 1, y] += 2
        x[torch.arange(128), 6, 1 - y] += 2

        class Network(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.rnn, self.head = nn.LSTM(2, 16, batch_first=True), nn.Linear(16, 2)

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return self.head(self.rnn(x)[0][:, -1])

        def fit(network: nn.Module) -> float:
            optimizer = torch.optim.Adam(network.parameters(), 0.01)
            for _ in range(60):
                loss = nn.functional.cross_entropy(network(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            return (network.eval()(x).argmax(1) == y).float().mean().item()

        trained = Network()
        self.assertGreater(fit(trained), 0.99)
        network = tern.convert(trained, inputs=x)
        self.assertIsInstance(network.rnn, LSTM)
        self.assertIsInstance(trained.rnn, nn.LSTM)
        accuracy = fit(network)
        self.assertGreater(accuracy, 0.97)
        model = exported(network, labels=["first", "second"])
        right = (model.run(model.quantize(x.numpy())).argmax(1) == y.numpy()).mean()
        self.assertEqual(right, np.float32(accuracy))


if __name__ == "__main__":
    unittest.main()
