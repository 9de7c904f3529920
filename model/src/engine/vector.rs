//! Vectors of small integers, as bytes and as the planes of their bits.

use super::matrix::Form;

/// Columns of a word.
pub(super) const WORD: usize = u32::BITS as usize;

/// Inputs or hidden states, each an integer of at most 7 bits and a sign.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    /// The integers, padded to whole words; what stands in the padding does not matter, since weights there are zero.
    pub values: Vec<i8>,
    /// How matrices are multiplied with it.
    pub form: Form,
    /// A bit per integer: whether it is negative. Empty where the form is bytes.
    pub negative: Vec<u32>,
    /// A plane per bit of the magnitude, lowest first: as many words as `negative` has. Empty where the form is bytes.
    pub magnitude: Vec<u32>,
    /// Sum of the integers where the form is bytes.
    pub sum: i32,
}

impl Vector {
    /// `length` zeros of `bits` bits of magnitude.
    pub fn zero(length: usize, bits: u32, form: Form) -> Vector {
        let words = length.div_ceil(WORD);
        let planes = match form {
            Form::Planes => words,
            Form::Bytes => 0,
        };
        Vector {
            values: vec![0; words * WORD],
            form,
            negative: vec![0; planes],
            magnitude: vec![0; planes * bits as usize],
            sum: 0,
        }
    }

    /// Sets all to zero.
    pub fn clear(&mut self) {
        self.values.fill(0);
        self.pack();
    }

    /// Makes planes or sum anew, after `values` have changed.
    #[inline(always)]
    pub fn pack(&mut self) {
        match self.form {
            Form::Bytes => self.sum = self.values.iter().map(|&v| i32::from(v)).sum(),
            Form::Planes => self.pack_planes(),
        }
    }

    /// Apart from the vector code around it, since its multiplications of 64 bits are fast one by one only.
    #[inline(never)]
    fn pack_planes(&mut self) {
        let (words, _) = self.values.as_chunks::<WORD>();
        let count = words.len();
        for (index, word) in words.iter().enumerate() {
            self.negative[index] = bits(&word.map(|v| v as u8), 7);
            let magnitude = word.map(i8::unsigned_abs);
            for (bit, plane) in self.magnitude.chunks_exact_mut(count).enumerate() {
                plane[index] = bits(&magnitude, bit);
            }
        }
    }
}

/// Bit `bit` of each byte.
#[inline(always)]
fn bits(bytes: &[u8; WORD], bit: usize) -> u32 {
    let (eights, _) = bytes.as_chunks::<8>();
    let mut word = [0; WORD / 8];
    for (bits, eight) in word.iter_mut().zip(eights) {
        let ones = (u64::from_le_bytes(*eight) >> bit) & 0x0101_0101_0101_0101;
        // Each factor's bit 56 - 7k takes bit 8k to bit 56 + k.
        *bits = (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8;
    }
    u32::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_hold_the_bits_of_magnitudes_and_signs() {
        let mut vector = Vector::zero(35, 7, Form::Planes);
        for (k, value) in [(0, 1), (7, -127), (31, 64), (32, -2), (34, 5)] {
            vector.values[k] = value;
        }
        vector.pack();
        assert_eq!(vector.negative, [1 << 7, 1]);
        let plane = |bit: usize| [vector.magnitude[2 * bit], vector.magnitude[2 * bit + 1]];
        assert_eq!(plane(0), [1 | 1 << 7, 1 << 2]);
        assert_eq!(plane(1), [1 << 7, 1]);
        assert_eq!(plane(2), [1 << 7, 1 << 2]);
        assert_eq!(plane(6), [1 << 7 | 1 << 31, 0]);
    }
}
