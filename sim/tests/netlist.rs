//! The netlist behaves as its description, and a description that synthesis reads differently is caught.

mod common;

use common::{ACCUMULATE, ACCUMULATE_FORMAT, accumulate, build_folder, sequences, simulator};
use tern_compile::device::Device;
use tern_sim::dut::netlist::netlist_simulator;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::synthesis::synthesize;

const MEMORIES: &str = include_str!("fixtures/memories.v");

fn device(name: &str) -> &'static Device {
    Device::named(name).unwrap()
}

fn equals_its_description(device_name: &str, cell: &str) {
    let folder = tempfile::tempdir().unwrap();
    let synthesis =
        synthesize(ACCUMULATE, "tern_core", device(device_name), folder.path()).unwrap();
    assert_eq!(synthesis.rams(), 1, "the fixture has a memory in block RAM");
    assert!(
        synthesis.carries() > 0 && synthesis.cells.contains_key(cell),
        "{:?}",
        synthesis.cells
    );
    let netlist = netlist_simulator(&synthesis, build_folder()).unwrap();
    let mut netlist = StreamDriver::new(netlist.instance(), ACCUMULATE_FORMAT).unwrap();
    let mut description =
        StreamDriver::new(simulator(ACCUMULATE).instance(), ACCUMULATE_FORMAT).unwrap();
    for seed in 0..5 {
        let stimulus = sequences(&[4, 1, 5], seed);
        for pattern in StallPattern::all(seed) {
            let transcript = netlist.run(&stimulus, pattern).unwrap();
            assert_eq!(
                transcript,
                description.run(&stimulus, pattern).unwrap(),
                "{pattern:?}"
            );
            let expected: Vec<_> = stimulus
                .iter()
                .map(|sequence| accumulate(sequence))
                .collect();
            assert_eq!(transcript.outputs, expected, "{pattern:?}");
        }
    }
}

#[test]
fn an_ice40_netlist_equals_its_description_in_values_and_cycles() {
    equals_its_description("ice40-hx8k", "SB_DFFESR");
}

#[test]
fn an_ecp5_netlist_equals_its_description_in_values_and_cycles() {
    equals_its_description("ecp5-25k", "CCU2C");
}

#[test]
fn a_wrong_bit_in_an_ice40_block_ram_shows() {
    a_wrong_bit_shows("ice40-hx8k");
}

#[test]
fn a_wrong_bit_in_an_ecp5_block_ram_shows() {
    a_wrong_bit_shows("ecp5-25k");
}

#[test]
fn ecp5_block_rams_of_every_width_equal_their_descriptions() {
    let folder = tempfile::tempdir().unwrap();
    let synthesis = synthesize(MEMORIES, "tern_core", device("ecp5-25k"), folder.path()).unwrap();
    assert_eq!(synthesis.rams(), 10, "a block RAM a memory");
    let netlist = netlist_simulator(&synthesis, build_folder()).unwrap();
    let mut netlist = StreamDriver::new(netlist.instance(), ACCUMULATE_FORMAT).unwrap();
    let mut description =
        StreamDriver::new(simulator(MEMORIES).instance(), ACCUMULATE_FORMAT).unwrap();
    let stimulus = sequences(&[30, 1, 29], 1);
    for pattern in StallPattern::all(1) {
        let expected = description.run(&stimulus, pattern).unwrap().outputs;
        let outputs = netlist.run(&stimulus, pattern).unwrap().outputs;
        let steps = outputs.iter().flatten().zip(expected.iter().flatten());
        let wrong = steps
            .clone()
            .position(|(output, expected)| output != expected);
        assert_eq!(wrong, None, "first wrong step under {pattern:?}");
        assert_eq!(steps.count(), 60);
    }
}

fn a_wrong_bit_shows(device_name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let wrong = ACCUMULATE.replace("mem[2] = 16'h0005;", "mem[2] = 16'h0006;");
    let netlist = netlist_simulator(
        &synthesize(&wrong, "tern_core", device(device_name), folder.path()).unwrap(),
        build_folder(),
    )
    .unwrap();
    let stimulus = sequences(&[4], 1);
    let mut driver = StreamDriver::new(netlist.instance(), ACCUMULATE_FORMAT).unwrap();
    assert_ne!(
        driver
            .run(&stimulus, StallPattern::none(1))
            .unwrap()
            .outputs,
        [accumulate(&stimulus[0])]
    );
}
