//! The link frame by frame: what is answered, refused, dropped and counted.

use tern_compile::link::{Identity, MAX_DATA};
use tern_host::frame::Kind;
use tern_host::port::Port;
use tern_model::golden::Golden;
use tern_model::random::random_sequence;
use tern_sim::serial::board::verilated;
use tern_sim::serial::sequence::{input_bytes, output_length, outputs};
use tern_tests::board::{
    SimulatedPort, ask, board, core, dropped, exchange, frame, identity, lstm,
};
use tern_tests::simulators::folder;

/// A repeated number is answered by the same frame and not computed again, whatever else the request says.
#[test]
fn a_repeated_number_is_not_computed_again() {
    let core = core("lstm");
    let (mut port, identity) = lstm();
    let sequence = random_sequence(&core.models[0], 5, 3);
    let expected = Golden::new(&core.models[0]).run(&sequence);
    let bytes = input_bytes(&identity, &sequence);
    exchange(&mut port, &[0]);
    assert_eq!(
        ask(&mut port, &frame(Kind::Reset, 9, &[])).kind,
        Kind::Reset
    );
    let first = [&[0x00], &bytes[..7]].concat();
    let taken = ask(&mut port, &frame(Kind::Input, 10, &first));
    assert_eq!(taken, frame(Kind::Output, 10, &[2]));
    for again in [frame(Kind::Input, 10, &first), frame(Kind::Reset, 10, &[])] {
        assert_eq!(ask(&mut port, &again), taken);
    }
    let rest = [&[0x81], &bytes[7..]].concat();
    ask(&mut port, &frame(Kind::Input, 11, &rest));
    port.pass(5000);
    let output = ask(&mut port, &frame(Kind::Output, 12, &[]));
    assert_eq!(output.payload[0], 3);
    assert_eq!(outputs(&identity, &output.payload[1..]), expected);
    assert_eq!(ask(&mut port, &frame(Kind::Output, 12, &[])), output);
    // What was taken does not come again.
    let nothing = ask(&mut port, &frame(Kind::Output, 13, &[]));
    assert_eq!(nothing, frame(Kind::Output, 13, &[2]));
    assert_eq!(dropped(&mut port, 14), 0);
}

/// What is not done is answered by E with its code, and has no effect.
#[test]
fn requests_that_cannot_be_done_are_refused() {
    let (mut port, _) = lstm();
    exchange(&mut port, &[0]);
    let mut number = 0;
    let mut code = |port: &mut SimulatedPort<_>, kind, payload: &[u8]| {
        number += 1;
        let answer = ask(port, &frame(kind, number, payload));
        (answer.kind, answer.payload)
    };
    let error = |code: u8| (Kind::Error, vec![code]);
    let room = (Kind::Output, vec![2]);
    for kind in [Kind::Input, Kind::Weights] {
        assert_eq!(code(&mut port, kind, &[0, 1]), error(3));
    }
    assert_eq!(code(&mut port, Kind::Output, &[]), error(3));
    assert_eq!(code(&mut port, Kind::Reset, &[]), (Kind::Reset, vec![2]));
    assert_eq!(code(&mut port, Kind::Weights, &[0, 1]), error(1));
    assert_eq!(code(&mut port, Kind::Input, &[1, 1]), error(4));
    assert_eq!(code(&mut port, Kind::Input, &[0, 1]), room);
    assert_eq!(code(&mut port, Kind::Input, &[0, 1]), error(4));
    assert_eq!(code(&mut port, Kind::Input, &[1, 1]), room);
    port.restart();
    exchange(&mut port, &[0]);
    assert_eq!(code(&mut port, Kind::Input, &[2, 1]), error(3));
}

/// A core whose output nobody fetches stops; the inbox fills up, refuses, and goes on when the output has been fetched.
#[test]
fn a_full_inbox_refuses_and_loses_nothing() {
    let core = core("short");
    let (model, program) = (&core.models[0], &core.programs[0]);
    let identity = identity(core.name, program);
    let mut port = board(core.name, program);
    exchange(&mut port, &[0]);
    ask(&mut port, &frame(Kind::Reset, 0, &[]));
    let steps = 4 * MAX_DATA / identity.input.beats();
    let sequence = random_sequence(model, steps, 6);
    let expected = Golden::new(model).run(&sequence);
    let bytes = input_bytes(&identity, &sequence);
    let (mut got, mut sent, mut place, mut refusals) = (vec![], 0, 0, 0);
    let (mut number, mut fetches) = (0u8, 0);
    while got.len() < output_length(&identity, steps) {
        number = number.wrapping_add(1);
        let next = (sent + MAX_DATA).min(bytes.len());
        let end = if next == bytes.len() { 0x80 } else { 0 };
        let payload = [&[place | end], &bytes[sent..next]].concat();
        let request = match sent < bytes.len() && fetches == 0 {
            true => frame(Kind::Input, number, &payload),
            false => frame(Kind::Output, number, &[]),
        };
        let answer = ask(&mut port, &request);
        let (status, data) = answer.payload.split_first().expect("a status");
        match (request.kind, answer.kind) {
            (Kind::Input, Kind::Error) => {
                assert_eq!((*status, data), (2, &[][..]));
                (refusals, fetches) = (refusals + 1, 5);
                continue;
            }
            (Kind::Input, Kind::Output) => (sent, place) = (next, place + 1),
            (Kind::Output, Kind::Output) => fetches = fetches.max(1) - 1,
            other => panic!("{other:?}"),
        }
        got.extend_from_slice(data);
    }
    assert!(refusals > 5, "{refusals}");
    assert!(outputs(&identity, &got) == expected);
}

/// Frames of every length, and of lengths that no request has; runs of zeros and of 254 bytes without one.
#[test]
fn lengths_and_kinds_that_no_request_has_are_dropped() {
    let (mut port, _) = lstm();
    exchange(&mut port, &[0]);
    ask(&mut port, &frame(Kind::Reset, 0, &[]));
    let (mut drops, mut number) = (0, 0u8);
    let mut drop = |port: &mut SimulatedPort<_>, bytes: &[u8]| {
        assert_eq!(exchange(port, bytes), [], "{bytes:?}");
        drops += 1;
        number = number.wrapping_add(1);
        let told = dropped(port, number);
        assert_eq!(told, drops, "{bytes:?}");
    };
    for length in [1, 2, 251, 253, 300, 700] {
        for kind in [Kind::Identify, Kind::Output, Kind::Reset] {
            drop(&mut port, &frame(kind, 77, &vec![0; length]).encode());
        }
    }
    for length in [0, 1, 254, 255, 600] {
        for fill in [0, 1] {
            drop(
                &mut port,
                &frame(Kind::Input, 77, &vec![fill; length]).encode(),
            );
        }
    }
    drop(&mut port, &frame(Kind::Error, 77, &[]).encode());
    // A kind of another bit, with its check sum.
    for byte in [0x00, 0x48, 0x79, 0xd8] {
        let mut plain = vec![byte, 77];
        plain.extend_from_slice(&crc(&plain));
        drop(&mut port, &stuffed(&plain));
    }
    // Blocks that are not complete, and every wrong bit of a request.
    drop(&mut port, &[9, 1, 2, 0]);
    let request = frame(Kind::Output, 78, &[]).encode();
    for bit in 0..8 * (request.len() - 1) {
        let mut wrong = request.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        if wrong[..request.len() - 1].contains(&0) {
            continue;
        }
        drop(&mut port, &wrong);
    }
    // Nothing of all this was taken for input: the first frame is still the one with number 0.
    let answer = ask(&mut port, &frame(Kind::Input, 79, &[0; 253]));
    assert_eq!(answer, frame(Kind::Output, 79, &[2]));
    // Empty frames are none.
    exchange(&mut port, &[0; 20]);
    assert_eq!(dropped(&mut port, 80), drops);
}

fn crc(plain: &[u8]) -> [u8; 4] {
    let step = |crc: u32, byte: &u8| {
        let mut crc = crc ^ u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ ((crc & 1) * 0xedb8_8320);
        }
        crc
    };
    (!plain.iter().fold(!0, step)).to_le_bytes()
}

/// COBS of a text of fewer than 254 bytes.
fn stuffed(plain: &[u8]) -> Vec<u8> {
    let mut bytes = vec![];
    for block in plain.split(|byte| *byte == 0) {
        bytes.push(block.len() as u8 + 1);
        bytes.extend_from_slice(block);
    }
    bytes.push(0);
    bytes
}

/// Bytes before the first zero, a break and garbage; the request after the next zero is answered.
#[test]
fn a_zero_begins_anew_after_anything() {
    let (mut port, _) = lstm();
    let request = frame(Kind::Identify, 1, &[]).encode();
    // Before the first zero nothing is a frame, and nothing is counted.
    assert_eq!(exchange(&mut port, &request), []);
    let answer = ask(&mut port, &frame(Kind::Identify, 2, &[]));
    assert_eq!((answer.payload[0], answer.payload.len()), (0, 64));
    // A break in the middle of a frame, and one that is longer than any byte: the frame is dropped, and all up to the next zero skipped.
    for (number, low) in [(3, 90), (5, 5000)] {
        port.write(&frame(Kind::Identify, number, &[]).encode())
            .expect("a simulated line");
        port.pass(250);
        port.line.hold_low(low);
        assert_eq!(exchange(&mut port, &[]), []);
        port.pass(low);
        exchange(&mut port, &[0]);
        let answer = ask(&mut port, &frame(Kind::Identify, number + 1, &[]));
        assert!(answer.payload[0] > 0);
    }
    let mut rng = fastrand::Rng::with_seed(4);
    for number in 10..60 {
        let garbage: Vec<u8> = (0..rng.usize(0..400)).map(|_| rng.u8(..)).collect();
        assert_eq!(exchange(&mut port, &garbage), []);
        assert_eq!(exchange(&mut port, &[0]), []);
        let answer = ask(&mut port, &frame(Kind::Identify, number, &[]));
        assert_eq!((answer.kind, answer.payload.len()), (Kind::Identify, 64));
    }
}

/// A request that comes before the answer to the one before has left is dropped; a glitch of less than half a bit is no start bit.
#[test]
fn a_hasty_request_is_dropped_and_a_glitch_is_no_byte() {
    let (mut port, _) = lstm();
    exchange(&mut port, &[0]);
    let hasty = [
        frame(Kind::Identify, 1, &[]).encode(),
        frame(Kind::Identify, 2, &[]).encode(),
    ];
    let answers = exchange(&mut port, &hasty.concat());
    let numbers: Vec<u8> = answers.iter().map(|answer| answer.number).collect();
    assert_eq!(numbers, [1]);
    assert_eq!(dropped(&mut port, 3), 1);
    for cycles in [1, 2, 3] {
        port.line.hold_low(cycles);
        port.pass(100);
        assert_eq!(dropped(&mut port, 3 + cycles as u8), 1);
    }
}

/// What comes within 10 µs after the clock is stable finds the device in reset; what comes after 20 µs does not.
#[test]
fn the_reset_lasts_ten_microseconds() {
    let (mut port, identity) = lstm();
    let mut request = vec![0];
    request.extend(frame(Kind::Identify, 1, &[]).encode());
    let mut answers = |wait: f64| {
        port.line.set_reset(true);
        port.pass(20);
        port.line.set_reset(false);
        port.pass((wait * f64::from(identity.clock_hz)) as u64);
        exchange(&mut port, &request).len()
    };
    // The first zero is over before 10 µs are, and all other bytes are skipped then.
    assert_eq!(answers(5e-6), 0);
    assert_eq!(answers(20e-6), 1);
}

/// The LEDs: a slow wave, requests, dropped frames.
#[test]
fn leds_show_requests_and_dropped_frames() {
    let core = core("lstm");
    let identity = Identity {
        clock_hz: 80_000,
        baud: 10_000,
        ..identity(core.name, &core.programs[0])
    };
    let line = verilated(&core.programs[0], &identity, &folder().join("simulators"));
    let mut port = SimulatedPort::new(line.expect("Verilator builds it"), &identity);
    let mut edges = vec![];
    let mut before = port.line.pins().alive;
    for cycle in 0..400_000 {
        port.line.cycle();
        let pins = port.line.pins();
        assert!(!pins.busy && !pins.error && pins.tx);
        if pins.alive != before {
            edges.push(cycle);
            before = pins.alive;
        }
    }
    let halves: Vec<u64> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        halves.len() > 5 && halves.iter().all(|half| *half == 32_768),
        "{halves:?}"
    );
    port.line.send(&[0]);
    port.line.send(&frame(Kind::Identify, 1, &[]).encode());
    port.pass(1500);
    assert_eq!(
        (port.line.pins().busy, port.line.pins().error),
        (true, false)
    );
    port.line.send(&[3, 3, 0]);
    port.pass(500);
    assert!(port.line.pins().error);
    port.pass(2 * 32_768);
    assert_eq!(
        (port.line.pins().busy, port.line.pins().error),
        (false, false)
    );
}
