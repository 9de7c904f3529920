//! How vectors lie on a stream of the core: the one place that counts beats and widths.

use crate::design::Streams;

/// Bits of a head's output on the stream.
const HEAD_BITS: usize = 32;

/// A stream of vectors.
///
/// A wide beat carries `lanes` elements, the first one in the lowest bits, in whole bytes. The port carries wide beats, or,
/// with [`Streams::Bytes`], their bytes, the lowest one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLayout {
    /// Elements of a vector.
    pub elements: usize,
    /// Bits per element: 2 is a two-rail trit, all else two's complement.
    pub element_bits: usize,
    /// Elements per wide beat.
    pub lanes: usize,
    /// What a beat of the port carries.
    pub streams: Streams,
}

impl StreamLayout {
    /// The outputs of a linear head, one per wide beat.
    pub fn head(outputs: usize, streams: Streams) -> StreamLayout {
        StreamLayout {
            elements: outputs,
            element_bits: HEAD_BITS,
            lanes: 1,
            streams,
        }
    }

    /// A hidden state, `lanes` elements per wide beat: trits of 2 bits, or integers of more.
    pub fn hidden(units: usize, bits: usize, lanes: usize, streams: Streams) -> StreamLayout {
        StreamLayout {
            elements: units,
            element_bits: bits,
            lanes,
            streams,
        }
    }

    /// Bits of a wide beat.
    pub fn wide_bits(&self) -> usize {
        (self.lanes * self.element_bits).next_multiple_of(8)
    }

    /// Beats of the port per wide beat.
    pub fn parts(&self) -> usize {
        self.wide_bits() / self.port_bits()
    }

    /// Width of the port's `tdata` in bits.
    pub fn port_bits(&self) -> usize {
        match self.streams {
            Streams::Wide => self.wide_bits(),
            Streams::Bytes => 8,
        }
    }

    /// Beats of the port per vector.
    pub fn beats(&self) -> usize {
        self.elements.div_ceil(self.lanes) * self.parts()
    }
}

#[cfg(test)]
mod tests {
    use super::StreamLayout;
    use crate::design::Streams;

    #[test]
    fn bytes_carry_what_wide_beats_carry() {
        let [wide, bytes] =
            [Streams::Wide, Streams::Bytes].map(|s| StreamLayout::hidden(7, 2, 6, s));
        assert_eq!((wide.port_bits(), wide.beats()), (16, 2));
        assert_eq!((bytes.port_bits(), bytes.beats()), (8, 4));
        let integers = StreamLayout::hidden(7, 5, 6, Streams::Bytes);
        assert_eq!((integers.wide_bits(), integers.beats()), (32, 8));
        let head = StreamLayout::head(3, Streams::Bytes);
        assert_eq!((head.wide_bits(), head.beats()), (32, 12));
    }
}
