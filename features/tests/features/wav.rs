//! The bytes of WAV files in the forms that recorders write, and those that are not read.

use std::f64::consts::TAU;

use tern_features::{Samples, wav_samples};

/// A chunk, padded to an even length.
fn chunk(name: &str, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32).to_le_bytes();
    let padding = vec![0; body.len() % 2];
    [name.as_bytes(), &length, body, &padding].concat()
}

/// A fmt chunk of an encoding by its number: channels, Hz and bits.
fn format(encoding: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
    let frame = channels * (bits / 8);
    let mut body = [encoding.to_le_bytes(), channels.to_le_bytes()].concat();
    body.extend(rate.to_le_bytes());
    body.extend((rate * u32::from(frame)).to_le_bytes());
    body.extend([frame.to_le_bytes(), bits.to_le_bytes()].concat());
    if encoding > 1 {
        body.extend(0u16.to_le_bytes());
    }
    chunk("fmt ", &body)
}

/// The same in an extensible header, of which so many bits are valid.
fn extensible(encoding: u16, channels: u16, rate: u32, bits: u16, valid: u16) -> Vec<u8> {
    let mut body = format(1, channels, rate, bits)[8..].to_vec();
    body[..2].copy_from_slice(&0xfffeu16.to_le_bytes());
    body.extend([22u16.to_le_bytes(), valid.to_le_bytes()].concat());
    body.extend(((1u32 << channels) - 1).to_le_bytes());
    body.extend(encoding.to_le_bytes());
    body.extend([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    chunk("fmt ", &body)
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = [b"WAVE", &chunks.concat()[..]].concat();
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

fn samples(file: &[u8]) -> Samples {
    wav_samples(file, 8000).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(file: &[u8]) -> String {
    let error = wav_samples(file, 8000).unwrap_err().to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// The samples 0, 0.5 and -1 in 16 bits.
fn data() -> Vec<u8> {
    chunk("data", &[0, 0, 0, 0x40, 0, 0x80])
}

#[test]
fn every_width_is_read() {
    for (format, data, expected) in [
        (
            format(1, 1, 8000, 8),
            &[0x80, 0xc0, 0][..],
            "8-bit integers",
        ),
        (
            format(1, 1, 8000, 24),
            &[0, 0, 0, 0, 0, 0x40, 0, 0, 0x80],
            "24-bit integers",
        ),
        (
            format(1, 1, 8000, 32),
            &[0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x80],
            "32-bit integers",
        ),
        (
            extensible(1, 1, 8000, 24, 24),
            &[0, 0, 0, 0, 0, 0x40, 0, 0, 0x80],
            "24-bit integers",
        ),
        (
            extensible(1, 1, 8000, 32, 24),
            &[0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x80],
            "32-bit integers",
        ),
        (
            format(3, 1, 8000, 32),
            &[0.0f32, 0.5, -1.0].map(f32::to_le_bytes).concat(),
            "32-bit floats",
        ),
        (
            extensible(3, 1, 8000, 32, 32),
            &[0.0f32, 0.5, -1.0].map(f32::to_le_bytes).concat(),
            "32-bit floats",
        ),
        (
            format(3, 1, 8000, 64),
            &[0.0f64, 0.5, -1.0].map(f64::to_le_bytes).concat(),
            "64-bit floats",
        ),
    ] {
        let found = samples(&riff(&[format, chunk("data", data)]));
        assert_eq!(found.values, [0.0, 0.5, -1.0], "{expected}");
        let told =
            format!("converted from 1 channel of {expected} at 8000 Hz to 1 channel at 8000 Hz");
        assert_eq!(found.converted, Some(told));
    }
    let loud = [0.0f32, 16384.0, -32768.0].map(f32::to_le_bytes).concat();
    let loud = samples(&riff(&[format(3, 1, 8000, 32), chunk("data", &loud)]));
    let told = "; its loudest sample is 32768 times full scale, expected at most 1";
    assert!(loud.converted.is_some_and(|what| what.ends_with(told)));
    let plain = samples(&riff(&[extensible(1, 1, 8000, 16, 16), data()]));
    assert_eq!(
        (plain.values, plain.converted),
        (vec![0.0, 0.5, -1.0], None)
    );
}

#[test]
fn chunks_around_the_samples_are_passed_over() {
    let list = [
        b"INFO",
        &chunk("ISFT", b"Lavf60")[..],
        &chunk("INAM", b"seven"),
    ]
    .concat();
    let pad = |name| chunk(name, &[7; 5]);
    for before in [
        pad("bext"),
        chunk("LIST", &list),
        chunk("JUNK", &[0; 28]),
        [chunk("bext", &[0; 603]), pad("cue "), chunk("LIST", &list)].concat(),
    ] {
        let chunks = [
            pad("junk"),
            format(1, 1, 8000, 16),
            before,
            data(),
            chunk("LIST", &list),
        ];
        assert_eq!(samples(&riff(&chunks)).values, [0.0, 0.5, -1.0]);
    }
    // Some recorders leave the padding out.
    for name in ["bext", "LIST"] {
        let mut unpadded = pad(name);
        unpadded.pop();
        for between in [vec![], pad("fact")] {
            let chunks = [format(1, 1, 8000, 16), unpadded.clone(), between, data()];
            assert_eq!(samples(&riff(&chunks)).values, [0.0, 0.5, -1.0], "{name}");
        }
    }
    // Chunks that need not be what their standard says, since nothing of them is read.
    let odd_list = [b"INFOISFT", &5u32.to_le_bytes()[..], b"Lavf6INAM"].concat();
    for (name, body) in [
        ("LIST", &odd_list[..]),
        ("LIST", b""),
        ("LIST", b"INF"),
        ("LIST", b"INFOI"),
        ("fact", &[3, 0, 0]),
        ("fact", &[3; 12]),
    ] {
        let chunks = [format(1, 1, 8000, 16), chunk(name, body), data()];
        assert_eq!(samples(&riff(&chunks)).values, [0.0, 0.5, -1.0], "{name}");
    }
}

#[test]
fn every_length_of_the_format_is_read() {
    let body = &format(1, 1, 8000, 16)[8..];
    for length in [14, 16, 17, 18, 20, 22] {
        let mut body = body.to_vec();
        body.resize(length, 0);
        let found = samples(&riff(&[chunk("fmt ", &body), data()]));
        assert_eq!(found.values, [0.0, 0.5, -1.0], "{length} bytes");
    }
    let error = refused(&riff(&[chunk("fmt ", &body[..12]), data()]));
    assert!(error.contains("has no fmt chunk"), "{error}");
    let mut wide = body[..14].to_vec();
    wide[12..].fill(0xff);
    let error = refused(&riff(&[chunk("fmt ", &wide), data()]));
    assert!(error.starts_with("bits per sample is 65535"), "{error}");
    let mut padded = format(1, 1, 8000, 24);
    padded[20] = 4;
    let error = refused(&riff(&[padded, data()]));
    assert_eq!(
        error,
        "bytes per frame is 4, expected 3 for 1 times 24 bits"
    );
}

#[test]
fn a_stream_of_unknown_size_is_read_to_its_end() {
    let count = 100_000;
    let body: Vec<u8> = (0..count).flat_map(|n| (n as u16).to_le_bytes()).collect();
    for [whole, part] in [
        [u32::MAX, u32::MAX],
        [0x7fff_f024, 0x7fff_f000],
        [0x8000_0024, 0x8000_0000],
        [0, u32::MAX],
        [0, 2 * count],
        [0, 0],
    ] {
        let mut file = riff(&[format(1, 1, 8000, 16), chunk("data", &body)]);
        file[4..8].copy_from_slice(&whole.to_le_bytes());
        file[40..44].copy_from_slice(&part.to_le_bytes());
        let found = samples(&file);
        assert_eq!(found.values.len(), count as usize, "{whole:#x}, {part:#x}");
        assert!(
            (0..)
                .zip(&found.values)
                .all(|(n, value): (u32, _)| { *value == f64::from(n as u16 as i16) / 32768.0 })
        );
        assert_eq!(found.converted, None);
    }
    // A recording of nothing with a chunk behind it has no samples.
    let nothing = [
        format(1, 1, 8000, 16),
        chunk("data", b""),
        chunk("LIST", b"INFO"),
    ];
    assert_eq!(samples(&riff(&nothing)).values, [0.0; 0]);
}

#[test]
fn channels_are_averaged() {
    let data = chunk("data", &[0, 0x40, 0, 0x20, 0, 0x80, 0, 0]);
    let found = samples(&riff(&[format(1, 2, 8000, 16), data]));
    assert_eq!(found.values, [0.375, -0.5]);
    let told = "converted from 2 channels of 16-bit integers at 8000 Hz to 1 channel at 8000 Hz";
    assert_eq!(found.converted.as_deref(), Some(told));
    let six = chunk("data", &[0, 0x40].repeat(12));
    let found = samples(&riff(&[extensible(1, 6, 8000, 16, 16), six]));
    assert_eq!(found.values, [0.5, 0.5]);
    let most = chunk("data", &[0, 0x40].repeat(64));
    let found = samples(&riff(&[format(1, 32, 8000, 16), most]));
    assert_eq!(found.values, [0.5, 0.5]);
}

/// A second of a sine of half the range.
fn sine(rate: u32, hz: f64) -> Vec<u8> {
    let sample = |n: u32| (0.5 * (TAU * hz * f64::from(n) / f64::from(rate)).sin()) as f32;
    let body: Vec<u8> = (0..rate).flat_map(|n| sample(n).to_le_bytes()).collect();
    riff(&[format(3, 1, rate, 32), chunk("data", &body)])
}

#[test]
fn other_sample_rates_are_resampled() {
    for rate in [
        4000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000,
    ] {
        let found = samples(&sine(rate, 440.0));
        assert_eq!(found.values.len(), 8000, "{rate}");
        // The same tone, 330 periods of it, at most a sample later or earlier.
        let angle = |n: usize| TAU * 440.0 * n as f64 / 8000.0;
        let part = |wave: fn(f64) -> f64| {
            let terms = (1000..7000).map(|n| found.values[n] * wave(angle(n)));
            terms.sum::<f64>() / 3000.0
        };
        let (sine, cosine) = (part(f64::sin), part(f64::cos));
        let late = cosine.atan2(sine) / angle(1);
        assert!(
            (sine.hypot(cosine) - 0.5).abs() < 1e-3,
            "{rate} Hz: {sine}, {cosine}"
        );
        assert!(late.abs() < 1.1, "{rate} Hz: {late} samples");
        for n in 1000..7000 {
            let expected = sine * angle(n).sin() + cosine * angle(n).cos();
            let error = (found.values[n] - expected).abs();
            assert!(error < 1e-3, "{rate} Hz, sample {n}: {error}");
        }
    }
    // A tone above half the rate leaves nothing, where samples that are left out would fold it down.
    let found = samples(&sine(48_000, 7000.0));
    let most = found.values[1000..7000]
        .iter()
        .fold(0.0f64, |most, v| most.max(v.abs()));
    assert!(most < 1e-3, "{most}");
}

#[test]
fn encodings_that_are_not_read_are_named() {
    let file = |format| riff(&[format, data()]);
    let magic = |name: &[u8; 4]| {
        let mut file = file(format(1, 1, 8000, 16));
        file[..4].copy_from_slice(name);
        file
    };
    for (bytes, expected) in [
        (
            file(format(7, 1, 8000, 8)),
            "the encoding is µ-law, expected integers of 8, 16, 24 or 32 bits",
        ),
        (file(format(6, 1, 8000, 8)), "the encoding is A-law"),
        (file(format(2, 1, 8000, 4)), "the encoding is MS ADPCM"),
        (file(format(0x11, 1, 8000, 4)), "the encoding is IMA ADPCM"),
        (file(format(0x55, 1, 8000, 0)), "the encoding is MP3"),
        (file(extensible(7, 1, 8000, 8, 8)), "the encoding is µ-law"),
        (
            file(format(0x1234, 1, 8000, 16)),
            "the encoding is number 4660",
        ),
        (
            file(format(1, 1, 8000, 12)),
            "bits per sample is 12 of integers",
        ),
        (
            file(format(1, 0, 8000, 16)),
            "number of channels is 0, expected 1 to 32",
        ),
        (file(format(1, 33, 8000, 16)), "number of channels is 33"),
        (
            file(format(1, 1, 10, 16)),
            "sample rate in Hz is 10, expected 1000 to 768000",
        ),
        (magic(b"RF64"), "the file is RF64"),
        (magic(b"RIFX"), "the file is RIFX"),
        (magic(b"OggS"), "not a WAV file"),
        (riff(&[data()]), "it has no fmt chunk"),
        (riff(&[format(1, 1, 8000, 16)]), "not a WAV file"),
    ] {
        let error = refused(&bytes);
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let nan = chunk("data", &f32::NAN.to_le_bytes());
    let error = refused(&riff(&[format(3, 1, 8000, 32), nan]));
    assert_eq!(error, "sample 0 is NaN, expected a finite number");
}
