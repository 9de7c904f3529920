//! Frames: kind, number, payload and CRC-32, COBS-encoded and ended by a zero byte.

/// Bytes of a check sum.
const CHECK_SUM: usize = 4;
/// The most bytes of a frame that a reader keeps: more than any answer has.
const LONGEST: usize = 1024;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Who are you; the answer is the identity.
    Identify = b'I',
    /// Input of a sequence; the answer is [`Kind::Output`].
    Input = b'X',
    /// Output, and the request for it.
    Output = b'Y',
    /// Bytes of a network.
    Weights = b'W',
    /// Begin anew.
    Reset = b'R',
    /// An answer to what was not done.
    Error = b'E',
}

impl Kind {
    const ALL: [Kind; 6] = [
        Kind::Identify,
        Kind::Input,
        Kind::Output,
        Kind::Weights,
        Kind::Reset,
        Kind::Error,
    ];

    fn of(byte: u8) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub kind: Kind,
    /// The number of the request.
    pub number: u8,
    /// What it brings.
    pub payload: Vec<u8>,
}

impl Frame {
    /// The bytes on the line, the zero at the end included.
    pub fn encode(&self) -> Vec<u8> {
        let mut plain = vec![self.kind as u8, self.number];
        plain.extend_from_slice(&self.payload);
        plain.extend_from_slice(&crc32fast::hash(&plain).to_le_bytes());
        let mut bytes = cobs::encode_vec(&plain);
        bytes.push(0);
        bytes
    }

    /// The frame in the bytes between two zeros; nothing if they are none.
    pub fn decode(bytes: &[u8]) -> Option<Frame> {
        let plain = cobs::decode_vec(bytes).ok()?;
        let (body, check_sum) = plain.split_at_checked(plain.len().checked_sub(CHECK_SUM)?)?;
        let [kind, number, payload @ ..] = body else {
            return None;
        };
        let same = crc32fast::hash(body).to_le_bytes() == check_sum;
        let kind = Kind::of(*kind).filter(|_| same)?;
        Some(Frame {
            kind,
            number: *number,
            payload: payload.to_vec(),
        })
    }
}

/// Finds frames among the bytes of a line.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
    /// Frames that were none, empty ones apart.
    pub dropped: u64,
}

impl Reader {
    /// Takes a byte; a frame that it ends.
    pub fn push(&mut self, byte: u8) -> Option<Frame> {
        if byte != 0 {
            if self.bytes.len() <= LONGEST {
                self.bytes.push(byte);
            }
            return None;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let frame = Frame::decode(&bytes);
        self.dropped += u64::from(frame.is_none() && !bytes.is_empty());
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Kind, Reader};

    fn frame(payload: Vec<u8>) -> Frame {
        Frame {
            kind: Kind::Input,
            number: 7,
            payload,
        }
    }

    #[test]
    fn the_bytes_are_those_that_the_document_shows() {
        let identify = Frame {
            kind: Kind::Identify,
            number: 0,
            payload: vec![],
        };
        let bytes = identify.encode();
        assert_eq!(bytes, [0x02, 0x49, 0x05, 0xb3, 0xe6, 0x62, 0x60, 0x00]);
    }

    #[test]
    fn every_length_comes_back() {
        for length in 0..600 {
            for fill in [0u8, 1, 255] {
                let frame = frame(vec![fill; length]);
                let bytes = frame.encode();
                let (zero, body) = bytes.split_last().expect("a zero");
                assert_eq!((*zero, body.contains(&0)), (0, false));
                assert_eq!(Frame::decode(body), Some(frame));
            }
        }
    }

    #[test]
    fn a_frame_with_any_wrong_bit_is_dropped() {
        let bytes = frame(vec![0, 1, 2, 0, 250]).encode();
        let mut reader = Reader::default();
        for bit in 0..8 * bytes.len() {
            let mut wrong = bytes.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            wrong.push(0);
            let found: Vec<Frame> = wrong.iter().filter_map(|byte| reader.push(*byte)).collect();
            assert_eq!(found, [], "bit {bit}");
        }
        assert!(reader.dropped >= 8 * (bytes.len() as u64 - 1));
        let whole: Vec<Frame> = bytes.iter().filter_map(|byte| reader.push(*byte)).collect();
        assert_eq!(whole, [frame(vec![0, 1, 2, 0, 250])]);
    }

    #[test]
    fn noise_without_a_zero_takes_no_memory() {
        let mut reader = Reader::default();
        for _ in 0..100_000 {
            assert_eq!(reader.push(0x55), None);
        }
        assert!(reader.bytes.len() < 2000);
        assert_eq!((reader.push(0), reader.dropped), (None, 1));
    }
}
