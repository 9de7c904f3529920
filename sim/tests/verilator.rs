//! The Verilator core: port widths, memories, waveforms, and building from many threads.

mod common;

use common::{ACCUMULATE, build_folder, loopback, simulator};
use tern_sim::dut::verilator::lint::lint;
use tern_sim::dut::verilator::options::Options;
use tern_sim::dut::verilator::{LoadableMemory, Simulator, VerilatorDut};
use tern_sim::dut::{Beat, Dut, Inputs};

/// Bits 0 .. `bits` of a beat.
fn mask(beat: Beat, bits: u32) -> Beat {
    std::array::from_fn(|word| {
        let kept = bits.saturating_sub(64 * word as u32);
        if kept >= 64 {
            beat[word]
        } else {
            beat[word] & ((1 << kept) - 1)
        }
    })
}

fn reset(dut: &mut VerilatorDut) {
    dut.cycle(&Inputs {
        reset: true,
        ..Inputs::default()
    });
}

/// Sends one beat through `loopback.v` and returns what comes out a cycle later.
fn send(dut: &mut VerilatorDut, tdata: Beat) -> Beat {
    let inputs = Inputs {
        s_axis_tdata: tdata,
        s_axis_tvalid: true,
        m_axis_tready: true,
        ..Inputs::default()
    };
    assert!(dut.cycle(&inputs).s_axis_tready);
    let outputs = dut.cycle(&Inputs {
        m_axis_tready: true,
        ..Inputs::default()
    });
    assert!(outputs.m_axis_tvalid);
    outputs.m_axis_tdata
}

#[test]
fn beats_of_every_storage_class_pass_unchanged() {
    let beat = [
        0x8123_4567_89ab_cdef,
        0xfedc_ba98_7654_3211,
        0x8f1e_2d3c_4b5a_6978,
        0x9aa5_5a0f_f0c3_3c99,
    ];
    for (input_bits, output_bits) in [
        (8, 256),
        (16, 8),
        (24, 32),
        (64, 24),
        (72, 64),
        (128, 96),
        (256, 256),
    ] {
        let mut dut = simulator(&loopback(input_bits, output_bits, 8)).instance();
        assert_eq!(
            (dut.input_bits(), dut.output_bits()),
            (input_bits, output_bits)
        );
        reset(&mut dut);
        let tdata = mask(beat, input_bits);
        assert_eq!(
            send(&mut dut, tdata),
            mask(tdata, output_bits),
            "{input_bits} to {output_bits} bits"
        );
    }
}

#[test]
fn memories_of_every_storage_class_are_found_loaded_and_used() {
    for width in [1, 8, 12, 32, 50, 64, 100, 128] {
        let mut dut = simulator(&loopback(256, 256, width)).instance();
        let names = ["mask[0].rom", "mask[1].rom"];
        let expected = names.map(|name| LoadableMemory {
            instance: name.to_owned(),
            width,
            depth: 4,
        });
        assert_eq!(dut.memories(), expected);
        let ones = u128::MAX >> (128 - width);
        let even = [ones, 1, ones ^ 1, 0];
        let odd = [
            0x1234_5678_9abc_def0_0fed_cba9_8765_4321 & ones,
            0,
            ones,
            ones >> 1,
        ];
        reset(&mut dut);
        dut.load_memory(names[0], &even).unwrap();
        dut.load_memory(names[1], &odd).unwrap();
        for beat in 0..4 {
            let out = send(&mut dut, [0; 4]);
            let expected = [
                even[beat] as u64,
                (even[beat] >> 64) as u64,
                odd[beat] as u64,
                (odd[beat] >> 64) as u64,
            ];
            assert_eq!(out, expected, "word {beat} of {width}-bit memories");
        }
        assert_eq!(dut.read_memory(names[1]).unwrap(), odd);
    }
}

#[test]
fn memories_start_as_the_verilog_says_and_instances_are_independent() {
    let simulator = simulator(ACCUMULATE);
    let (mut changed, untouched) = (simulator.instance(), simulator.instance());
    let words = changed.read_memory("weights").unwrap();
    assert_eq!(
        (words.len(), words[0], words[2], words[255]),
        (256, 0x49, 0x05, 0x5aff)
    );
    changed.load_memory("weights", &[7; 256]).unwrap();
    assert_eq!(changed.read_memory("weights").unwrap(), [7; 256]);
    assert_eq!(untouched.read_memory("weights").unwrap(), words);
}

#[test]
fn loading_what_does_not_fit_is_refused_in_a_sentence() {
    let mut dut = simulator(ACCUMULATE).instance();
    for (instance, words, expected) in [
        (
            "wights",
            vec![0; 256],
            "tern_core has no memory wights; there are: tables, weights",
        ),
        (
            "weights",
            vec![0; 255],
            "memory weights has 256 words, got 255 to load",
        ),
        (
            "weights",
            [vec![0; 255], vec![0x10000]].concat(),
            "word 255 for memory weights is 0x10000, expected 16 bits",
        ),
    ] {
        assert_eq!(
            dut.load_memory(instance, &words).unwrap_err().to_string(),
            expected
        );
    }
}

#[test]
fn faulty_verilog_is_reported_with_verilators_message() {
    let build = |source: &str| {
        Simulator::build(&[source], &Options::default(), build_folder())
            .err()
            .unwrap()
            .to_string()
    };
    let message = build(&ACCUMULATE.replace("wire below = state < threshold;", ""));
    assert!(
        message.starts_with("verilator failed to translate the Verilog (exit status: "),
        "{message}"
    );
    assert!(message.contains("below"), "{message}");
    let message = build(&ACCUMULATE.replace("m_axis_tlast", "m_axis_last"));
    assert_eq!(
        message,
        "the Verilog module tern_core has no port m_axis_tlast"
    );
}

#[test]
fn many_threads_may_want_the_same_build_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let source = loopback(8, 8, 3);
    std::thread::scope(|scope| {
        let build = || {
            Simulator::build(&[&source], &Options::default(), folder.path())
                .map(|simulator| simulator.instance().memories().len())
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(build)).collect();
        threads
            .into_iter()
            .for_each(|thread| assert_eq!(thread.join().unwrap().unwrap(), 2));
    });
    let folders = folder
        .path()
        .read_dir()
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .count();
    assert_eq!(folders, 1, "one build and nothing temporary is left");
}

#[test]
fn a_waveform_is_written_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("core.vcd");
    let options = Options {
        trace: true,
        ..Options::default()
    };
    let mut dut = Simulator::build(&[ACCUMULATE], &options, build_folder())
        .unwrap()
        .traced_instance(&path)
        .unwrap();
    reset(&mut dut);
    for _ in 0..4 {
        dut.cycle(&Inputs::default());
    }
    drop(dut);
    let waveform = std::fs::read_to_string(&path).unwrap();
    assert!(
        waveform.contains("s_axis_tdata") && waveform.contains("\n#9\n"),
        "{waveform}"
    );
    let message = simulator(ACCUMULATE)
        .traced_instance(&path)
        .err()
        .unwrap()
        .to_string();
    assert!(message.contains("without tracing"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_waveform_is_a_fault() {
    let options = Options {
        trace: true,
        ..Options::default()
    };
    // Full while values are written; and from the declarations on, where they are longer than the library's buffer.
    let many: String = (0..4000).map(|k| format!("reg r{k} = 0;\n")).collect();
    let long = ACCUMULATE.replacen(");", &format!(");\n{many}"), 1);
    for (text, cycles) in [(ACCUMULATE, 4), (ACCUMULATE, 40_000), (&long, 4)] {
        let simulator = Simulator::build(&[text], &options, build_folder()).unwrap();
        let mut dut = simulator.traced_instance("/dev/full").unwrap();
        reset(&mut dut);
        for cycle in 0..cycles {
            dut.cycle(&Inputs {
                s_axis_tdata: [cycle, 0, 0, 0],
                ..Inputs::default()
            });
        }
        let message = dut.close_trace().unwrap_err().to_string();
        assert!(message.contains("No space left"), "{message}");
    }
}

#[test]
fn lint_passes_only_what_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let clean = "module part(input wire a, output wire b);\nassign b = ~a;\nendmodule\n\
                 module tern_core(input wire [3:0] a, output wire b);\n\
                 part part(.a(a < 4'd3), .b(b));\nendmodule\n";
    lint(clean, "tern_core", folder.path()).unwrap();
    for (from, to, rule) in [
        ("a < 4'd3", "a < 4'd0", "UNSIGNED"),
        ("a < 4'd3", "a[0]", "UNUSEDSIGNAL"),
    ] {
        let message = lint(&clean.replace(from, to), "tern_core", folder.path());
        let message = message.unwrap_err().to_string();
        let start = format!("verilator lints tern_core: %Warning-{rule}: tern_core.v:");
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn a_core_that_does_not_settle_is_a_fault() {
    let sound = "assign s_axis_tready = !m_axis_tvalid || m_axis_tready;";
    let source = loopback(32, 32, 16);
    let looping = source.replacen(
        sound,
        "assign s_axis_tready = s_axis_tlast ? ~s_axis_tready : (!m_axis_tvalid || m_axis_tready);",
        1,
    );
    assert!(looping != source, "loopback.v has `{sound}`");
    let mut dut = simulator(&looping).instance();
    reset(&mut dut);
    assert_eq!(dut.fault(), None);
    assert_eq!(send(&mut dut, [7, 0, 0, 0])[0] & 7, 7);
    dut.cycle(&Inputs {
        s_axis_tlast: true,
        ..Inputs::default()
    });
    let fault = dut.fault().expect("the loop has no stable value");
    assert!(fault.contains("converge"), "{fault}");
    // The simulation has ended; it can still be asked, and dropped.
    dut.cycle(&Inputs::default());
    assert_eq!(dut.fault(), Some(fault));
}
