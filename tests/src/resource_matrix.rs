//! The configurations on which the resource model is held against Yosys.

use tern_compile::design::{Design, Skip, Streams, Weights};
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_model::network::CellKind::{Gru, Lstm};
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;

use crate::family::{Biases, Family};

/// A network on an array.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Network and array.
    pub family: Family,
    /// What its ports carry.
    pub streams: Streams,
    /// Where the network comes from.
    pub weights: Weights,
}

impl Configuration {
    /// The network, compiled.
    ///
    /// # Panics
    /// When it does not fit.
    pub fn program(&self) -> Program {
        let model: Model = self.family.model(1);
        Program::compile(&model, &self.design()).expect("a configuration that fits")
    }

    fn design(&self) -> Design {
        Design {
            streams: self.streams,
            weights: self.weights,
            ..self.family.design()
        }
    }

    /// The structure of its core, which need not fit the device.
    ///
    /// # Panics
    /// When the network does not run on the array.
    pub fn shape(&self) -> Shape {
        let model = self.family.model(1);
        Shape::of(&model, &self.design()).expect("a network that the array runs")
    }

    /// Network, array and device, for tables.
    pub fn label(&self) -> String {
        let bytes = match self.streams {
            Streams::Bytes => ", bytes",
            Streams::Wide => "",
        };
        let loads = match self.weights {
            Weights::Stream => ", loads",
            Weights::Fixed => "",
        };
        let device = self.family.device;
        format!("{}, {device}{bytes}{loads}", self.family.label())
    }

    fn bytes(self) -> Configuration {
        Configuration {
            streams: Streams::Bytes,
            ..self
        }
    }

    /// The same with hidden states of `bits` bits.
    fn integers(mut self, bits: &[u32]) -> Configuration {
        self.family.spec.hidden_bits = bits.to_vec();
        self
    }

    /// The same on an array that sums events.
    fn events(mut self, skip: Skip) -> Configuration {
        self.family.skip = Some(skip);
        self
    }

    fn loads(self) -> Configuration {
        Configuration {
            weights: Weights::Stream,
            ..self
        }
    }
}

/// One configuration: input size and bits, layers, head, F, array and device.
fn on(
    device: &'static str,
    [columns, rows, lanes]: [usize; 3],
    (input_size, input_bits): (usize, u32),
    cells: &[(CellKind, usize)],
    gate_frac: u32,
    head: Option<usize>,
) -> Configuration {
    let ternary = input_bits == 2;
    let spec = RandomSpec {
        input_size,
        input_bits,
        cells: cells.to_vec(),
        head,
        output: if head.is_some() && ternary {
            Output::Last
        } else {
            Output::Every
        },
        gate_frac,
        lut_bits: if gate_frac == 0 { 4 } else { 6 },
        state_bits: if gate_frac == 0 { 5 } else { gate_frac + 5 },
        input_shift: 0,
        hidden_shift: if ternary || columns == 3 {
            0
        } else {
            input_bits - 1
        },
        hidden_bits: vec![],
        lut_shift: if gate_frac == 0 { 0 } else { 2 },
        state_lut_shift: if gate_frac == 0 { 0 } else { 3 },
    };
    // A GRU's state has F fraction bits, the product that an LSTM compares 2F.
    let fraction = match cells.iter().all(|(kind, _)| *kind == Lstm) {
        true => 2 * gate_frac,
        false => gate_frac,
    };
    let family = Family {
        spec,
        columns,
        rows,
        lanes,
        skip: None,
        device,
        threshold: 1 << fraction.saturating_sub(1),
        biases: Biases::Narrow {
            limit: 300,
            step: 1,
        },
    };
    Configuration {
        family,
        streams: Streams::Wide,
        weights: Weights::Fixed,
    }
}

/// Small and quick to synthesize, of both cells, families and dataflows.
pub fn quick() -> Vec<Configuration> {
    let (hx, ecp5) = ("ice40-hx8k", "ecp5-25k");
    vec![
        on(hx, [3, 2, 8], (24, 4), &[(Gru, 24)], 7, None).loads(),
        on(ecp5, [4, 2, 8], (24, 4), &[(Gru, 32)], 8, Some(4)),
        on(hx, [4, 2, 6], (20, 4), &[(Lstm, 32)], 7, Some(10)).events(Skip::Delta),
    ]
}

/// A core that was placed, for a table, its structure and the logic cells that nextpnr counted.
pub type Placed = (String, Shape, usize);

/// Cores that were placed, the shipped network for spoken digits among them.
///
/// # Panics
/// When the shipped network is missing.
pub fn placed() -> Vec<Placed> {
    let (hx, up, ecp5, big) = ("ice40-hx8k", "ice40-up5k", "ecp5-25k", "ecp5-85k");
    let l300 = [(Lstm, 300)];
    let loaded = on(up, [4, 1, 8], (200, 2), &[(Lstm, 256)], 7, Some(10));
    let mut g80 = on(hx, [3, 10, 8], (80, 8), &[(Gru, 80)], 8, Some(48));
    g80.family.spec.hidden_shift = 7;
    let random = [
        (on(hx, [4, 3, 8], (32, 2), &[(Lstm, 32)], 7, Some(10)), 2668),
        (
            on(hx, [3, 2, 8], (24, 4), &[(Gru, 24)], 7, None).loads(),
            2534,
        ),
        (g80, 7819),
        (loaded.bytes().loads(), 2604),
        (
            on(ecp5, [3, 16, 16], (128, 2), &[(Gru, 128)], 7, None),
            7391,
        ),
        (on(big, [4, 20, 15], (300, 2), &l300, 7, None), 10676),
        (on(big, [4, 32, 18], (300, 2), &l300, 7, None), 18781),
    ];
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../models/spoken-digits.safetensors"
    );
    let digits = Model::read(file).expect("a shipped network");
    let shipped = [(6, hx, Streams::Wide, 4800), (7, up, Streams::Bytes, 5578)];
    let shipped = shipped.map(|(rows, device, streams, cells)| {
        let design = Design {
            streams,
            ..Design::new(rows, 8, device).expect("a valid design")
        };
        let shape = Shape::of(&digits, &design).expect("it runs on any array");
        (
            format!("spoken digits, {rows} rows, {device}"),
            shape,
            cells,
        )
    });
    let random = random.map(|(core, cells)| (core.label(), core.shape(), cells));
    shipped.into_iter().chain(random).collect()
}

/// Everything else that is dense: every kind of network, F, input width and array.
pub fn slow() -> Vec<Configuration> {
    let (hx, up, ecp5) = ("ice40-hx8k", "ice40-up5k", "ecp5-25k");
    let mut all = vec![
        on(hx, [3, 2, 16], (20, 4), &[(Gru, 30)], 3, None),
        on(hx, [4, 3, 8], (32, 2), &[(Lstm, 32)], 7, Some(10)),
        on(hx, [4, 2, 8], (24, 8), &[(Lstm, 16), (Gru, 24)], 7, Some(5)),
        on(hx, [4, 4, 8], (16, 4), &[(Lstm, 48)], 7, Some(6)).integers(&[4]),
        on(
            ecp5,
            [4, 1, 20],
            (40, 2),
            &[(Lstm, 20), (Lstm, 24)],
            0,
            None,
        ),
        on(hx, [4, 7, 8], (40, 2), &[(Lstm, 32)], 7, Some(10)),
        on(hx, [4, 3, 16], (32, 4), &[(Lstm, 32)], 3, None),
        on(hx, [4, 2, 20], (24, 8), &[(Lstm, 40)], 8, Some(4)),
        on(hx, [4, 1, 4], (16, 2), &[(Lstm, 16)], 0, None),
        on(hx, [4, 5, 4], (12, 8), &[(Lstm, 24)], 7, Some(3)),
        on(hx, [3, 8, 8], (32, 2), &[(Gru, 32)], 7, None),
        on(hx, [3, 4, 16], (20, 4), &[(Gru, 30)], 0, Some(6)),
        on(hx, [4, 6, 8], (39, 8), &[(Gru, 48)], 7, Some(12)),
        on(hx, [4, 2, 16], (16, 4), &[(Gru, 20)], 3, None),
        on(
            hx,
            [4, 4, 8],
            (20, 4),
            &[(Lstm, 24), (Lstm, 16)],
            3,
            Some(8),
        ),
        on(hx, [3, 3, 16], (16, 2), &[(Gru, 20), (Gru, 20)], 8, None),
        on(hx, [4, 5, 8], (24, 8), &[(Lstm, 16), (Gru, 24)], 7, Some(5)),
        on(hx, [4, 3, 8], (64, 8), &[], 0, Some(20)),
        on(hx, [4, 5, 8], (24, 4), &[(Lstm, 24)], 7, Some(6)).bytes(),
        on(hx, [4, 4, 8], (16, 8), &[(Lstm, 40)], 7, None).integers(&[8]),
        on(
            hx,
            [4, 2, 16],
            (20, 4),
            &[(Gru, 24), (Lstm, 16)],
            7,
            Some(5),
        )
        .integers(&[4, 3]),
        on(ecp5, [4, 4, 16], (32, 4), &[(Lstm, 32)], 7, None).integers(&[3]),
        on(up, [4, 3, 12], (32, 2), &[(Lstm, 32)], 7, Some(4)),
        on(ecp5, [4, 12, 16], (64, 2), &[(Lstm, 64)], 7, Some(10)),
        on(ecp5, [4, 6, 20], (40, 8), &[(Lstm, 50)], 8, Some(6)),
        on(ecp5, [3, 12, 8], (64, 4), &[(Gru, 64)], 7, None),
        on(ecp5, [4, 4, 18], (32, 2), &[(Gru, 40)], 0, None),
        on(
            ecp5,
            [4, 8, 8],
            (24, 4),
            &[(Gru, 32), (Lstm, 24)],
            3,
            Some(7),
        ),
        on(ecp5, [4, 1, 4], (16, 2), &[(Lstm, 16)], 3, None),
    ];
    all.extend(wide());
    all.extend(tiny());
    all.extend(large());
    all.extend(loaded());
    all
}

/// Arrays that sum events.
pub fn events() -> Vec<Configuration> {
    let (hx, up, ecp5) = ("ice40-hx8k", "ice40-up5k", "ecp5-25k");
    let (delta, zero) = (Skip::Delta, Skip::Zero);
    vec![
        on(ecp5, [4, 3, 8], (16, 2), &[(Gru, 40)], 7, None).events(zero),
        on(hx, [4, 3, 8], (24, 8), &[(Lstm, 96)], 7, Some(10)).events(delta),
        on(hx, [4, 1, 8], (32, 2), &[(Lstm, 32)], 0, None).events(delta),
        on(hx, [4, 1, 4], (8, 8), &[(Lstm, 16)], 3, Some(4)).events(zero),
        on(hx, [4, 2, 8], (24, 4), &[(Gru, 48)], 7, Some(6)).events(delta),
        on(hx, [4, 4, 6], (12, 2), &[(Lstm, 24), (Gru, 24)], 7, Some(5)).events(delta),
        on(hx, [4, 1, 16], (40, 6), &[(Lstm, 40)], 8, None).events(zero),
        on(up, [4, 1, 8], (24, 8), &[(Lstm, 64)], 7, Some(10))
            .events(delta)
            .bytes()
            .loads(),
        on(ecp5, [4, 4, 12], (24, 8), &[(Lstm, 96)], 7, Some(10)).events(delta),
        on(ecp5, [4, 2, 18], (64, 2), &[(Lstm, 128)], 7, Some(20)).events(zero),
        on(
            ecp5,
            [4, 3, 9],
            (12, 8),
            &[(Gru, 64), (Gru, 64)],
            7,
            Some(9),
        )
        .events(delta),
        on(ecp5, [4, 1, 4], (16, 4), &[(Lstm, 16)], 3, None).events(zero),
        on(ecp5, [4, 2, 8], (24, 4), &[(Lstm, 48)], 7, None)
            .events(delta)
            .integers(&[4]),
    ]
}

/// More than 20 lanes, whose products are counted in two cycles.
fn wide() -> Vec<Configuration> {
    let (hx, ecp5, mid) = ("ice40-hx8k", "ecp5-25k", "ecp5-45k");
    vec![
        on(hx, [4, 1, 40], (40, 2), &[(Lstm, 40)], 7, None),
        on(hx, [4, 2, 24], (48, 8), &[(Lstm, 24)], 3, Some(6)),
        on(hx, [3, 2, 32], (32, 8), &[(Gru, 32)], 0, None),
        on(ecp5, [4, 3, 36], (72, 6), &[(Lstm, 36)], 0, Some(9)),
        on(ecp5, [3, 4, 36], (72, 2), &[(Gru, 72)], 7, None),
        on(
            ecp5,
            [4, 2, 54],
            (54, 2),
            &[(Gru, 54), (Gru, 40)],
            7,
            Some(5),
        ),
        on(mid, [4, 4, 54], (108, 4), &[(Lstm, 108)], 7, None),
    ]
}

/// A PE a column, or few lanes: what is not the array.
fn tiny() -> Vec<Configuration> {
    let (hx, ecp5) = ("ice40-hx8k", "ecp5-25k");
    vec![
        on(hx, [4, 1, 2], (1, 2), &[(Lstm, 2)], 0, None),
        on(hx, [4, 1, 2], (4, 8), &[(Lstm, 10)], 7, Some(2)),
        on(hx, [3, 1, 2], (3, 2), &[(Gru, 8)], 7, None),
        on(hx, [3, 1, 4], (8, 2), &[(Gru, 16)], 0, Some(3)),
        on(hx, [3, 1, 4], (8, 8), &[(Gru, 16), (Gru, 16)], 7, None),
        on(ecp5, [4, 1, 2], (4, 2), &[(Gru, 8)], 0, None),
        on(ecp5, [4, 1, 2], (4, 4), &[(Lstm, 8)], 7, Some(2)),
        on(ecp5, [4, 2, 8], (40, 8), &[], 0, Some(10)),
    ]
}

/// Arrays of 576 to 1200 lanes.
fn large() -> Vec<Configuration> {
    let (small, mid, big) = ("ecp5-25k", "ecp5-45k", "ecp5-85k");
    vec![
        on(small, [3, 16, 16], (128, 2), &[(Gru, 128)], 7, None),
        on(
            small,
            [4, 12, 12],
            (60, 8),
            &[(Lstm, 96), (Lstm, 96)],
            0,
            Some(12),
        ),
        on(mid, [4, 12, 18], (90, 8), &[(Lstm, 180)], 7, Some(20)),
        on(big, [4, 20, 15], (300, 2), &[(Lstm, 300)], 7, None),
    ]
}

/// Networks that come from a stream; on the UP5K into single-port RAMs.
fn loaded() -> Vec<Configuration> {
    let (hx, up, ecp5) = ("ice40-hx8k", "ice40-up5k", "ecp5-25k");
    let all = [
        on(hx, [4, 1, 4], (16, 2), &[(Lstm, 16)], 0, None).bytes(),
        on(hx, [4, 3, 8], (32, 2), &[(Lstm, 32)], 7, Some(10)),
        on(hx, [4, 3, 8], (24, 8), &[(Lstm, 24)], 3, Some(6)).bytes(),
        on(up, [4, 1, 8], (64, 4), &[(Lstm, 128)], 7, Some(12)).bytes(),
        on(up, [3, 1, 8], (64, 2), &[(Gru, 96)], 7, None),
        on(ecp5, [4, 1, 18], (36, 2), &[(Gru, 36)], 3, Some(5)).bytes(),
        on(
            ecp5,
            [4, 6, 16],
            (48, 4),
            &[(Lstm, 48), (Gru, 48)],
            7,
            Some(10),
        ),
        on(ecp5, [4, 8, 18], (54, 8), &[(Lstm, 72)], 8, None),
    ];
    all.into_iter().map(Configuration::loads).collect()
}
