//! How the values of a step lie in the beats of the streams.

use tern_model::{Model, Output};

use crate::dut::{Beat, MAX_BEAT_BITS};

/// The layout of both streams of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamFormat {
    /// Elements of a step's input, X.
    pub input_size: usize,
    /// Bits an input element: 2 is a two-rail trit, 3..=8 two's complement.
    pub input_bits: u32,
    /// Elements a beat.
    pub lanes: usize,
    /// Values of an output: N of the head, or H trits without one.
    pub output_size: usize,
    /// Whether outputs are those of a linear head, one 32-bit two's complement value a beat.
    pub head: bool,
    /// Whether every step has an output, or only the last one of a sequence.
    pub every: bool,
}

impl StreamFormat {
    /// The layout for `model` on an array of `lanes` trits a processing element.
    pub fn of(model: &Model, lanes: usize) -> StreamFormat {
        StreamFormat {
            input_size: model.input_size,
            input_bits: model.input_bits,
            lanes,
            output_size: model.output_size(),
            head: model.head().is_some(),
            every: model.output == Output::Every,
        }
    }

    /// Beats of a step's input.
    pub fn input_beats(&self) -> usize {
        self.input_size.div_ceil(self.lanes)
    }

    /// Width of `s_axis_tdata` in bits.
    pub fn input_beat_bits(&self) -> u32 {
        whole_bytes(self.lanes * self.input_bits as usize)
    }

    /// Beats of an output.
    pub fn output_beats(&self) -> usize {
        if self.head {
            self.output_size
        } else {
            self.output_size.div_ceil(self.lanes)
        }
    }

    /// Width of `m_axis_tdata` in bits.
    pub fn output_beat_bits(&self) -> u32 {
        if self.head {
            32
        } else {
            whole_bytes(self.lanes * 2)
        }
    }

    /// The beats of input `x` `[X]`, whose values are within range and whose width is at most 256 bits.
    ///
    /// What a core must not look at comes from `noise`: padding elements, the bits above the last lane, and which of its
    /// two codes a zero trit has.
    pub fn pack(&self, x: &[i32], noise: &mut fastrand::Rng) -> Vec<Beat> {
        let bits = self.input_bits as usize;
        let chunks = x.chunks(self.lanes).map(|elements| {
            let mut beat = random_beat(self.input_beat_bits(), noise);
            for (lane, value) in elements.iter().enumerate() {
                let code = match (bits, value) {
                    (2, 1) => 0b01,
                    (2, -1) => 0b10,
                    (2, _) => [0b00, 0b11][usize::from(noise.u8(0..4) == 0)],
                    _ => *value as u64,
                };
                put(&mut beat, lane * bits, bits, code);
            }
            beat
        });
        chunks.collect()
    }

    /// The values `[N]` or `[H]` of an output's beats.
    pub fn unpack(&self, beats: &[Beat]) -> Vec<i32> {
        if self.head {
            return beats.iter().map(|beat| beat[0] as u32 as i32).collect();
        }
        let trit = |unit: usize| {
            let code = get(&beats[unit / self.lanes], unit % self.lanes * 2, 2);
            (code & 1) as i32 - (code >> 1) as i32
        };
        (0..self.output_size).map(trit).collect()
    }
}

/// A beat of random bits, zero above `bits`.
pub(super) fn random_beat(bits: u32, noise: &mut fastrand::Rng) -> Beat {
    std::array::from_fn(|word| match bits.saturating_sub(64 * word as u32) {
        0 => 0,
        64.. => noise.u64(..),
        kept => noise.u64(..) >> (64 - kept),
    })
}

/// `bits` rounded up to bytes; more than a beat can hold stays more.
fn whole_bytes(bits: usize) -> u32 {
    u32::try_from(bits.div_ceil(8) * 8).unwrap_or(MAX_BEAT_BITS + 1)
}

/// Sets `bits` bits from bit `at` on to the lowest bits of `code`.
fn put(beat: &mut Beat, at: usize, bits: usize, code: u64) {
    for bit in 0..bits {
        let (word, mask) = ((at + bit) / 64, 1 << ((at + bit) % 64));
        beat[word] = if code >> bit & 1 == 1 {
            beat[word] | mask
        } else {
            beat[word] & !mask
        };
    }
}

/// The `bits` bits from bit `at` on.
fn get(beat: &Beat, at: usize, bits: usize) -> u64 {
    (0..bits)
        .map(|bit| (beat[(at + bit) / 64] >> ((at + bit) % 64) & 1) << bit)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::StreamFormat;

    const FORMAT: StreamFormat = StreamFormat {
        input_size: 5,
        input_bits: 8,
        lanes: 3,
        output_size: 2,
        head: true,
        every: true,
    };

    #[test]
    fn integers_lie_lowest_lane_first() {
        let beats = FORMAT.pack(&[1, -2, 3, -128, 127], &mut fastrand::Rng::with_seed(0));
        assert_eq!(
            (beats.len(), FORMAT.input_beats(), FORMAT.input_beat_bits()),
            (2, 2, 24)
        );
        assert_eq!(beats[0], [0x03_fe_01, 0, 0, 0]);
        assert_eq!((beats[1][0] & 0xffff, beats[1][0] >> 24), (0x7f_80, 0));
    }

    #[test]
    fn elements_cross_word_boundaries() {
        let format = StreamFormat {
            input_bits: 7,
            lanes: 12,
            input_size: 12,
            ..FORMAT
        };
        let beat = format.pack(&[-1; 12], &mut fastrand::Rng::with_seed(0))[0];
        assert_eq!(format.input_beat_bits(), 88);
        assert_eq!(
            (beat[0], beat[1] & 0xf_ffff, beat[1] >> 24),
            (u64::MAX, 0xf_ffff, 0)
        );
    }

    #[test]
    fn trits_are_two_rails_and_either_zero_appears() {
        let format = StreamFormat {
            input_bits: 2,
            lanes: 128,
            input_size: 128,
            ..FORMAT
        };
        let x: Vec<i32> = (0..128).map(|k| k % 3 - 1).collect();
        let beat = format.pack(&x, &mut fastrand::Rng::with_seed(3))[0];
        let code = |k: usize| beat[k / 32] >> (k % 32 * 2) & 3;
        let codes: Vec<(i32, u64)> = x.iter().enumerate().map(|(k, x)| (*x, code(k))).collect();
        assert!(
            codes
                .iter()
                .all(|code| [(-1, 2), (0, 0), (0, 3), (1, 1)].contains(code)),
            "{codes:?}"
        );
        assert!(codes.contains(&(0, 0)) && codes.contains(&(0, 3)));
    }

    #[test]
    fn outputs_are_words_or_trits() {
        assert_eq!(
            FORMAT.unpack(&[[0xffff_fffe, 0, 0, 0], [7, 0, 0, 0]]),
            [-2, 7]
        );
        let trits = StreamFormat {
            head: false,
            output_size: 4,
            ..FORMAT
        };
        assert_eq!((trits.output_beats(), trits.output_beat_bits()), (2, 8));
        assert_eq!(
            trits.unpack(&[[0b11_10_01, 0, 0, 0], [0b01_01_10, 0, 0, 0]]),
            [1, -1, 0, -1]
        );
    }
}
