//! Ternary weights in the order in which the kernels read them.

use super::vector::WORD;

/// Rows of a tile, whose sums a kernel forms side by side.
pub(super) const TILE: usize = 16;
/// Bytes of a block.
const BLOCK: usize = 4 * TILE;
/// Columns that a block of bytes has.
const QUAD: usize = 4;

/// What a kernel reads at once: four bytes for each row of a tile.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Block(pub [u8; BLOCK]);

/// How a matrix is multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Plane by plane of the vector, as population counts. Two blocks for every [`WORD`] columns: which weights are not zero,
    /// and which are negative; a row's bits are the little-endian number of its four bytes.
    Planes,
    /// Byte by byte. A block for every four columns, a weight w as the byte w + 1, so that instructions for unsigned bytes take
    /// it; the vector's sum is taken off in the end. As many blocks as the padded vector has bytes for.
    Bytes,
}

/// Rows of ternary weights, padded with rows of zeros to whole tiles.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    blocks: Vec<Block>,
    form: Form,
    /// Blocks of a tile.
    per_tile: usize,
    /// The product is scaled by `2^shift`.
    shift: u32,
}

/// Some tiles of a matrix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiles<'m> {
    pub blocks: &'m [Block],
    pub form: Form,
    pub per_tile: usize,
    pub shift: u32,
}

impl Matrix {
    /// Row-major weights of `columns` columns. Each group of `group` rows is padded to whole tiles.
    pub fn new(weights: &[i8], columns: usize, group: usize, form: Form, shift: u32) -> Matrix {
        let words = columns.div_ceil(WORD);
        let per_tile = match form {
            Form::Planes => 2 * words,
            Form::Bytes => words * WORD / QUAD,
        };
        let mut blocks = Vec::new();
        for group in weights.chunks(group * columns) {
            for tile in group.chunks(TILE * columns) {
                let rows: Vec<&[i8]> = tile.chunks(columns).collect();
                match form {
                    Form::Planes => blocks.extend((0..words).flat_map(|word| planes(&rows, word))),
                    Form::Bytes => blocks.extend((0..per_tile).map(|quad| bytes(&rows, quad))),
                }
            }
        }
        Matrix {
            blocks,
            form,
            per_tile,
            shift,
        }
    }

    /// The matrix in pieces of at most `tiles` tiles.
    #[inline(always)]
    pub fn chunks(&self, tiles: usize) -> impl Iterator<Item = Tiles<'_>> {
        let pieces = self.blocks.chunks(tiles * self.per_tile);
        pieces.map(|blocks| Tiles {
            blocks,
            form: self.form,
            per_tile: self.per_tile,
            shift: self.shift,
        })
    }
}

impl Tiles<'_> {
    /// Rows of the tiles, padding included.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.blocks.len() / self.per_tile * TILE
    }
}

/// Where weights are not zero and where they are negative, of one word of columns.
fn planes(rows: &[&[i8]], word: usize) -> [Block; 2] {
    let of = |is: fn(i8) -> bool| {
        let mut block = Block([0; BLOCK]);
        for (row, bytes) in rows.iter().zip(block.0.chunks_exact_mut(4)) {
            let columns = row.iter().skip(word * WORD).take(WORD);
            let bits = columns.enumerate().map(|(k, &w)| u32::from(is(w)) << k);
            bytes.copy_from_slice(&bits.sum::<u32>().to_le_bytes());
        }
        block
    };
    [of(|w| w != 0), of(|w| w < 0)]
}

/// Weights plus one, of one quad of columns.
fn bytes(rows: &[&[i8]], quad: usize) -> Block {
    let mut block = Block([1; BLOCK]);
    for (row, bytes) in rows.iter().zip(block.0.chunks_exact_mut(QUAD)) {
        let columns = row.iter().skip(quad * QUAD).take(QUAD);
        for (byte, &w) in bytes.iter_mut().zip(columns) {
            *byte = (w + 1) as u8;
        }
    }
    block
}
