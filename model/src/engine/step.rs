//! One time step of several sequences.

use super::layer::{Layer, Operand, Product};
use super::matrix::Tiles;
use super::state::Lane;
use super::vector::Vector;

/// Tiles whose weights stay in the nearest cache while every lane takes them.
const CHUNK: usize = 16;

/// Takes all lanes, whose inputs are in place, through all layers, with the products of `product`, which adds weights times a
/// vector to sums.
#[inline(always)]
pub(super) fn step(
    layers: &[Layer],
    lanes: &mut [Lane],
    product: impl Fn(Tiles, &Vector, &mut [i32]),
) {
    for (index, layer) in layers.iter().enumerate() {
        for lane in lanes.iter_mut() {
            lane.sums[..layer.sums()].copy_from_slice(&layer.bias);
        }
        for Product { weights, of, sums } in &layer.products {
            let operand = match of {
                Operand::Input => index,
                Operand::Hidden => index + 1,
            };
            let mut sums = *sums;
            for tiles in weights.chunks(CHUNK) {
                let rows = tiles.rows();
                for lane in lanes.iter_mut() {
                    let vector = &lane.vectors[operand];
                    product(tiles, vector, &mut lane.sums[sums..][..rows]);
                }
                sums += rows;
            }
        }
        if let Some(cell) = &layer.cell {
            for lane in lanes.iter_mut() {
                let hidden = &mut lane.vectors[index + 1];
                cell.step(&mut lane.sums, &mut lane.cells[index], hidden);
            }
        }
    }
}
