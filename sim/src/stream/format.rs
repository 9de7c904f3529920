//! How the values of a step lie in the beats of the streams.

use tern_compile::design::Streams;
use tern_model::network::{Model, Output};

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
    /// What a beat of the ports carries: a beat as the other fields say it, or one byte of it, the lowest one first.
    pub streams: Streams,
}

impl StreamFormat {
    /// The layout of wide streams for `model` on an array of `lanes` trits a processing element.
    pub fn of(model: &Model, lanes: usize) -> StreamFormat {
        StreamFormat {
            input_size: model.input_size,
            input_bits: model.input_bits,
            lanes,
            output_size: model.output_size(),
            head: model.head().is_some(),
            every: model.output == Output::Every,
            streams: Streams::Wide,
        }
    }

    /// The same layout on such streams.
    pub fn on(self, streams: Streams) -> StreamFormat {
        StreamFormat { streams, ..self }
    }

    /// Beats of a step's input.
    pub fn input_beats(&self) -> usize {
        self.input_size.div_ceil(self.lanes) * self.parts(self.wide_input_bits())
    }

    /// Width of `s_axis_tdata` in bits.
    pub fn input_beat_bits(&self) -> u32 {
        self.port_bits(self.wide_input_bits())
    }

    /// Beats of an output.
    pub fn output_beats(&self) -> usize {
        let wide = if self.head {
            self.output_size
        } else {
            self.output_size.div_ceil(self.lanes)
        };
        wide * self.parts(self.wide_output_bits())
    }

    /// Width of `m_axis_tdata` in bits.
    pub fn output_beat_bits(&self) -> u32 {
        self.port_bits(self.wide_output_bits())
    }

    fn wide_input_bits(&self) -> u32 {
        whole_bytes(self.lanes * self.input_bits as usize)
    }

    fn wide_output_bits(&self) -> u32 {
        if self.head {
            32
        } else {
            whole_bytes(self.lanes * 2)
        }
    }

    /// Beats of the ports that carry a wide beat of `bits` bits.
    fn parts(&self, bits: u32) -> usize {
        match self.streams {
            Streams::Wide => 1,
            Streams::Bytes => bits as usize / 8,
        }
    }

    /// Width of a port whose wide beats have `bits` bits.
    fn port_bits(&self, bits: u32) -> u32 {
        match self.streams {
            Streams::Wide => bits,
            Streams::Bytes => 8,
        }
    }

    /// The beats of input `x` `[X]`, whose values are within range and whose width is at most 256 bits.
    ///
    /// What a core must not look at comes from `noise`: padding elements, the bits above the last lane, and which of its
    /// two codes a zero trit has.
    pub fn pack(&self, x: &[i32], noise: &mut fastrand::Rng) -> Vec<Beat> {
        let bits = self.input_bits as usize;
        let chunks = x.chunks(self.lanes).flat_map(|elements| {
            let mut beat = random_beat(self.wide_input_bits(), noise);
            for (lane, value) in elements.iter().enumerate() {
                let code = match (bits, value) {
                    (2, 1) => 0b01,
                    (2, -1) => 0b10,
                    (2, _) => [0b00, 0b11][usize::from(noise.u8(0..4) == 0)],
                    _ => *value as u64,
                };
                put(&mut beat, lane * bits, bits, code);
            }
            self.split(beat)
        });
        chunks.collect()
    }

    /// The values `[N]` or `[H]` of an output's beats.
    pub fn unpack(&self, beats: &[Beat]) -> Vec<i32> {
        let beats = beats.chunks(self.parts(self.wide_output_bits()));
        let beats: Vec<Beat> = beats.map(|parts| self.join(parts)).collect();
        if self.head {
            return beats.iter().map(|beat| beat[0] as u32 as i32).collect();
        }
        let trit = |unit: usize| {
            let code = get(&beats[unit / self.lanes], unit % self.lanes * 2, 2);
            (code & 1) as i32 - (code >> 1) as i32
        };
        (0..self.output_size).map(trit).collect()
    }

    /// The beats of the port that carry a wide input beat.
    fn split(&self, beat: Beat) -> Vec<Beat> {
        let width = self.input_beat_bits() as usize;
        match self.streams {
            Streams::Wide => vec![beat],
            Streams::Bytes => (0..self.parts(self.wide_input_bits()))
                .map(|byte| [get(&beat, byte * width, width), 0, 0, 0])
                .collect(),
        }
    }

    /// The wide beat that beats of the port carry.
    fn join(&self, parts: &[Beat]) -> Beat {
        match (self.streams, parts) {
            (Streams::Wide, [beat]) => *beat,
            _ => {
                let mut beat = Beat::default();
                for (byte, part) in parts.iter().enumerate() {
                    put(&mut beat, 8 * byte, 8, part[0]);
                }
                beat
            }
        }
    }
}

/// A beat of random bits, zero above `bits`.
pub(crate) fn random_beat(bits: u32, noise: &mut fastrand::Rng) -> Beat {
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
    use tern_compile::design::Streams;

    const FORMAT: StreamFormat = StreamFormat {
        input_size: 5,
        input_bits: 8,
        lanes: 3,
        output_size: 2,
        head: true,
        every: true,
        streams: Streams::Wide,
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

    #[test]
    fn bytes_are_those_of_the_beats_lowest_first() {
        let wide = StreamFormat {
            head: false,
            output_size: 7,
            lanes: 6,
            ..FORMAT
        };
        let bytes = wide.on(Streams::Bytes);
        assert_eq!((bytes.input_beats(), bytes.input_beat_bits()), (6, 8));
        assert_eq!((bytes.output_beats(), bytes.output_beat_bits()), (4, 8));
        let x = [1, -2, 3, -128, 127];
        let beats = |format: StreamFormat| format.pack(&x, &mut fastrand::Rng::with_seed(5));
        let expected: Vec<[u64; 4]> = beats(wide)[0][0].to_le_bytes()[..6]
            .iter()
            .map(|byte| [u64::from(*byte), 0, 0, 0])
            .collect();
        assert_eq!(beats(bytes), expected);
        let trits = [0b01_10_00_01, 0b10_01, 0b10, 0].map(|byte| [byte, 0, 0, 0]);
        assert_eq!(bytes.unpack(&trits), [1, 0, -1, 1, 1, -1, -1]);
        let words = FORMAT.on(Streams::Bytes);
        assert_eq!(words.output_beats(), 8);
        let words = words.unpack(&[0xfe, 0xff, 0xff, 0xff, 7, 1, 0, 0].map(|byte| [byte, 0, 0, 0]));
        assert_eq!(words, [-2, 0x107]);
    }
}
