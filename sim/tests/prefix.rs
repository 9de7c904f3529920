//! Two cores in one design: a prefix keeps the names of their modules apart, and everything else works with it.

mod common;

use common::build_folder;
use tern_compile::design::Design;
use tern_compile::device::Device;
use tern_compile::program::Program;
use tern_hdl::verilog::{generate, top_of};
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Model};
use tern_model::random::{RandomSpec, random_model, random_sequence};
use tern_sim::dut::verilator::Simulator;
use tern_sim::dut::verilator::options::Options;
use tern_sim::executor::build::Build;
use tern_sim::executor::name::ExecutorName;
use tern_sim::stream::driver::StreamDriver;
use tern_sim::stream::format::StreamFormat;
use tern_sim::stream::stall::StallPattern;
use tern_sim::synth::synthesis::synthesize;

fn model(seed: u64) -> Model {
    let spec = RandomSpec {
        head: Some(3),
        ..RandomSpec::hitnet(CellKind::Lstm, 3, 4)
    };
    random_model(&spec, seed)
}

fn program(model: &Model, prefix: &str) -> Program {
    let design = Design::new(1, 2, "ice40-hx8k").expect("a valid design");
    let design = design.with_prefix(prefix).expect("a valid prefix");
    Program::compile(model, &design).expect("it fits")
}

/// Both cores on one input stream, the low halves of their outputs side by side.
fn pair(left: &Program, right: &Program) -> String {
    let core = |side: &str, program: &Program| {
        format!(
            "    wire [31:0] {side}_data;\n    wire {side}_ready, {side}_valid, {side}_last;\n    \
             {} {side}(.clock(clock), .reset(reset), .s_axis_tdata(s_axis_tdata), .s_axis_tvalid(s_axis_tvalid),\n    \
             .s_axis_tready({side}_ready), .s_axis_tlast(s_axis_tlast), .m_axis_tdata({side}_data), \
             .m_axis_tvalid({side}_valid),\n    .m_axis_tready(m_axis_tready), .m_axis_tlast({side}_last));\n",
            top_of(&program.shape.design)
        )
    };
    let texts = [left, right].map(|program| generate(program).expect("a sound description"));
    format!(
        "{}{}module pair(input clock, input reset, input [7:0] s_axis_tdata, input s_axis_tvalid, output s_axis_tready,\n    \
         input s_axis_tlast, output [31:0] m_axis_tdata, output m_axis_tvalid, input m_axis_tready, output m_axis_tlast);\n\
         {}{}    assign s_axis_tready = left_ready & right_ready;\n    assign m_axis_tvalid = left_valid & right_valid;\n    \
         assign m_axis_tlast = left_last & right_last;\n    \
         assign m_axis_tdata = {{right_data[15:0], left_data[15:0]}};\nendmodule\n",
        texts[0],
        texts[1],
        core("left", left),
        core("right", right)
    )
}

#[test]
fn every_module_has_the_prefix_and_nothing_else_differs() {
    let model = model(1);
    let (plain, named) = (program(&model, ""), program(&model, "a_"));
    let [plain, named] = [plain, named].map(|program| generate(&program).expect("sound"));
    let modules = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("module "));
        let name = |line: &str| line.split(['(', ' ']).next().unwrap_or("").to_owned();
        lines.map(name).collect()
    };
    let expected: Vec<String> = modules(&plain).iter().map(|m| format!("a_{m}")).collect();
    assert!(expected.len() > 5 && expected.contains(&"a_tern_core".to_owned()));
    assert_eq!(modules(&named), expected);
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(
        squeezed(&named).replace("a_tern_", "tern_"),
        squeezed(&plain)
    );
}

#[test]
fn two_cores_in_one_design_give_what_each_gives_alone() {
    let (one, other) = (model(1), model(2));
    let text = pair(&program(&one, "left_"), &program(&other, "right_"));
    let options = Options {
        top: "pair",
        quick: true,
        ..Options::default()
    };
    let simulator = Simulator::build(&[&text], &options, build_folder()).expect("a simulator");
    let format = StreamFormat::of(&one, 2);
    let mut driver = StreamDriver::new(simulator.instance(), format).expect("the ports of a core");
    let sequences = [random_sequence(&one, 6, 1), random_sequence(&one, 3, 2)];
    let seen = driver
        .run(&sequences, StallPattern::none(0))
        .expect("a run");
    let golden = |model: &Model| {
        let mut golden = Golden::new(model);
        sequences
            .each_ref()
            .map(|sequence| golden.run(sequence))
            .concat()
    };
    let half = |outputs: &[Vec<i32>], shift: u32| -> Vec<Vec<i16>> {
        let low = |values: &Vec<i32>| values.iter().map(|value| (value >> shift) as i16).collect();
        outputs.iter().map(low).collect()
    };
    let seen = seen.outputs.concat();
    assert_eq!(half(&seen, 0), half(&golden(&one), 0));
    assert_eq!(half(&seen, 16), half(&golden(&other), 0));

    let device = Device::named("ice40-hx8k").expect("it is listed");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let synthesis = synthesize(&text, "pair", device, folder.path()).expect("a netlist");
    assert!(synthesis.rams() > 0 && synthesis.luts() > 0);
}

#[test]
fn another_network_goes_into_a_core_with_a_prefix() {
    let (one, other) = (model(1), model(2));
    let core = program(&one, "a_");
    let text = generate(&core).expect("a sound description");
    let build = Build::new(ExecutorName::Verilator, &core, &text, build_folder());
    let build = build.expect("a simulator").expect("not the golden model");
    let Ok(next) = Program::for_core(&other, &core.shape) else {
        panic!("networks of one shape")
    };
    let mut driver = build
        .driver(&other, &next, true)
        .expect("memories of the shape");
    let sequences = [random_sequence(&other, 5, 1)];
    let seen = driver
        .run(&sequences, StallPattern::none(0))
        .expect("a run");
    assert_eq!(seen.outputs[0], Golden::new(&other).run(&sequences[0]));
}

#[test]
fn a_prefix_that_no_name_can_begin_with_is_refused() {
    for prefix in ["1a", "a-b", "a b", "ä", &"x".repeat(33)] {
        let design = Design::new(1, 2, "ice40-hx8k").expect("a valid design");
        let error = design
            .with_prefix(prefix)
            .expect_err("no identifier")
            .to_string();
        assert!(error.starts_with("field `prefix` is "), "{error}");
    }
}
