//! Products in plain Rust, in loops of sixteen bytes that compilers make vector instructions of, on any processor.

use crate::engine::layer::Layer;
use crate::engine::matrix::{Block, Form, TILE, Tiles};
use crate::engine::state::Lane;
use crate::engine::step::step;
use crate::engine::vector::Vector;

/// Bytes of a vector register.
const BYTES: usize = 16;
/// Rows whose four bytes it holds.
const ROWS: usize = BYTES / 4;
/// Words after which counters of bytes are added up: 31 times 8 is at most 255.
const WORDS: usize = 31;
/// Quads after which products of 16 bits are added up: 128 times 2 * 127 is at most 32767.
const QUADS: usize = 128;

pub(super) fn run(layers: &[Layer], lanes: &mut [Lane]) {
    step(layers, lanes, product);
}

/// Adds `2^shift * weights * x` to `sums`.
#[inline(always)]
fn product(weights: Tiles, x: &Vector, sums: &mut [i32]) {
    let tiles = weights.blocks.chunks_exact(weights.per_tile);
    for (tile, sums) in tiles.zip(sums.chunks_exact_mut(TILE)) {
        let products = match weights.form {
            Form::Planes => planes(tile, x),
            Form::Bytes => bytes(tile, x),
        };
        for (sum, product) in sums.iter_mut().zip(products) {
            *sum += product << weights.shift;
        }
    }
}

/// Products of the rows of a tile.
#[inline(always)]
fn planes(tile: &[Block], x: &Vector) -> [i32; TILE] {
    let mut total = [0; TILE];
    for (part, total) in total.as_chunks_mut().0.iter_mut().enumerate() {
        *total = planes_of_part(tile, part, x);
    }
    total
}

/// Products of the rows of part `part` of a tile.
#[inline(always)]
fn planes_of_part(tile: &[Block], part: usize, x: &Vector) -> [i32; ROWS] {
    let (words, _) = tile.as_chunks::<2>();
    let mut total = [0; ROWS];
    for magnitude in x.magnitude.chunks_exact(words.len()).rev() {
        total = total.map(|sum| sum << 1);
        let columns = words.chunks(WORDS).zip(magnitude.chunks(WORDS));
        for ((words, magnitude), negative) in columns.zip(x.negative.chunks(WORDS)) {
            let (mut all, mut minus) = ([0; BYTES], [0; BYTES]);
            for (([there, sign], m), s) in words.iter().zip(magnitude).zip(negative) {
                let (there, sign) = (bytes_of(there, part), bytes_of(sign, part));
                let (m, s) = (repeated(m.to_le_bytes()), repeated(s.to_le_bytes()));
                for k in 0..BYTES {
                    let bits = there[k] & m[k];
                    all[k] += bits.count_ones() as u8;
                    minus[k] += (bits & (sign[k] ^ s[k])).count_ones() as u8;
                }
            }
            let (all, minus) = (all.as_chunks::<4>().0, minus.as_chunks::<4>().0);
            for (total, (all, minus)) in total.iter_mut().zip(all.iter().zip(minus)) {
                let sum = |bytes: &[u8; 4]| bytes.iter().map(|&b| i32::from(b)).sum::<i32>();
                *total += sum(all) - 2 * sum(minus);
            }
        }
    }
    total
}

/// Products of the rows of a tile.
#[inline(always)]
fn bytes(tile: &[Block], x: &Vector) -> [i32; TILE] {
    let (quads, _) = x.values.as_chunks::<4>();
    let mut total = [-x.sum; TILE];
    for (blocks, quads) in tile.chunks(QUADS).zip(quads.chunks(QUADS)) {
        let mut products = [0_i16; 4 * TILE];
        for (block, quad) in blocks.iter().zip(quads) {
            // Eight products of 16 bits are a vector register.
            let quad: [i16; 8] = std::array::from_fn(|k| quad[k % 4].into());
            let weights = block.0.as_chunks::<8>().0;
            for (products, weights) in products.as_chunks_mut::<8>().0.iter_mut().zip(weights) {
                for k in 0..8 {
                    products[k] += i16::from(weights[k] as i8) * quad[k];
                }
            }
        }
        for (total, products) in total.iter_mut().zip(products.as_chunks::<4>().0) {
            *total += products.iter().map(|&p| i32::from(p)).sum::<i32>();
        }
    }
    total
}

/// The bytes of part `part` of a block.
#[inline(always)]
fn bytes_of(block: &Block, part: usize) -> &[u8; BYTES] {
    &block.0.as_chunks().0[part]
}

/// Four bytes, for each row.
#[inline(always)]
fn repeated(bytes: [u8; 4]) -> [u8; BYTES] {
    std::array::from_fn(|k| bytes[k % 4])
}
