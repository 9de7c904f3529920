//! What a WAV file says about its samples.

/// Names of encodings that are not read, by their number in the file.
const OTHERS: [(u16, &str); 7] = [
    (0x02, "MS ADPCM"),
    (0x06, "A-law"),
    (0x07, "µ-law"),
    (0x11, "IMA ADPCM"),
    (0x31, "GSM 6.10"),
    (0x50, "MPEG"),
    (0x55, "MP3"),
];
const INTEGERS: u16 = 1;
const FLOATS: u16 = 3;
/// Another number follows, which says how the samples are encoded.
const EXTENSIBLE: u16 = 0xfffe;

const MAX_CHANNELS: usize = 32;
/// What is read, in words.
const EXPECTED: &str = "integers of 8, 16, 24 or 32 bits, or floats, as ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav writes";

/// The format of the samples.
pub(super) struct Header {
    encoding: u16,
    /// Channels, 1 to 32.
    pub(super) channels: usize,
    /// Frames a second, 1000 to 768000.
    pub(super) sample_rate_hz: u32,
    bits: u16,
    /// Bytes of a sample of each channel.
    pub(super) frame_bytes: u64,
}

impl Header {
    /// The format that the bytes of a file have, or why its samples are not read.
    pub(super) fn read(file: &[u8]) -> Result<Header, String> {
        match (file.get(..4), file.get(8..12)) {
            (Some(b"RIFF"), Some(b"WAVE")) => {}
            (Some(b"RF64" | b"BW64"), Some(b"WAVE")) => {
                return Err(format!(
                    "the file is RF64, whose sizes have 64 bits, expected RIFF with {EXPECTED}"
                ));
            }
            (Some(b"RIFX"), Some(b"WAVE")) => {
                return Err(format!(
                    "the file is RIFX, which is big-endian, expected RIFF with {EXPECTED}"
                ));
            }
            _ => {
                return Err(format!(
                    "not a WAV file: it does not begin with RIFF and WAVE, expected {EXPECTED}"
                ));
            }
        }
        let chunk = format_chunk(file)
            .ok_or_else(|| format!("not a WAV file: it has no fmt chunk, expected {EXPECTED}"))?;
        let word = |at: usize| u16::from_le_bytes([chunk[at], chunk[at + 1]]);
        let rate = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
        let encoding = match word(0) {
            EXTENSIBLE if chunk.len() >= 26 => word(24),
            encoding => encoding,
        };
        let (channels, bits) = (usize::from(word(2)), word(14));
        match (encoding, bits) {
            (INTEGERS, 8 | 16 | 24 | 32) | (FLOATS, 32 | 64) => {}
            (INTEGERS | FLOATS, _) => {
                let kind = kind(encoding);
                return Err(format!(
                    "bits per sample is {bits} of {kind}, expected {EXPECTED}"
                ));
            }
            (other, _) => {
                let name = OTHERS.iter().find(|(number, _)| *number == other);
                let name = name.map_or(format!("number {other}"), |(_, name)| (*name).to_owned());
                return Err(format!("the encoding is {name}, expected {EXPECTED}"));
            }
        }
        if !(1..=MAX_CHANNELS).contains(&channels) {
            return Err(format!(
                "number of channels is {channels}, expected 1 to {MAX_CHANNELS}"
            ));
        }
        if !(1000..=768_000).contains(&rate) {
            return Err(format!(
                "sample rate in Hz is {rate}, expected 1000 to 768000"
            ));
        }
        Ok(Header {
            encoding,
            channels,
            sample_rate_hz: rate,
            bits,
            frame_bytes: channels as u64 * u64::from(bits / 8),
        })
    }

    /// What is converted to get mono samples at a rate; `None` for 16-bit integers of those.
    pub(super) fn converted(&self, sample_rate_hz: u32) -> Option<String> {
        let Header {
            encoding,
            channels,
            sample_rate_hz: rate,
            bits,
            ..
        } = *self;
        let plain = (encoding, bits, channels, rate) == (INTEGERS, 16, 1, sample_rate_hz);
        let plural = if channels == 1 { "" } else { "s" };
        let kind = kind(encoding);
        (!plain).then(|| {
            format!(
                "converted from {channels} channel{plural} of {bits}-bit {kind} at {rate} Hz to 1 channel at {sample_rate_hz} Hz"
            )
        })
    }
}

fn kind(encoding: u16) -> &'static str {
    match encoding {
        FLOATS => "floats",
        _ => "integers",
    }
}

/// The 16 bytes or more of the fmt chunk; a chunk of odd length is followed by a byte of padding.
fn format_chunk(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(12..)?;
    loop {
        let (head, body) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if head.starts_with(b"fmt ") {
            return body.get(..length).filter(|chunk| chunk.len() >= 16);
        }
        rest = body.get(length + length % 2..)?;
    }
}
