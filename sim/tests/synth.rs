//! Synthesis and place and route: counts, frequency, bitstream, and warnings as errors.

mod common;

use common::ACCUMULATE;
use tern_compile::device::{DEVICES, Device};
use tern_sim::synth::board::Board;
use tern_sim::synth::implement::implement;
use tern_sim::synth::place::place;
use tern_sim::synth::synthesis::synthesize;

const TOP: &str = "tern_core";

fn hx8k() -> &'static Device {
    Device::named("ice40-hx8k").unwrap()
}

#[test]
fn a_core_becomes_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let board = Board::of_device("ice40-hx8k").unwrap();
    let mut stages = Vec::new();
    let seeds = [1, 2, 3];
    let implementation = implement(
        ACCUMULATE,
        TOP,
        &board,
        &seeds,
        folder.path(),
        &mut |stage| stages.push(stage.to_owned()),
    )
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
    let rom = synthesize(ACCUMULATE, "tern_rom_weights", hx8k(), folder.path()).unwrap();
    assert_eq!((rom.rams(), rom.luts(), rom.carries()), (1, 0, 0));
    let message = synthesize(ACCUMULATE, "tern_pe", hx8k(), folder.path())
        .unwrap_err()
        .to_string();
    assert!(message.contains("tern_pe"), "{message}");
}

#[test]
fn multipliers_are_counted_once_an_instance() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        synthesize(ACCUMULATE, TOP, hx8k(), folder.path())
            .unwrap()
            .multipliers(),
        0
    );
    let product = "module product(input [7:0] a, b, output [7:0] y); assign y = a * b; endmodule\n";
    let top = "module top(input [7:0] a, b, output [7:0] y, z); product p(a, b, y); product q(y, b, z); endmodule\n";
    let synthesis = synthesize(&format!("{product}{top}"), "top", hx8k(), folder.path()).unwrap();
    assert_eq!(synthesis.multipliers(), 2);
}

#[test]
fn warnings_of_yosys_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let implicit = "module top(input a, output b); assign b = a & foo; endmodule";
    let message = synthesize(implicit, "top", hx8k(), folder.path())
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("yosys warned, which counts as an error: ") && message.contains("foo"),
        "{message}"
    );
    let message = synthesize(
        "module top(input a; endmodule",
        "top",
        hx8k(),
        folder.path(),
    )
    .unwrap_err()
    .to_string();
    assert!(
        message.starts_with("yosys failed to run its script (exit status: 1); its log ends with: "),
        "{message}"
    );
    assert!(message.contains("syntax error"), "{message}");
}

#[test]
fn an_ecp5_core_is_counted_in_its_own_cells() {
    let folder = tempfile::tempdir().unwrap();
    let device = Device::named("ecp5-25k").unwrap();
    let synthesis = synthesize(ACCUMULATE, TOP, device, folder.path()).unwrap();
    let cell = |kind: &str| synthesis.cells.get(kind).copied().unwrap_or(0);
    assert_eq!(synthesis.luts(), cell("LUT4") + 2 * cell("CCU2C"));
    assert!(
        cell("LUT4") > 100 && cell("CCU2C") > 10,
        "{:?}",
        synthesis.cells
    );
    assert_eq!((cell("PFUMX"), cell("SB_LUT4")), (0, 0));
    assert_eq!((synthesis.rams(), synthesis.carries()), (1, cell("CCU2C")));
    assert!((100..150).contains(&synthesis.flip_flops()));
    let product = "module top(input [7:0] a, b, output [15:0] y); assign y = a * b; endmodule";
    let synthesis = synthesize(product, "top", device, folder.path()).unwrap();
    assert_eq!(synthesis.cells.get("MULT18X18D"), Some(&1));
    assert_eq!(synthesis.multipliers(), 2, "the operator and its DSP block");
    let lut_ram = "module top(input c, w, input [3:0] a, b, d, output [3:0] y);\n\
                   reg [3:0] m [0:15]; always @(posedge c) if (w) m[a] <= d; assign y = m[b]; endmodule";
    let synthesis = synthesize(lut_ram, "top", device, folder.path()).unwrap();
    assert_eq!((synthesis.luts(), synthesis.rams()), (6, 0));
}

#[test]
fn an_ecp5_core_becomes_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let board = Board::of_device("ecp5-25k").unwrap();
    let done = implement(ACCUMULATE, TOP, &board, &[1], folder.path(), &mut |_| ()).unwrap();
    let placement = done.fastest();
    assert_eq!((placement.rams, placement.pins), (1, 72), "{placement:?}");
    assert!(
        placement.logic_cells >= done.synthesis.luts(),
        "{placement:?}"
    );
    assert!((20.0..250.0).contains(&placement.fmax_mhz), "{placement:?}");
    let path = &placement.critical_path;
    assert!(
        (path.delay_ns() * placement.fmax_mhz - 1e3).abs() < 1.0,
        "{placement:?}"
    );
    assert!(
        path.levels > 0 && path.to_module.starts_with("tern_"),
        "{path:?}"
    );
    let log = std::fs::read_to_string(folder.path().join("seed_1.log")).unwrap();
    assert!(!log.contains("IO 'clock' is unconstrained"));
    // The preamble, and the identification of the LFE5U-25F as Project Trellis' devices.json has it.
    let bitstream = std::fs::read(&done.bitstream).unwrap();
    let has = |bytes: &[u8]| bitstream.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(&[0xff, 0xff, 0xbd, 0xb3]) && has(&[0x41, 0x11, 0x10, 0x43]));
}

#[test]
fn single_port_rams_are_used_where_the_device_has_them() {
    let memory = "module top(input c, w, input [13:0] a, input [15:0] d, output reg [15:0] y);\n\
                  reg [15:0] m [0:16383]; always @(posedge c) if (w) m[a] <= d; else y <= m[a]; endmodule";
    let folder = tempfile::tempdir().unwrap();
    let device = Device::named("ice40-up5k").unwrap();
    let synthesis = synthesize(memory, "top", device, folder.path()).unwrap();
    assert_eq!((synthesis.single_port_rams(), synthesis.rams()), (1, 0));
    let synthesis = synthesize(memory, "top", hx8k(), folder.path()).unwrap();
    assert_eq!((synthesis.single_port_rams(), synthesis.rams()), (0, 64));
}

#[test]
fn what_is_no_fpga_is_not_synthesized() {
    let folder = tempfile::tempdir().unwrap();
    let device = Device::named("simulation").unwrap();
    let message = synthesize(ACCUMULATE, TOP, device, folder.path())
        .unwrap_err()
        .to_string();
    assert_eq!(
        message,
        "field `device` is \"simulation\", expected an FPGA to synthesize for"
    );
    let message = Board::of_device("simulation").unwrap_err().to_string();
    assert_eq!(
        message,
        "field `device` is \"simulation\", expected an FPGA to place and route on"
    );
}

#[test]
fn more_port_bits_than_pins_are_told_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let wide = ACCUMULATE.replace(
        "output wire [31:0] m_axis_tdata",
        "output wire [255:0] m_axis_tdata",
    );
    let message = |device: &str| {
        let board = Board::of_device(device).unwrap();
        implement(&wide, TOP, &board, &[1], folder.path(), &mut |_| ())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message("ice40-hx8k"),
        "the core's ports have 296 bits, and package ct256 of ice40-hx8k on iCE40HX-8K Breakout Board has 206 pins"
    );
    assert_eq!(
        message("ecp5-25k"),
        "the core's ports have 296 bits, and package CABGA381 of ecp5-25k on ULX3S 25F has 197 pins"
    );
    assert_eq!(
        message("ice40-up5k"),
        "the core's ports have 296 bits, and package sg48 of ice40-up5k on iCEBreaker has 39 pins"
    );
}

#[test]
fn a_board_must_have_the_device() {
    let folder = tempfile::tempdir().unwrap();
    let synthesis = synthesize(ACCUMULATE, TOP, hx8k(), folder.path()).unwrap();
    let board = Board::of_device("ecp5-25k").unwrap();
    let message = place(&synthesis, &board, 1).unwrap_err().to_string();
    assert_eq!(
        message,
        "field `device` of the design is \"ice40-hx8k\", and ULX3S 25F has \"ecp5-25k\""
    );
}

#[test]
fn every_fpga_has_a_board() {
    for device in DEVICES.iter().filter(|device| device.family.is_some()) {
        assert_eq!(Board::of_device(device.name).unwrap().device, device.name);
    }
    assert_eq!(
        Board::named("ecp5-vip").unwrap().part.as_deref(),
        Some("um-85k")
    );
}

#[test]
fn a_board_file_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let message = |text: &str| {
        std::fs::write(folder.path().join("board.toml"), text).unwrap();
        Board::read(folder.path()).unwrap_err().to_string()
    };
    let complete = "name = \"x\"\ndevice = \"ice40-hx8k\"\npackage = \"ct256\"\nclock_mhz = 12.0\n";
    let expected = [
        (
            complete.replace("package", "packet"),
            "board.toml: field `packet` cannot be read: unknown field `packet`",
        ),
        (
            complete.replace("clock_mhz = 12.0\n", ""),
            "board.toml: cannot be read: field `clock_mhz` is missing",
        ),
        (
            complete.replace("12.0", "[12.0]"),
            "board.toml: field `clock_mhz` cannot be read: found a list, expected a number",
        ),
        (
            complete.replace("12.0", "nan"),
            "board.toml: field `clock_mhz` is NaN, expected 1 to 1000",
        ),
        (
            complete.replace("12.0", "1e300"),
            "board.toml: field `clock_mhz` is 1e300, expected 1 to 1000",
        ),
        (
            format!("{complete}[serial]\ncore_mhz = 0.5\nbaud = 9600\nprogram = []\n"),
            "board.toml: field `serial.core_mhz` is 0.5, expected 1 to 1000",
        ),
        (
            format!("{complete}[serial.leds]\nalive = 3\n"),
            "board.toml: field `serial.leds.alive` cannot be read: expected a name in quotes",
        ),
        (
            format!("{complete}= 3\n"),
            "board.toml: not a TOML file: line 5: ",
        ),
        (
            complete.replace("ice40-hx8k", "hx8k"),
            "board.toml: field `device` is \"hx8k\", expected an FPGA of ice40-up5k",
        ),
        (
            complete.replace("ice40-hx8k", "ecp5-25k"),
            "board.toml: field `speed` of an ECP5 must be 6, 7 or 8",
        ),
        (
            format!("{complete}speed = 6\n"),
            "board.toml: field `speed` is for ECP5 alone",
        ),
        (complete.to_owned(), "pins.pcf"),
        (
            format!("{}speed = 6\n", complete.replace("ice40-hx8k", "ecp5-25k")),
            "pins.lpf",
        ),
    ];
    for (text, part) in expected {
        let message = message(&text);
        assert!(message.contains(part), "{message}");
    }
}
