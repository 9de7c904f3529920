//! A design sweep: what arrays of several sizes cost and reach, without synthesis.

use std::error::Error;
use std::path::Path;

use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::Model;

/// Prints cycles per step, efficiency and estimated resources of arrays for the iCE40 HX8K.
pub fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let model = Model::read(root.join("models/spoken-digits.safetensors"))?;
    println!("rows lanes  cycles/step  efficiency   LUT4  block RAMs  fits");
    for (rows, lanes) in [(2, 8), (4, 8), (6, 8), (7, 8), (8, 8), (3, 16)] {
        let design = Design::new(rows, lanes, "ice40-hx8k")?;
        match Program::compile(&model, &design) {
            Err(error) => println!("{rows:4} {lanes:5}  {error}"),
            Ok(program) => {
                let shape = program.shape;
                println!(
                    "{rows:4} {lanes:5} {:12} {:11.3} {:6} {:11}  {}",
                    shape.cycles_per_step(),
                    shape.efficiency(),
                    shape.lut_estimate(),
                    shape.block_rams(),
                    shape.fits()
                );
            }
        }
    }
    Ok(())
}
