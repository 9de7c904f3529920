//! From a model file to Verilog: read, choose an array, compile, generate.

use std::error::Error;
use std::path::Path;

use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::Model;

/// Prints the size of the core and the first lines of its Verilog.
pub fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let model = Model::read(root.join("models/japanese-vowels.safetensors"))?;
    let design = Design::largest(&model, "ecp5-25k")?;
    let program = Program::compile(&model, &design)?;
    let verilog = tern_hdl::verilog::generate(&program)?;
    println!(
        "{} on {} columns x {} rows x {} lanes: {} lines of Verilog",
        model.name,
        design.columns,
        design.rows,
        design.lanes,
        verilog.lines().count()
    );
    for line in verilog.lines().take(5) {
        println!("{line}");
    }
    Ok(())
}
