//! The stream driver: right outputs under every stall pattern, exact cycles, and every fault of a core noticed.

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::{ACCUMULATE, ACCUMULATE_FORMAT, accumulate, loopback, sequences, simulator};
use tern_compile::design::Streams;
use tern_compile::stream_layout::StreamLayout;
use tern_sim::dut::verilator::VerilatorDut;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;

fn driver(source: &str) -> StreamDriver<VerilatorDut> {
    StreamDriver::new(simulator(source).instance(), ACCUMULATE_FORMAT)
        .unwrap()
        .with_watchdog(500)
}

/// The errors under the four patterns of a core whose Verilog has `from` replaced by `to`.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(ACCUMULATE.contains(from), "{from}");
    let source = ACCUMULATE.replace(from, to);
    let run = |pattern| driver(&source).run(&sequences(&[5, 3, 4], 7), pattern);
    let errors = StallPattern::all(7)
        .into_iter()
        .filter_map(|pattern| run(pattern).err());
    errors.map(|error| error.to_string()).collect()
}

#[test]
fn stalls_change_when_and_never_what() {
    let mut driver = driver(ACCUMULATE);
    let mut lengths = Vec::new();
    for seed in 0..5 {
        let stimulus = sequences(&[1, 6, 2, 9], seed);
        let expected: Vec<_> = stimulus
            .iter()
            .map(|sequence| accumulate(sequence))
            .collect();
        for pattern in StallPattern::all(seed) {
            let start = driver.cycle();
            let transcript = driver.run(&stimulus, pattern).unwrap();
            assert_eq!(transcript.outputs, expected, "{pattern:?}");
            lengths.push(driver.cycle() - start);
        }
    }
    let stalled = lengths.iter().skip(1).step_by(4).min();
    assert!(
        lengths
            .iter()
            .step_by(4)
            .all(|unstalled| Some(&(unstalled + 20)) < stalled),
        "{lengths:?}"
    );
}

#[test]
fn cycle_0_is_the_first_after_reset() {
    let mut driver = driver(ACCUMULATE);
    for _ in 0..2 {
        let transcript = driver
            .run(&sequences(&[2], 1), StallPattern::none(1))
            .unwrap();
        assert_eq!(transcript.input_cycles, [1, 4, 7, 19, 22, 25]);
        assert_eq!(transcript.output_cycles, [11, 14, 17, 29, 32, 35]);
        driver.reset(3);
    }
}

#[test]
fn a_watcher_is_told_of_every_step_that_has_gone_in() {
    let mut driver = driver(ACCUMULATE);
    let seen = Rc::new(RefCell::new(Vec::new()));
    let told = seen.clone();
    driver.watch(Box::new(move |steps| told.borrow_mut().push(steps)));
    driver
        .run(&sequences(&[3, 2], 9), StallPattern::all(9)[3])
        .unwrap();
    assert_eq!(*seen.borrow(), [1, 2, 3, 1, 2]);
}

#[test]
fn an_open_sequence_goes_on_until_tlast_or_reset() {
    let mut driver = driver(ACCUMULATE);
    let pattern = StallPattern::all(9)[3];
    let sequence = sequences(&[7], 9).remove(0);
    let expected = accumulate(&sequence);
    let begun = driver.run_open(&sequence[..3], pattern).unwrap();
    let ended = driver.run(&[sequence[3..].to_vec()], pattern).unwrap();
    assert_eq!(
        [begun.outputs[0].clone(), ended.outputs[0].clone()].concat(),
        expected
    );
    driver.run_open(&sequence[..3], pattern).unwrap();
    driver.reset(1);
    assert_eq!(
        driver.run(&[sequence], pattern).unwrap().outputs,
        [expected]
    );
}

#[test]
fn every_broken_rule_is_reported() {
    for (from, to, expected) in [
        (
            "assign m_axis_tvalid = phase == SEND;",
            "assign m_axis_tvalid = phase == SEND && m_axis_tready;",
            "no transfer for 500 cycles",
        ),
        (
            "assign m_axis_tvalid = phase == SEND;",
            "assign m_axis_tvalid = phase == SEND && !s_axis_tlast;",
            "m_axis_tvalid fell in cycle",
        ),
        (
            "assign m_axis_tdata  = result;",
            "assign m_axis_tdata = result ^ {31'd0, s_axis_tvalid};",
            "m_axis_tdata changed in cycle",
        ),
        (
            "step_last && output_index == 2'd2;",
            "(step_last && output_index == 2'd2) ^ !m_axis_tready;",
            "m_axis_tlast changed in cycle",
        ),
        (
            "assign m_axis_tlast  = step_last",
            "assign m_axis_tlast  = !step_last",
            "with m_axis_tlast 1, expected 0 in sequence 0, step 0",
        ),
        (
            "(beat == BEATS - 8'd1) ? TABLE : FETCH",
            "(beat == BEATS - 8'd2) ? TABLE : FETCH",
            "before the input of sequence 0, step 0 was complete",
        ),
        (
            "phase        <= (output_index == 2'd2) ? FETCH : TABLE;",
            "phase <= (output_index == 2'd2 && !step_last) ? FETCH : TABLE;",
            "before the input of sequence 1, step 0 was complete",
        ),
        (
            "assign s_axis_tready = phase == RECEIVE;",
            "assign s_axis_tready = phase == RECEIVE && !step_last;",
            "sequence 1, step 0 waits for s_axis_tready",
        ),
        (
            "phase <= COMPARE;",
            "phase <= (beat == 8'd0 && step_last) ? TABLE : COMPARE;",
            "sequence 0, step 4 waits for an output beat",
        ),
    ] {
        let messages = faults(from, to);
        assert!(
            messages.iter().any(|message| message.contains(expected)),
            "{to}: {messages:#?}"
        );
    }
}

#[test]
fn a_beat_too_many_at_the_end_is_noticed() {
    let source = ACCUMULATE.replace(
        "(output_index == 2'd2) ? FETCH : TABLE",
        "(output_index == 2'd2 && !step_last) ? FETCH : TABLE",
    );
    let message = driver(&source)
        .run(&sequences(&[2], 0), StallPattern::none(0))
        .unwrap_err()
        .to_string();
    assert!(message.ends_with("which no input asked for"), "{message}");
}

#[test]
fn what_is_on_the_wires_outside_transfers_is_arbitrary() {
    for (from, to) in [
        (
            "wire take = s_axis_tvalid && s_axis_tready;",
            "wire take = s_axis_tready;",
        ),
        ("mem[2] = 16'h0005;", "mem[2] = 16'h0015;"), // reads a padding element
    ] {
        let source = ACCUMULATE.replace(from, to);
        let stimulus = sequences(&[5, 3], 2);
        let expected: Vec<_> = stimulus
            .iter()
            .map(|sequence| accumulate(sequence))
            .collect();
        let right = |pattern| {
            driver(&source)
                .run(&stimulus, pattern)
                .is_ok_and(|seen| seen.outputs == expected)
        };
        assert!(!StallPattern::all(2).into_iter().all(right), "{to}");
    }
}

#[test]
fn trits_pass_through_a_headless_format() {
    let format = StreamFormat {
        input: StreamLayout::hidden(37, 2, 40, Streams::Wide),
        output: StreamLayout::hidden(37, 2, 40, Streams::Wide),
        every: true,
    };
    let mut driver = StreamDriver::new(simulator(&loopback(80, 80, 8)).instance(), format).unwrap();
    let mut random = fastrand::Rng::with_seed(4);
    let stimulus = vec![vec![(0..37).map(|_| random.i32(-1..2)).collect::<Vec<_>>(); 3]; 2];
    for pattern in StallPattern::all(4) {
        assert_eq!(
            driver.run(&stimulus, pattern).unwrap().outputs,
            stimulus,
            "{pattern:?}"
        );
    }
}

#[test]
fn a_format_of_another_width_is_refused() {
    let mut format = ACCUMULATE_FORMAT;
    format.input.lanes = 8;
    let message = StreamDriver::new(simulator(ACCUMULATE).instance(), format)
        .err()
        .unwrap()
        .to_string();
    assert_eq!(
        message,
        "port s_axis_tdata of the core in verilator is 32 bits wide, expected 64 for this network and at most 256"
    );
}
