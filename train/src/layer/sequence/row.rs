//! The cell of all units of one sequence in one time step, as vector instructions.
//!
//! The instructions are those of the machine that it runs on. Each is a single IEEE operation and no
//! two are fused, so that the values are the same on all.

use std::ops::Range;

use pulp::Arch;

use crate::layer::cell::{Cell, Upstream};

/// Where the gradients of a row go.
pub(super) struct Gradients<'a> {
    /// Of the products with the input `[G*H]`.
    pub(super) x: &'a mut [f32],
    /// Of the products with the hidden state, which they replace `[G*H]`.
    pub(super) h: &'a mut [f32],
    /// Of the next state, which that of the state replaces `[H]`.
    pub(super) state: &'a mut [f32],
    /// Of the constants, of each of all units `[CONSTANTS, H]`; or empty, where they are not asked for.
    pub(super) constants: &'a mut [f32],
}

/// Units whose results wait in place of their own, apart from what is read, before they are written.
const BLOCK: usize = 64;

/// Results of a block.
type Results = [f32; BLOCK];

/// Next states and hidden states `[H]` of products with the input and the hidden state `[G*H]` and
/// states `[H]`.
pub(super) fn forward<const G: usize, C: Cell<G>>(
    cell: &C,
    [x, h]: [&[f32]; 2],
    state: &[f32],
    [next, hidden]: [&mut [f32]; 2],
) {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let units = state.len();
            for block in blocks(units) {
                let (x, h) = (gates::<G>(x, units, &block), gates::<G>(h, units, &block));
                let state = &state[block.clone()];
                let mut results = [[0f32; BLOCK]; 2];
                for j in 0..state.len().min(BLOCK) {
                    let (x, h) = (x.map(|gate| gate[j]), h.map(|gate| gate[j]));
                    (results[0][j], results[1][j]) = cell.step(&x, &h, state[j]);
                }
                store(&results[0], &mut next[block.clone()]);
                store(&results[1], &mut hidden[block]);
            }
        },
    );
}

/// Gradients of what [`forward`] takes; `upstream` are two parts of those of the hidden states `[H]`.
pub(super) fn backward<const G: usize, C: Cell<G>>(
    cell: &C,
    x: &[f32],
    state: &[f32],
    upstream: [&[f32]; 2],
    gradients_to: Gradients,
) {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let units = state.len();
            for block in blocks(units) {
                let x = gates::<G>(x, units, &block);
                let h = gates::<G>(gradients_to.h, units, &block);
                let state = &state[block.clone()];
                let upstream = upstream.map(|part| &part[block.clone()]);
                let of_state = &gradients_to.state[block.clone()];
                let mut by_state = [0f32; BLOCK];
                let (mut by_x, mut by_h) = ([[0f32; BLOCK]; G], [[0f32; BLOCK]; G]);
                let mut constants = [[0f32; BLOCK]; 5];
                for j in 0..state.len().min(BLOCK) {
                    let (x, h) = (x.map(|gate| gate[j]), h.map(|gate| gate[j]));
                    let reached = Upstream {
                        state: of_state[j],
                        hidden: upstream[0][j] + upstream[1][j],
                    };
                    let downstream = cell.gradient(&x, &h, state[j], reached);
                    by_state[j] = downstream.state;
                    for gate in 0..G {
                        by_x[gate][j] = downstream.x[gate];
                        by_h[gate][j] = downstream.h[gate];
                    }
                    for (row, value) in constants.iter_mut().zip(downstream.constants) {
                        row[j] = value;
                    }
                }
                store(&by_state, &mut gradients_to.state[block.clone()]);
                let rows = by_x.iter().zip(&by_h).enumerate();
                for (gate, (by_x, by_h)) in rows {
                    let row = gate * units + block.start..gate * units + block.end;
                    store(by_x, &mut gradients_to.x[row.clone()]);
                    store(by_h, &mut gradients_to.h[row]);
                }
                let rows = gradients_to.constants.chunks_exact_mut(units);
                for (row, values) in rows.zip(&constants) {
                    store(values, &mut row[block.clone()]);
                }
            }
        },
    );
}

/// The blocks of so many units.
#[inline(always)]
fn blocks(units: usize) -> impl Iterator<Item = Range<usize>> {
    let block = move |start: usize| start..units.min(start + BLOCK);
    (0..units).step_by(BLOCK).map(block)
}

/// Values of G gates in `[G*H]` in a block of units.
#[inline(always)]
fn gates<'r, const G: usize>(row: &'r [f32], units: usize, block: &Range<usize>) -> [&'r [f32]; G] {
    std::array::from_fn(|gate| &row[gate * units..][block.clone()])
}

/// Writes as many results as there is room for.
#[inline(always)]
fn store(results: &Results, to: &mut [f32]) {
    to.copy_from_slice(&results[..to.len()]);
}
