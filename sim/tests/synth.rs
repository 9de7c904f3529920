//! Synthesis and place and route: counts, frequency, bitstream, and warnings as errors.

mod common;

use common::ACCUMULATE;
use tern_sim::synth::{Board, implement, synthesize};

#[test]
fn a_core_becomes_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let board = Board::ice40_hx8k().unwrap();
    let mut stages = Vec::new();
    let seeds = [1, 2, 3];
    let implementation = implement(ACCUMULATE, &board, &seeds, folder.path(), &mut |stage| {
        stages.push(stage.to_owned())
    })
    .unwrap();
    assert_eq!(stages.len(), 5, "{stages:?}");
    assert!(stages[2].contains("seed 2 (2 of 3)"), "{stages:?}");

    let synthesis = &implementation.synthesis;
    assert!(
        (200..500).contains(&synthesis.luts()),
        "{:?}",
        synthesis.cells
    );
    assert!(
        (100..150).contains(&synthesis.flip_flops()),
        "{:?}",
        synthesis.cells
    );
    for placement in &implementation.placements {
        assert!(
            placement.logic_cells >= synthesis.luts() && placement.logic_cells < 7680,
            "{placement:?}"
        );
        assert!((20.0..400.0).contains(&placement.fmax_mhz), "{placement:?}");
        assert_eq!((placement.rams, placement.pins), (1, 72), "{placement:?}");
    }
    let mut frequencies: Vec<f64> = implementation
        .placements
        .iter()
        .map(|placement| placement.fmax_mhz)
        .collect();
    frequencies.sort_by(f64::total_cmp);
    assert_eq!(implementation.median_fmax_mhz(), frequencies[1]);
    assert_eq!(implementation.fastest().fmax_mhz, frequencies[2]);

    // The clock is on the board's pin, and the bitstream is one of an HX8K.
    let log = std::fs::read_to_string(folder.path().join("seed_1.log")).unwrap();
    assert!(!log.contains("IO 'clock' is unconstrained"));
    let bitstream = std::fs::read(&implementation.bitstream).unwrap();
    assert_eq!(
        (bitstream.len(), &bitstream[4..8]),
        (135100, &[0x7e, 0xaa, 0x99, 0x7e][..])
    );
}

#[test]
fn one_module_can_be_synthesized_alone() {
    let folder = tempfile::tempdir().unwrap();
    let rom = synthesize(ACCUMULATE, "tern_rom_weights", folder.path()).unwrap();
    assert_eq!((rom.rams(), rom.luts(), rom.carries()), (1, 0, 0));
    let message = synthesize(ACCUMULATE, "tern_pe", folder.path())
        .unwrap_err()
        .to_string();
    assert!(message.contains("tern_pe"), "{message}");
}

#[test]
fn multipliers_are_counted_once_an_instance() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        synthesize(ACCUMULATE, "tern_core", folder.path())
            .unwrap()
            .multipliers(),
        0
    );
    let product = "module product(input [7:0] a, b, output [7:0] y); assign y = a * b; endmodule\n";
    let top = "module top(input [7:0] a, b, output [7:0] y, z); product p(a, b, y); product q(y, b, z); endmodule\n";
    let synthesis = synthesize(&format!("{product}{top}"), "top", folder.path()).unwrap();
    assert_eq!(synthesis.multipliers(), 2);
}

#[test]
fn warnings_of_yosys_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let implicit = "module top(input a, output b); assign b = a & foo; endmodule";
    let message = synthesize(implicit, "top", folder.path())
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("yosys warned, which counts as an error: ") && message.contains("foo"),
        "{message}"
    );
    let message = synthesize("module top(input a; endmodule", "top", folder.path())
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("yosys failed to run its script (exit status: 1); its log ends with: "),
        "{message}"
    );
    assert!(message.contains("syntax error"), "{message}");
}

#[test]
fn a_core_that_does_not_fit_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let wide = ACCUMULATE.replace(
        "output wire [31:0] m_axis_tdata",
        "output wire [255:0] m_axis_tdata",
    );
    let board = Board::ice40_hx8k().unwrap();
    let message = implement(&wide, &board, &[1], folder.path(), &mut |_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("nextpnr-ice40 failed to place and route seed 1"),
        "{message}"
    );
}

#[test]
fn a_board_file_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let message = |text: &str| {
        std::fs::write(folder.path().join("board.toml"), text).unwrap();
        Board::read(folder.path()).unwrap_err().to_string()
    };
    let complete = "name = \"x\"\ndevice = \"hx8k\"\npackage = \"ct256\"\nclock_mhz = 12.0\n";
    assert!(
        message(&complete.replace("package", "packet"))
            .contains("board.toml: unknown field `packet`")
    );
    assert!(
        message(&complete.replace("clock_mhz = 12.0\n", "")).contains("missing field `clock_mhz`")
    );
    assert!(message(complete).contains("pins.pcf"));
}
