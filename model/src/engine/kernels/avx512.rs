//! Products with AVX-512: population counts by VPOPCNTDQ, products of bytes by VNNI.

use std::arch::x86_64::*;

use crate::engine::layer::Layer;
use crate::engine::matrix::{Block, Form, TILE, Tiles};
use crate::engine::state::Lane;
use crate::engine::step::step;
use crate::engine::vector::Vector;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx512vnni")]
pub(super) fn run(layers: &[Layer], lanes: &mut [Lane]) {
    step(layers, lanes, |weights, x, sums| product(weights, x, sums));
}

/// Adds `2^shift * weights * x` to `sums`.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vpopcntdq,avx512vnni")]
fn product(weights: Tiles, x: &Vector, sums: &mut [i32]) {
    let shift = _mm_cvtsi32_si128(weights.shift as i32);
    let tiles = weights.blocks.chunks_exact(weights.per_tile);
    let (sums, _) = sums.as_chunks_mut::<TILE>();
    for (tile, sums) in tiles.zip(sums) {
        let product = match weights.form {
            Form::Planes => planes(tile, x),
            Form::Bytes => bytes(tile, x),
        };
        let scaled = _mm512_sll_epi32(product, shift);
        *sums = store(_mm512_add_epi32(load_sums(sums), scaled));
    }
}

#[target_feature(enable = "avx512f,avx512vpopcntdq")]
fn planes(tile: &[Block], x: &Vector) -> __m512i {
    /// `a & (b ^ c)`, by the eight values of the bits a, b, c.
    const AND_DIFFERENT: i32 = 0b0110_0000;
    let (words, _) = tile.as_chunks::<2>();
    let mut total = _mm512_setzero_si512();
    for magnitude in x.magnitude.chunks_exact(words.len()).rev() {
        let (mut all, mut minus) = (_mm512_setzero_si512(), _mm512_setzero_si512());
        for (([there, sign], &m), &s) in words.iter().zip(magnitude).zip(&x.negative) {
            let bits = _mm512_and_si512(load(there), _mm512_set1_epi32(m as i32));
            let s = _mm512_set1_epi32(s as i32);
            let less = _mm512_ternarylogic_epi32::<AND_DIFFERENT>(bits, load(sign), s);
            all = _mm512_add_epi32(all, _mm512_popcnt_epi32(bits));
            minus = _mm512_add_epi32(minus, _mm512_popcnt_epi32(less));
        }
        let plane = _mm512_sub_epi32(all, _mm512_add_epi32(minus, minus));
        total = _mm512_add_epi32(_mm512_add_epi32(total, total), plane);
    }
    total
}

#[target_feature(enable = "avx512f,avx512vnni")]
fn bytes(tile: &[Block], x: &Vector) -> __m512i {
    let (quads, _) = x.values.as_chunks::<4>();
    let (fours, _) = tile.as_chunks::<4>();
    let mut totals = [_mm512_setzero_si512(); 4];
    totals[0] = _mm512_set1_epi32(-x.sum);
    for (blocks, quads) in fours.iter().zip(quads.as_chunks::<4>().0) {
        for ((total, block), &[a, b, c, d]) in totals.iter_mut().zip(blocks).zip(quads) {
            let quad = i32::from_le_bytes([a as u8, b as u8, c as u8, d as u8]);
            *total = _mm512_dpbusd_epi32(*total, load(block), _mm512_set1_epi32(quad));
        }
    }
    let [a, b, c, d] = totals;
    _mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d))
}

#[target_feature(enable = "avx512f")]
fn load(block: &Block) -> __m512i {
    // SAFETY: both are 64 bytes, and any bytes are a vector of integers.
    unsafe { std::mem::transmute(*block) }
}

#[target_feature(enable = "avx512f")]
fn load_sums(sums: &[i32; TILE]) -> __m512i {
    // SAFETY: both are 64 bytes, and any bytes are a vector of integers.
    unsafe { std::mem::transmute(*sums) }
}

#[target_feature(enable = "avx512f")]
fn store(sums: __m512i) -> [i32; TILE] {
    // SAFETY: both are 64 bytes, and any bytes are integers.
    unsafe { std::mem::transmute(sums) }
}
