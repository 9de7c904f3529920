//! The matrix of cores: kinds of network, devices, fraction bits, input widths and hidden states, every pair of values in some row.

use tern_compile::design::{Design, Weights};
use tern_compile::error::Error;
use tern_compile::program::Program;
use tern_model::network::CellKind::{Gru, Lstm};
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;

use crate::family::{Biases, Family};
use crate::pairwise;

/// Recurrent layers, from the input up; none is a linear layer alone.
const LAYERS: [&[CellKind]; 6] = [
    &[Lstm],
    &[Gru],
    &[Lstm, Lstm],
    &[Gru, Gru],
    &[Gru, Lstm],
    &[],
];
/// Whether there is a head, and when an output.
const ENDS: [(bool, Output); 4] = [
    (false, Output::Every),
    (false, Output::Last),
    (true, Output::Every),
    (true, Output::Last),
];
/// The devices.
const DEVICES: [&str; 5] = [
    "ice40-hx8k",
    "ice40-up5k",
    "ecp5-25k",
    "ecp5-45k",
    "ecp5-85k",
];
/// Fraction bits F.
const GATE_FRAC: std::ops::RangeInclusive<u32> = 0..=8;
/// Bits of an input element.
const INPUT_BITS: std::ops::RangeInclusive<u32> = 2..=8;
/// Bits of the hidden states of two layers: trits, integers, and one of each.
const HIDDEN_BITS: [&[u32]; 5] = [&[], &[3, 3], &[8, 8], &[2, 5], &[4, 2]];
/// Whether the input is scaled above the hidden state, or below it, or neither is scaled.
const SHIFTS: [Option<bool>; 3] = [Some(false), None, Some(true)];
/// Input size, sizes of two layers, outputs: the smallest; below, at and above 4, 8 and 16 lanes; an input of 1024.
const SIZES: [[usize; 4]; 7] = [
    [1, 1, 2, 1],
    [3, 4, 5, 2],
    [7, 9, 8, 5],
    [16, 15, 17, 9],
    [25, 20, 7, 12],
    [33, 31, 12, 33],
    [1024, 6, 3, 10],
];

/// Most processing elements of a core that is simulated: more than this take minutes to build.
const AFFORDABLE: usize = 64;
/// Columns, rows and lanes of the array in place of one that is not affordable.
const SMALL: (usize, usize) = (5, 6);

/// Layers and ends of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    layers: &'static [CellKind],
    head: bool,
    output: Output,
}

/// A row of the matrix.
#[derive(Clone, Debug)]
pub struct Row {
    /// Number of the row, which is the seed of its network.
    pub number: u64,
    /// The device.
    pub device: &'static str,
    kind: Kind,
    gate_frac: u32,
    input_bits: u32,
    input_is_scaled: Option<bool>,
    hidden_bits: &'static [u32],
    sizes: [usize; 4],
}

/// Layers and ends of every kind of network; a linear layer alone is a head.
fn kinds() -> Vec<Kind> {
    let with = |layers| {
        ENDS.map(|(head, output)| Kind {
            layers,
            head,
            output,
        })
    };
    let all = LAYERS.into_iter().flat_map(with);
    all.filter(|kind| kind.head || !kind.layers.is_empty())
        .collect()
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let kinds = kinds();
    let (frac, bits) = (GATE_FRAC.count(), INPUT_BITS.count());
    let values = [
        kinds.len(),
        frac,
        bits,
        SIZES.len(),
        DEVICES.len(),
        SHIFTS.len(),
        HIDDEN_BITS.len(),
    ];
    let row = |(number, chosen): (u64, Vec<usize>)| Row {
        number,
        kind: kinds[chosen[0]],
        gate_frac: GATE_FRAC.start() + chosen[1] as u32,
        input_bits: INPUT_BITS.start() + chosen[2] as u32,
        sizes: SIZES[chosen[3]],
        device: DEVICES[chosen[4]],
        input_is_scaled: SHIFTS[chosen[5]],
        hidden_bits: HIDDEN_BITS[chosen[6]],
    };
    (1..).zip(pairwise::rows(&values)).map(row).collect()
}

impl Row {
    fn family(&self) -> Family {
        let [input_size, first, second, outputs] = self.sizes;
        let planes = self.input_bits - 1;
        let (input_shift, hidden_shift) = match self.input_is_scaled {
            Some(false) => (0, planes),
            None => (0, 0),
            Some(true) => (2, 0),
        };
        // A GRU's state has F fraction bits, the product that an LSTM compares 2F.
        let lstm_alone = self.kind.layers.iter().all(|kind| *kind == Lstm);
        let fraction = if lstm_alone {
            2 * self.gate_frac
        } else {
            self.gate_frac
        };
        Family {
            spec: RandomSpec {
                input_size,
                input_bits: self.input_bits,
                cells: self
                    .kind
                    .layers
                    .iter()
                    .copied()
                    .zip([first, second])
                    .collect(),
                head: self.kind.head.then_some(outputs),
                output: self.kind.output,
                gate_frac: self.gate_frac,
                lut_bits: 5,
                state_bits: self.gate_frac + 4,
                input_shift,
                hidden_shift,
                hidden_bits: self.hidden_bits.to_vec(),
                lut_shift: 1,
                state_lut_shift: u32::from(self.gate_frac > 0),
            },
            columns: 4,
            rows: SMALL.0,
            lanes: SMALL.1,
            skip: None,
            device: self.device,
            threshold: 1 << fraction.saturating_sub(2),
            biases: Biases::Narrow { limit: 40, step: 1 },
        }
    }

    /// The network.
    pub fn model(&self) -> Model {
        self.family().model(self.number)
    }

    /// Its core, and whether its array is the one that `gen-verilog --device` chooses.
    ///
    /// On a UP5K the weights come from a stream into its single-port RAMs, which hold a row of four PEs of eight lanes. The streams
    /// are wide on every device: it is `tern_core` that the cycle model is exact for.
    ///
    /// # Errors
    /// When the memories of the device do not hold the network.
    pub fn program(&self, model: &Model) -> Result<(Program, bool), Error> {
        if self.device == "ice40-up5k" {
            let mut design = Design::new(1, 8, self.device)?;
            design.weights = Weights::Stream;
            return Ok((Program::compile(model, &design)?, false));
        }
        let (design, is_chosen) = match Design::largest(model, self.device) {
            Ok(largest) if largest.pes() <= AFFORDABLE => (largest, true),
            Ok(_) => (self.family().design(), false),
            // The registers of 1024 inputs of 8 bits alone are more than an HX8K has: such a core is simulated all the same.
            Err(_) => (Design::new(1, 2, self.device)?, false),
        };
        Ok((Program::compile(model, &design)?, is_chosen))
    }

    /// Network, device and array, for messages.
    pub fn label(&self, program: &Program) -> String {
        let design = &program.shape.design;
        let family = Family {
            columns: design.columns,
            rows: design.rows,
            lanes: design.lanes,
            ..self.family()
        };
        let output = match self.kind.output {
            Output::Every => "every",
            Output::Last => "last",
        };
        format!(
            "row {}: {}, output {output}, {}",
            self.number,
            family.label(),
            self.device
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{DEVICES, GATE_FRAC, INPUT_BITS, Row, kinds, rows};

    /// Whether a row has `first` and `second` together, for each of both.
    fn all<A: PartialEq + Copy, B: PartialEq + Copy>(
        first: impl IntoIterator<Item = A>,
        second: impl IntoIterator<Item = B> + Clone,
        of: impl Fn(&Row) -> (A, B),
    ) -> bool {
        let rows = rows();
        let mut pairs = first
            .into_iter()
            .flat_map(|a| second.clone().into_iter().map(move |b| (a, b)));
        pairs.all(|pair| rows.iter().any(|row| of(row) == pair))
    }

    #[test]
    fn every_pair_of_kind_device_fraction_and_width_is_in_a_row() {
        // Five choices of recurrent layers, each with and without a head, and a head alone; an output at the end or every step.
        assert_eq!(kinds().len(), 5 * 4 + 2);
        assert!(all(kinds(), DEVICES, |row| (row.kind, row.device)));
        assert!(all(kinds(), GATE_FRAC, |row| (row.kind, row.gate_frac)));
        assert!(all(kinds(), INPUT_BITS, |row| (row.kind, row.input_bits)));
        assert!(all(DEVICES, GATE_FRAC, |row| (row.device, row.gate_frac)));
        assert!(all(DEVICES, INPUT_BITS, |row| (row.device, row.input_bits)));
        assert!(all(GATE_FRAC, INPUT_BITS, |row| (
            row.gate_frac,
            row.input_bits
        )));
        assert!(!all(kinds(), [9], |row| (row.kind, row.gate_frac)));
    }

    #[test]
    fn every_row_fits_its_device() {
        let mut chosen = 0;
        for row in rows() {
            let made = row.program(&row.model());
            let (program, is_chosen) = made.unwrap_or_else(|error| panic!("{row:?}: {error}"));
            assert_eq!(program.shape.design.device.name, row.device);
            chosen += usize::from(is_chosen);
        }
        // The others are on the UP5K's single-port RAMs, or on a small array in place of one of many PEs.
        assert_eq!((rows().len(), chosen), (200, 156));
    }
}
