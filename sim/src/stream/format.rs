//! How the values of a step lie in the beats of the streams.

use tern_compile::design::Streams;
use tern_compile::stream_layout::StreamLayout;
use tern_model::network::{Model, Output};

use crate::dut::Beat;

/// The layout of both streams of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamFormat {
    /// The inputs, one vector per step.
    pub input: StreamLayout,
    /// The outputs: those of a linear head, 32-bit two's complement, or the last hidden state.
    pub output: StreamLayout,
    /// Whether every step has an output, or only the last one of a sequence.
    pub every: bool,
}

impl StreamFormat {
    /// The layout of wide streams for `model` on an array of `lanes` trits per processing element.
    pub fn of(model: &Model, lanes: usize) -> StreamFormat {
        let (size, streams) = (model.output_size(), Streams::Wide);
        StreamFormat {
            input: StreamLayout {
                elements: model.input_size,
                element_bits: model.input_bits as usize,
                lanes,
                streams,
            },
            output: match model.head() {
                Some(_) => StreamLayout::head(size, streams),
                None => {
                    let hidden = model.layers.last().and_then(|layer| layer.hidden());
                    let bits = hidden.map_or(2, |hidden| hidden.bits() as usize);
                    StreamLayout::hidden(size, bits, lanes, streams)
                }
            },
            every: model.output == Output::Every,
        }
    }

    /// The same layout on such streams.
    pub fn on(mut self, streams: Streams) -> StreamFormat {
        (self.input.streams, self.output.streams) = (streams, streams);
        self
    }

    /// The beats of input `x` `[X]`, whose values are within range and whose width is at most 256 bits.
    ///
    /// What a core must not look at comes from `noise`: padding elements, the bits above the last lane, and which of its
    /// two codes a zero trit has.
    pub fn pack(&self, x: &[i32], noise: &mut fastrand::Rng) -> Vec<Beat> {
        let bits = self.input.element_bits;
        let chunks = x.chunks(self.input.lanes).flat_map(|elements| {
            let mut beat = random_beat(self.input.wide_bits() as u32, noise);
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
        let beats = beats.chunks(self.output.parts());
        let beats: Vec<Beat> = beats.map(join).collect();
        let (lanes, bits) = (self.output.lanes, self.output.element_bits);
        let value = |k: usize| {
            let code = get(&beats[k / lanes], k % lanes * bits, bits);
            match bits {
                2 => (code & 1) as i32 - (code >> 1) as i32,
                bits => (code as u32 as i32) << (32 - bits) >> (32 - bits),
            }
        };
        (0..self.output.elements).map(value).collect()
    }

    /// The beats of the port that carry a wide input beat.
    fn split(&self, beat: Beat) -> Vec<Beat> {
        match self.input.parts() {
            1 => vec![beat],
            parts => (0..parts)
                .map(|byte| [get(&beat, 8 * byte, 8), 0, 0, 0])
                .collect(),
        }
    }
}

/// The wide beat that beats of the port carry: itself, or its bytes.
fn join(parts: &[Beat]) -> Beat {
    if let [beat] = parts {
        return *beat;
    }
    let mut beat = Beat::default();
    for (byte, part) in parts.iter().enumerate() {
        put(&mut beat, 8 * byte, 8, part[0]);
    }
    beat
}

/// A beat of random bits, zero above `bits`.
pub(crate) fn random_beat(bits: u32, noise: &mut fastrand::Rng) -> Beat {
    std::array::from_fn(|word| match bits.saturating_sub(64 * word as u32) {
        0 => 0,
        64.. => noise.u64(..),
        kept => noise.u64(..) >> (64 - kept),
    })
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
    use super::{StreamFormat, StreamLayout};
    use tern_compile::design::Streams;

    /// Inputs of a size, bits per element and lanes; two outputs of a head, or so many trits.
    fn format(input: [usize; 3], trits: Option<usize>) -> StreamFormat {
        let [elements, element_bits, lanes] = input;
        let streams = Streams::Wide;
        StreamFormat {
            input: StreamLayout {
                elements,
                element_bits,
                lanes,
                streams,
            },
            output: match trits {
                None => StreamLayout::head(2, streams),
                Some(units) => StreamLayout::hidden(units, 2, lanes, streams),
            },
            every: true,
        }
    }

    #[test]
    fn integers_lie_lowest_lane_first() {
        let format = format([5, 8, 3], None);
        let beats = format.pack(&[1, -2, 3, -128, 127], &mut fastrand::Rng::with_seed(0));
        assert_eq!(
            (beats.len(), format.input.beats(), format.input.port_bits()),
            (2, 2, 24)
        );
        assert_eq!(beats[0], [0x03_fe_01, 0, 0, 0]);
        assert_eq!((beats[1][0] & 0xffff, beats[1][0] >> 24), (0x7f_80, 0));
    }

    #[test]
    fn elements_cross_word_boundaries() {
        let format = format([12, 7, 12], None);
        let beat = format.pack(&[-1; 12], &mut fastrand::Rng::with_seed(0))[0];
        assert_eq!(format.input.port_bits(), 88);
        assert_eq!(
            (beat[0], beat[1] & 0xf_ffff, beat[1] >> 24),
            (u64::MAX, 0xf_ffff, 0)
        );
    }

    #[test]
    fn trits_are_two_rails_and_either_zero_appears() {
        let format = format([128, 2, 128], None);
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
            format([5, 8, 3], None).unpack(&[[0xffff_fffe, 0, 0, 0], [7, 0, 0, 0]]),
            [-2, 7]
        );
        let trits = format([5, 8, 3], Some(4));
        assert_eq!((trits.output.beats(), trits.output.port_bits()), (2, 8));
        assert_eq!(
            trits.unpack(&[[0b11_10_01, 0, 0, 0], [0b01_01_10, 0, 0, 0]]),
            [1, -1, 0, -1]
        );
    }

    #[test]
    fn bytes_are_those_of_the_beats_lowest_first() {
        let wide = format([5, 8, 6], Some(7));
        let bytes = wide.on(Streams::Bytes);
        assert_eq!((bytes.input.beats(), bytes.input.port_bits()), (6, 8));
        assert_eq!((bytes.output.beats(), bytes.output.port_bits()), (4, 8));
        let x = [1, -2, 3, -128, 127];
        let beats = |format: StreamFormat| format.pack(&x, &mut fastrand::Rng::with_seed(5));
        let expected: Vec<[u64; 4]> = beats(wide)[0][0].to_le_bytes()[..6]
            .iter()
            .map(|byte| [u64::from(*byte), 0, 0, 0])
            .collect();
        assert_eq!(beats(bytes), expected);
        let trits = [0b01_10_00_01, 0b10_01, 0b10, 0].map(|byte| [byte, 0, 0, 0]);
        assert_eq!(bytes.unpack(&trits), [1, 0, -1, 1, 1, -1, -1]);
        let words = format([5, 8, 3], None).on(Streams::Bytes);
        assert_eq!(words.output.beats(), 8);
        let words = words.unpack(&[0xfe, 0xff, 0xff, 0xff, 7, 1, 0, 0].map(|byte| [byte, 0, 0, 0]));
        assert_eq!(words, [-2, 0x107]);
    }
}
