//! Every example runs to its end.

#[path = "golden.rs"]
mod golden;
#[path = "simulation.rs"]
mod simulation;
#[path = "sweep.rs"]
mod sweep;
#[path = "verilog.rs"]
mod verilog;

macro_rules! runs {
    ($($example:ident)*) => {
        $(
            #[test]
            fn $example() {
                super::$example::main().unwrap_or_else(|error| panic!("{error}"));
            }
        )*
    };
}

mod runs {
    runs! { golden simulation sweep verilog }
}
