//! dump MODEL rows lanes
use tern_model::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let model = if args[1] == "rand" {
        let h: usize = args[4].parse().unwrap();
        random_model(
            &RandomSpec {
                head: None,
                output: Output::Every,
                input_bits: 2,
                hidden_shift: 0,
                ..RandomSpec::fixed_point(CellKind::Lstm, h, h)
            },
            3,
        )
    } else {
        Model::read(std::path::Path::new(&args[1])).unwrap()
    };
    let program = Program::compile(
        &model,
        &Design::new(
            args[2].parse().unwrap(),
            args[3].parse().unwrap(),
            "ice40-hx8k",
        )
        .unwrap(),
    )
    .unwrap();
    let s = &program.shape;
    for m in s.memories() {
        eprintln!("{m:?} rams {}", m.rams(s));
    }
    eprintln!(
        "rams {} words {} sum {} low {} z {} bias {}<<{} cycles/step {} eta {}",
        s.block_rams(),
        s.weight_words(),
        s.sum_bits(),
        s.low_bits(),
        s.preactivation_bits(),
        s.bias_bits,
        s.bias_shift,
        s.cycles_per_step(),
        s.efficiency()
    );
    print!("{}", tern_hdl::generate(&program).unwrap());
}
