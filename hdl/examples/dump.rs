//! dump
use tern_model::*;
fn main() {
    let spec = RandomSpec { head: Some(10), output: Output::Last, ..RandomSpec::fixed_point(CellKind::Lstm, 6, 11) };
    let model = random_model(&spec, 3);
    let program = Program::compile(&model, &Design::new(4, 3, "ice40-hx8k").unwrap()).unwrap();
    print!("{}", tern_hdl::generate(&program).unwrap());
}
