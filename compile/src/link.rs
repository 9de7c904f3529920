//! What both ends of the link to a board know: `docs/link.md` describes the frames.

use crate::design::Streams;
use crate::shape::Shape;
use crate::stream_layout::StreamLayout;

/// The version of the frames.
pub const PROTOCOL: u8 = 1;
/// The most bytes of input or of a network in a frame.
pub const MAX_DATA: usize = 252;
/// Bytes of the identity.
pub const IDENTITY_BYTES: usize = 64;
/// Bytes of a hash that the identity has.
pub const HASH_BYTES: usize = 8;
/// Bytes of the core's name.
pub const NAME_BYTES: usize = 24;

/// What is behind a link. All numbers are little-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name of the network.
    pub name: String,
    /// The first bytes of the SHA-256 of the model file.
    pub model: [u8; HASH_BYTES],
    /// The first bytes of the SHA-256 of `design.json`.
    pub design: [u8; HASH_BYTES],
    /// The clock of the link and the core, in Hz.
    pub clock_hz: u32,
    /// The rate of the serial line, in bits per second.
    pub baud: u32,
    /// How a time step lies in the bytes of the input stream.
    pub input: StreamLayout,
    /// How an output lies in the bytes of the output stream.
    pub output: StreamLayout,
    /// Whether every time step has an output.
    pub every: bool,
    /// Whether the core has a load stream.
    pub loads: bool,
}

impl Identity {
    /// The identity of the core of a shape, without hashes, clock and rate.
    pub fn of(name: &str, shape: &Shape) -> Identity {
        let (lanes, streams) = (shape.design.lanes, Streams::Bytes);
        Identity {
            name: cut(name).to_owned(),
            model: [0; HASH_BYTES],
            design: [0; HASH_BYTES],
            clock_hz: 0,
            baud: 0,
            input: StreamLayout {
                elements: shape.input_size,
                element_bits: shape.input_bits,
                lanes,
                streams,
            },
            output: StreamLayout {
                streams,
                ..shape.output_stream()
            },
            every: shape.every,
            loads: shape.loads(),
        }
    }

    /// The identity as it is sent; the first byte is the device's own.
    pub fn bytes(&self) -> [u8; IDENTITY_BYTES] {
        // Sizes are those of a shape: elements are at most 4096, and their bytes 16384.
        let short = |value: usize| (value as u16).to_le_bytes();
        let flags = u8::from(self.every) | u8::from(self.loads) << 1;
        let mut name = [0; NAME_BYTES];
        name.iter_mut()
            .zip(cut(&self.name).bytes())
            .for_each(|(place, byte)| *place = byte);
        let parts: [&[u8]; 14] = [
            &[0, PROTOCOL],
            &short(MAX_DATA),
            &self.clock_hz.to_le_bytes(),
            &self.baud.to_le_bytes(),
            &short(self.input.elements),
            &[self.input.element_bits as u8, flags],
            &short(self.input.beats()),
            &short(self.output.elements),
            &[self.output.element_bits as u8],
            &[self.input.lanes as u8],
            &short(self.output.beats()),
            &self.model,
            &self.design,
            &name,
        ];
        let mut bytes = [0; IDENTITY_BYTES];
        for (byte, value) in bytes.iter_mut().zip(parts.concat()) {
            *byte = value;
        }
        bytes
    }

    /// The identity that a device has sent.
    ///
    /// # Errors
    /// What is wrong with it: its length, its version, or a size that no core has.
    pub fn parse(bytes: &[u8]) -> Result<Identity, String> {
        let bytes: &[u8; IDENTITY_BYTES] = bytes.try_into().map_err(|_| {
            let length = bytes.len();
            format!("its identity has {length} bytes, expected {IDENTITY_BYTES}")
        })?;
        let short = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let long = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let hash = |at: usize| std::array::from_fn(|k| bytes[at + k]);
        if bytes[1] != PROTOCOL {
            let version = bytes[1];
            return Err(format!(
                "it speaks version {version} of the link, expected {PROTOCOL}"
            ));
        }
        let (lanes, streams) = (usize::from(bytes[21]), Streams::Bytes);
        let output = match bytes[20] {
            bits @ 2..=8 => StreamLayout::hidden(short(18), bits.into(), lanes, streams),
            _ => StreamLayout::head(short(18), streams),
        };
        let input = StreamLayout {
            elements: short(12),
            element_bits: bytes[14].into(),
            lanes,
            streams,
        };
        let sizes = [
            ("the most data of a frame", short(2), MAX_DATA),
            ("lanes", lanes, lanes.clamp(1, 128)),
            (
                "bits per input element",
                input.element_bits,
                input.element_bits.clamp(2, 8),
            ),
            (
                "input elements",
                input.elements,
                input.elements.clamp(1, 4096),
            ),
            ("outputs", output.elements, output.elements.clamp(1, 4096)),
            ("bits per output", bytes[20].into(), output.element_bits),
        ];
        for (what, got, expected) in sizes {
            if got != expected {
                return Err(format!(
                    "{what} in its identity is {got}, expected {expected}"
                ));
            }
        }
        for (what, got, expected) in [
            ("bytes per time step", short(16), input.beats()),
            ("bytes per output", short(22), output.beats()),
        ] {
            if got != expected {
                return Err(format!(
                    "{what} in its identity is {got}, expected {expected}"
                ));
            }
        }
        let name = bytes[IDENTITY_BYTES - NAME_BYTES..].split(|byte| *byte == 0);
        Ok(Identity {
            name: String::from_utf8_lossy(name.into_iter().next().unwrap_or_default()).into_owned(),
            model: hash(24),
            design: hash(32),
            clock_hz: long(4),
            baud: long(8),
            input,
            output,
            every: bytes[15] & 1 != 0,
            loads: bytes[15] & 2 != 0,
        })
    }
}

/// As many characters of a name as there is room for.
fn cut(name: &str) -> &str {
    let fits = |at: &usize| *at <= NAME_BYTES && name.is_char_boundary(*at);
    &name[..(0..=name.len()).rev().find(fits).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        let streams = Streams::Bytes;
        Identity {
            name: "spoken-digits".into(),
            model: [1, 2, 3, 4, 5, 6, 7, 8],
            design: [0xff; 8],
            clock_hz: 48_000_000,
            baud: 115_200,
            input: StreamLayout {
                elements: 20,
                element_bits: 8,
                lanes: 8,
                streams,
            },
            output: StreamLayout::head(10, streams),
            every: false,
            loads: true,
        }
    }

    #[test]
    fn the_identity_has_its_fields_in_their_places() {
        let bytes = identity().bytes();
        assert_eq!(bytes[..4], [0, 1, 252, 0]);
        assert_eq!(
            bytes[4..12],
            [0x00, 0x6c, 0xdc, 0x02, 0x00, 0xc2, 0x01, 0x00]
        );
        assert_eq!(bytes[12..24], [20, 0, 8, 2, 24, 0, 10, 0, 32, 8, 40, 0]);
        assert_eq!(bytes[24..32], identity().model);
        assert_eq!(bytes[32..40], identity().design);
        assert_eq!(&bytes[40..53], b"spoken-digits");
        assert_eq!(bytes[53..], [0; 11]);
        assert_eq!(Identity::parse(&bytes), Ok(identity()));
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = "é".repeat(8) + &"字".repeat(20);
        let bytes = Identity { name, ..identity() }.bytes();
        assert_eq!(&bytes[40..62], ("é".repeat(8) + "字字").as_bytes());
        assert_eq!(bytes[62..], [0; 2]);
    }

    #[test]
    fn what_no_device_says_is_refused() {
        let bytes = identity().bytes();
        let refused = |at: usize, value: u8| {
            let mut bytes = bytes;
            bytes[at] = value;
            Identity::parse(&bytes).expect_err("no identity")
        };
        assert!(refused(1, 2).contains("version 2"));
        for (at, value, what) in [
            (2, 0, "most data"),
            (14, 1, "bits per input"),
            (13, 0xff, "input elements"),
            (16, 25, "bytes per time step"),
            (18, 0, "outputs"),
            (20, 9, "bits per output"),
            (21, 0, "lanes"),
            (22, 41, "bytes per output"),
        ] {
            let sentence = refused(at, value);
            assert!(sentence.contains(what), "{sentence}");
        }
        assert!(
            Identity::parse(&bytes[1..])
                .expect_err("short")
                .contains("63 bytes")
        );
    }
}
