//! The Verilog of the link, and its parts in Rust-HDL's own simulation.

use tern_compile::design::Design;
use tern_compile::link::Identity;
use tern_compile::program::Program;
use tern_hdl::board::{RateError, TernLink};
use tern_hdl::verilog::generate_link;
use tern_model::network::CellKind;
use tern_model::random::{RandomSpec, random_model};

fn program() -> Program {
    let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 5, 6), 1);
    let design = Design::new(2, 4, "ice40-hx8k").expect("a design");
    Program::compile(&model, &design).expect("it fits")
}

fn identity(program: &Program, clock_hz: u32, baud: u32) -> Identity {
    Identity {
        clock_hz,
        baud,
        ..Identity::of("random", &program.shape)
    }
}

#[test]
fn a_link_has_the_pins_of_a_board_and_its_prefix() {
    let program = program();
    let identity = identity(&program, 12_000_000, 115_200);
    let link = TernLink::new(&program, &identity).expect("a rate that the clock makes");
    let text = generate_link(&link, "left_").expect("a sound description");
    if let Ok(path) = std::env::var("TERN_LINK_TEXT") {
        std::fs::write(path, &text).expect("written");
    }
    let top = text
        .split("module left_tern_link (")
        .nth(1)
        .expect("the top module");
    let ports = top.split(");").next().expect("ports");
    let names = [
        "clock",
        "locked",
        "uart_rx",
        "uart_tx",
        "led_alive",
        "led_busy",
        "led_error",
    ];
    for name in names {
        assert!(
            ports.contains(&format!("put wire {name}")),
            "{name}: {ports}"
        );
    }
    assert_eq!(ports.matches("put wire").count(), names.len(), "{ports}");
    assert!(text.lines().all(|line| !line.starts_with("module tern_")));
}

#[test]
fn a_rate_beyond_the_clock_is_refused() {
    let program = program();
    let refused = |baud| TernLink::new(&program, &identity(&program, 12_000_000, baud)).err();
    assert_eq!(refused(1_500_000), None);
    let error = RateError {
        clock_hz: 12_000_000,
        baud: 1_500_001,
    };
    assert_eq!(refused(1_500_001), Some(error.clone()));
    assert!(error.to_string().contains("at most 1500000"), "{error}");
}
