//! What a WAV file says about its samples, and where they are.

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
/// Bytes of a file in its plainest form around its samples, but for the first eight.
const PLAIN_HEADER: usize = 36;
/// Least size in bytes that stands for an unknown one: what a recorder claims that writes to a pipe.
const UNKNOWN_SIZE: usize = 0x7fff_0000;
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
}

impl Header {
    /// The format that the bytes of a file have, with its samples, or why these are not read.
    pub(super) fn read(file: &[u8]) -> Result<(Header, &[u8]), String> {
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
        let lacks = |what| format!("not a WAV file: it has no {what} chunk, expected {EXPECTED}");
        let chunk = chunk(file, b"fmt ").and_then(|(length, rest)| rest.get(..length));
        let chunk = chunk.filter(|chunk| chunk.len() >= 14);
        let chunk = chunk.ok_or_else(|| lacks("fmt"))?;
        let word = |at: usize| u16::from_le_bytes([chunk[at], chunk[at + 1]]);
        let rate = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
        let encoding = match word(0) {
            EXTENSIBLE if chunk.len() >= 26 => word(24),
            encoding => encoding,
        };
        let channels = usize::from(word(2));
        // The oldest form of the chunk gives the bytes of a frame alone.
        let bits = match chunk.len() {
            0..16 => (word(12) / word(2).max(1)).saturating_mul(8),
            _ => word(14),
        };
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
        let header = Header {
            encoding,
            channels,
            sample_rate_hz: rate,
            bits,
        };
        if usize::from(word(12)) != header.frame_bytes() {
            return Err(format!(
                "bytes per frame is {}, expected {} for {channels} times {bits} bits",
                word(12),
                header.frame_bytes()
            ));
        }
        let (claimed, data) = chunk_of_samples(file).ok_or_else(|| lacks("data"))?;
        let (claimed, found) = (
            claimed / header.frame_bytes(),
            data.len() / header.frame_bytes(),
        );
        if found < claimed {
            return Err(format!(
                "samples end before the length that the header gives: {found} of {claimed}, expected the whole recording"
            ));
        }
        let data = &data[..found * header.frame_bytes()];
        match u32::try_from(data.len() + PLAIN_HEADER) {
            Ok(_) => Ok((header, data)),
            Err(_) => Err(format!(
                "the samples take {} bytes, expected less than 4 GiB",
                data.len()
            )),
        }
    }

    /// Bytes of a sample of each channel.
    fn frame_bytes(&self) -> usize {
        self.channels * usize::from(self.bits / 8)
    }

    /// A file of these samples in its plainest form: those of all channels one after the other, as if of one channel.
    pub(super) fn plain_file(&self, data: &[u8]) -> Vec<u8> {
        let (rate, bytes) = (self.sample_rate_hz, self.bits / 8);
        let (length, size) = (data.len() as u32, (data.len() + PLAIN_HEADER) as u32);
        [
            b"RIFF",
            &size.to_le_bytes()[..],
            b"WAVEfmt ",
            &16u32.to_le_bytes(),
            &self.encoding.to_le_bytes(),
            &1u16.to_le_bytes(),
            &rate.to_le_bytes(),
            &(rate * u32::from(bytes)).to_le_bytes(),
            &bytes.to_le_bytes(),
            &self.bits.to_le_bytes(),
            b"data",
            &length.to_le_bytes(),
            data,
        ]
        .concat()
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

/// The size that a chunk claims, and the bytes from its body on; a body of odd length is followed by a byte of padding.
fn chunk<'f>(file: &'f [u8], name: &[u8; 4]) -> Option<(usize, &'f [u8])> {
    let mut rest = file.get(12..)?;
    loop {
        let (head, body) = rest.split_at_checked(8)?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        if head.starts_with(name) {
            return Some((length, body));
        }
        rest = after(body, length, name)?;
    }
}

/// What follows a body of `length` bytes: its padding is passed over, which some recorders leave out.
fn after<'f>(body: &'f [u8], length: usize, name: &[u8; 4]) -> Option<&'f [u8]> {
    let padded = length
        .checked_add(length % 2)
        .and_then(|end| body.get(end..));
    let unpadded = body.get(length..)?;
    let begins = |rest: Option<&[u8]>| rest.is_some_and(|rest| rest.get(..4).is_some_and(is_name));
    match unpadded.starts_with(name) || (begins(Some(unpadded)) && !begins(padded)) {
        true => Some(unpadded),
        false => padded,
    }
}

/// Whether bytes can be the name of a chunk.
fn is_name(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The bytes that the samples have to take, 0 where nobody knows, and the samples.
fn chunk_of_samples(file: &[u8]) -> Option<(usize, &[u8])> {
    Some(match chunk(file, b"data")? {
        // A recorder that was cut off has left the size at 0; one that has recorded nothing may have written more behind it.
        (0, rest) if are_chunks(rest) => (0, &[]),
        (0 | UNKNOWN_SIZE.., rest) => (0, rest),
        (claimed, rest) => (claimed, &rest[..claimed.min(rest.len())]),
    })
}

/// Whether bytes are chunks from the first to the last.
fn are_chunks(mut rest: &[u8]) -> bool {
    while let Some((head, body)) = rest.split_at_checked(8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let is_name = is_name(&head[..4]);
        match body.get(length.saturating_add(length % 2)..) {
            Some(after) if is_name => rest = after,
            _ => return false,
        }
    }
    rest.is_empty()
}
