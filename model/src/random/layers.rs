//! Random layers: trits, tables within their ranges, biases that leave every sum within 31 bits.

use fastrand::Rng;

use super::spec::RandomSpec;
use crate::network::{Gate, Gru, GruBias, GruGate, Linear, Lstm};
use crate::validate::SUM_MAX;

/// What a recurrent layer's place in the stack decides.
pub(super) struct Cell {
    pub input_size: usize,
    pub hidden_size: usize,
    pub input_max: i32,
    pub input_shift: u32,
    pub hidden_bits: u32,
}

pub(super) fn lstm(spec: &RandomSpec, cell: &Cell, rng: &mut Rng) -> Lstm {
    let rows = Gate::ORDER.len() * cell.hidden_size;
    let luts = Gate::ORDER.map(|gate| table(spec, gate.is_signed(), rng));
    let (threshold, hidden_round) = hidden(cell.hidden_bits, 2 * spec.gate_frac, rng);
    let mut lstm = Lstm {
        input_size: cell.input_size,
        hidden_size: cell.hidden_size,
        gate_frac: spec.gate_frac,
        lut_bits: spec.lut_bits,
        state_bits: spec.state_bits,
        input_shift: cell.input_shift,
        hidden_shift: spec.hidden_shift,
        lut_shift: [spec.lut_shift; 4],
        state_lut_shift: spec.state_lut_shift,
        threshold,
        hidden_bits: hidden_round.map(|_| cell.hidden_bits),
        hidden_round,
        weight_ih: trits(rows, cell.input_size, rng),
        weight_hh: trits(rows, cell.hidden_size, rng),
        bias: vec![0; rows],
        lut: luts.concat(),
        state_lut: table(spec, true, rng),
    };
    let mut bias = Bias::new(spec.reach(), rng);
    for gate in Gate::ORDER {
        for unit in 0..lstm.hidden_size {
            let row = lstm.row(gate, unit);
            let bound = lstm.sum_bound(gate, unit, cell.input_max);
            lstm.bias[row] = bias.draw(bound, SUM_MAX);
        }
    }
    lstm
}

pub(super) fn gru(spec: &RandomSpec, cell: &Cell, rng: &mut Rng) -> Gru {
    let rows = GruGate::ORDER.len() * cell.hidden_size;
    let luts = GruGate::ORDER.map(|gate| table(spec, gate.is_signed(), rng));
    let (threshold, hidden_round) = hidden(cell.hidden_bits, spec.gate_frac, rng);
    let mut gru = Gru {
        input_size: cell.input_size,
        hidden_size: cell.hidden_size,
        gate_frac: spec.gate_frac,
        lut_bits: spec.lut_bits,
        state_bits: spec.state_bits,
        input_shift: cell.input_shift,
        hidden_shift: spec.hidden_shift,
        lut_shift: [spec.lut_shift; 3],
        threshold,
        hidden_bits: hidden_round.map(|_| cell.hidden_bits),
        hidden_round,
        weight_ih: trits(rows, cell.input_size, rng),
        weight_hh: trits(rows, cell.hidden_size, rng),
        bias: vec![0; GruBias::ORDER.len() * cell.hidden_size],
        lut: luts.concat(),
    };
    let mut bias = Bias::new(spec.reach(), rng);
    for sum in GruBias::ORDER {
        // The candidate's two sums are added, and so share the 31 bits.
        let most = match sum {
            GruBias::Reset | GruBias::Update => SUM_MAX,
            GruBias::NewInput | GruBias::NewHidden => SUM_MAX / 2,
        };
        for unit in 0..gru.hidden_size {
            let bound = gru.sum_bound(sum, unit, cell.input_max);
            gru.bias[sum.index() * cell.hidden_size + unit] = bias.draw(bound, most);
        }
    }
    gru
}

pub(super) fn linear(
    input_size: usize,
    output_size: usize,
    input_max: i32,
    rng: &mut Rng,
) -> Linear {
    let mut linear = Linear {
        input_size,
        output_size,
        weight: trits(output_size, input_size, rng),
        bias: vec![0; output_size],
    };
    let mut bias = Bias::new(1 << 10, rng);
    for output in 0..output_size {
        linear.bias[output] = bias.draw(linear.sum_bound(output, input_max), SUM_MAX);
    }
    linear
}

impl RandomSpec {
    /// Magnitude of the sums at which a table saturates.
    fn reach(&self) -> i64 {
        1 << (self.lut_bits - 1 + self.lut_shift)
    }
}

/// Biases of one layer.
struct Bias<'r> {
    /// Ordinary biases do not exceed this magnitude.
    reach: i64,
    /// Whether some biases fill the whole 31 bits.
    wide: bool,
    rng: &'r mut Rng,
}

impl Bias<'_> {
    fn new(reach: i64, rng: &mut Rng) -> Bias<'_> {
        Bias {
            reach,
            wide: rng.u8(..4) == 0,
            rng,
        }
    }

    /// A bias for a sum whose products reach `bound`, so that both together stay within `most`.
    fn draw(&mut self, bound: i64, most: i64) -> i32 {
        let room = (most - bound).max(0);
        let magnitude = match self.rng.u8(..16) {
            0 if self.wide => room,
            1 => bound + self.reach,
            _ => self.rng.i64(0..=self.reach),
        };
        let bias = magnitude.min(room);
        let bias = i32::try_from(bias).expect("room for a bias is at most 31 bits");
        if self.rng.bool() { bias } else { -bias }
    }
}

/// Trits `[rows, width]`; one row in eight repeats one trit.
fn trits(rows: usize, width: usize, rng: &mut Rng) -> Vec<i8> {
    let mut row = |_| -> Vec<i8> {
        match rng.u8(..8) {
            0 => vec![rng.i8(-1..=1); width],
            _ => (0..width).map(|_| rng.i8(-1..=1)).collect(),
        }
    };
    (0..rows).flat_map(&mut row).collect()
}

/// An activation table with arbitrary values in its range.
fn table(spec: &RandomSpec, signed: bool, rng: &mut Rng) -> Vec<i16> {
    let one = 1 << spec.gate_frac;
    let range = if signed { -one..=one } else { 0..=one };
    (0..1 << spec.lut_bits)
        .map(|_| rng.i16(range.clone()))
        .collect()
}

/// The threshold or the rounding shift of a hidden state of `bits` bits that is made of values with `frac` fraction bits: a
/// threshold that they reach about as often as not; a shift that leaves from one bit less than there are to two more.
fn hidden(bits: u32, frac: u32, rng: &mut Rng) -> (Option<i32>, Option<u32>) {
    match bits {
        2 => (Some(rng.i32(1..=(1 << frac) / 2 + 1)), None),
        bits => {
            let least = frac.saturating_sub(bits + 1);
            let most = frac.saturating_sub(bits.saturating_sub(2));
            (None, Some(rng.u32(least..=most)))
        }
    }
}
