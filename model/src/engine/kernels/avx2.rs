//! Products with AVX2: population counts by a table of nibbles, products of bytes by `vpmaddubsw`.

use std::arch::x86_64::*;

use crate::engine::layer::Layer;
use crate::engine::matrix::{Block, Form, Tiles};
use crate::engine::state::Lane;
use crate::engine::step::step;
use crate::engine::vector::Vector;

/// Words after which counters of signed bytes are added up: 15 times 8 is at most 127.
const WORDS: usize = 15;
/// Quads after which products of 16 bits are added up: 64 times 2 * 2 * 127 is at most 32767.
const QUADS: usize = 64;

#[target_feature(enable = "avx2")]
pub(super) fn run(layers: &[Layer], lanes: &mut [Lane]) {
    step(layers, lanes, |weights, x, sums| product(weights, x, sums));
}

/// Adds `2^shift * weights * x` to `sums`.
#[target_feature(enable = "avx2")]
fn product(weights: Tiles, x: &Vector, sums: &mut [i32]) {
    let shift = _mm_cvtsi32_si128(weights.shift as i32);
    let tiles = weights.blocks.chunks_exact(weights.per_tile);
    let (sums, _) = sums.as_chunks_mut::<8>();
    for (tile, sums) in tiles.zip(sums.as_chunks_mut::<2>().0) {
        let products = match weights.form {
            Form::Planes => planes(tile, x),
            Form::Bytes => bytes(tile, x),
        };
        for (sums, product) in sums.iter_mut().zip(products) {
            let scaled = _mm256_sll_epi32(product, shift);
            *sums = store(_mm256_add_epi32(load(sums), scaled));
        }
    }
}

#[target_feature(enable = "avx2")]
fn planes(tile: &[Block], x: &Vector) -> [__m256i; 2] {
    let nibble = _mm256_set1_epi8(15);
    // The ones of a nibble, and less twice as many.
    let ones = _mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    let ones = _mm256_broadcastsi128_si256(ones);
    let twice = _mm256_sub_epi8(_mm256_setzero_si256(), _mm256_add_epi8(ones, ones));
    let (words, _) = tile.as_chunks::<2>();
    let mut total = [_mm256_setzero_si256(); 2];
    for magnitude in x.magnitude.chunks_exact(words.len()).rev() {
        total = [
            _mm256_add_epi32(total[0], total[0]),
            _mm256_add_epi32(total[1], total[1]),
        ];
        let columns = words.chunks(WORDS).zip(magnitude.chunks(WORDS));
        for ((words, magnitude), negative) in columns.zip(x.negative.chunks(WORDS)) {
            let mut counts = [_mm256_setzero_si256(); 2];
            for (([there, sign], &m), &s) in words.iter().zip(magnitude).zip(negative) {
                let (m, s) = (_mm256_set1_epi32(m as i32), _mm256_set1_epi32(s as i32));
                let halves = halves(there).into_iter().zip(halves(sign));
                for (count, (there, sign)) in counts.iter_mut().zip(halves) {
                    let all = _mm256_and_si256(there, m);
                    let minus = _mm256_and_si256(all, _mm256_xor_si256(sign, s));
                    for (table, bits) in [(ones, all), (twice, minus)] {
                        let low = _mm256_and_si256(bits, nibble);
                        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bits), nibble);
                        *count = _mm256_add_epi8(*count, _mm256_shuffle_epi8(table, low));
                        *count = _mm256_add_epi8(*count, _mm256_shuffle_epi8(table, high));
                    }
                }
            }
            for (total, count) in total.iter_mut().zip(counts) {
                let pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), count);
                *total = _mm256_add_epi32(*total, pair_sums(pairs));
            }
        }
    }
    total
}

#[target_feature(enable = "avx2")]
fn bytes(tile: &[Block], x: &Vector) -> [__m256i; 2] {
    let (quads, _) = x.values.as_chunks::<4>();
    let mut total = [_mm256_set1_epi32(-x.sum); 2];
    for (blocks, quads) in tile.chunks(QUADS).zip(quads.chunks(QUADS)) {
        let mut pairs = [_mm256_setzero_si256(); 2];
        for (block, &[a, b, c, d]) in blocks.iter().zip(quads) {
            let quad = i32::from_le_bytes([a as u8, b as u8, c as u8, d as u8]);
            let quad = _mm256_set1_epi32(quad);
            for (pairs, weights) in pairs.iter_mut().zip(halves(block)) {
                *pairs = _mm256_add_epi16(*pairs, _mm256_maddubs_epi16(weights, quad));
            }
        }
        for (total, pairs) in total.iter_mut().zip(pairs) {
            *total = _mm256_add_epi32(*total, pair_sums(pairs));
        }
    }
    total
}

/// Sums of neighbours, as 32 bits.
#[target_feature(enable = "avx2")]
fn pair_sums(pairs: __m256i) -> __m256i {
    _mm256_madd_epi16(pairs, _mm256_set1_epi16(1))
}

/// The rows 0 to 7 and 8 to 15 of a block.
#[target_feature(enable = "avx2")]
fn halves(block: &Block) -> [__m256i; 2] {
    // SAFETY: both are 64 bytes, and any bytes are a vector of integers.
    unsafe { std::mem::transmute(block.0) }
}

#[target_feature(enable = "avx2")]
fn load(sums: &[i32; 8]) -> __m256i {
    // SAFETY: both are 32 bytes, and any bytes are a vector of integers.
    unsafe { std::mem::transmute(*sums) }
}

#[target_feature(enable = "avx2")]
fn store(sums: __m256i) -> [i32; 8] {
    // SAFETY: both are 32 bytes, and any bytes are integers.
    unsafe { std::mem::transmute(sums) }
}
