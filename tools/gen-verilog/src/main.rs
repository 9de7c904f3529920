//! `gen-verilog`: from a model file to the Verilog of its core.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use tern_gen_verilog::arguments::{Arguments, parse};
use tern_gen_verilog::artifacts::{Artifact, artifacts};
use tern_gen_verilog::choice::Core;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::folder::{check, default_folder, write};
use tern_gen_verilog::outputs::{Output, keep_apart};
use tern_gen_verilog::report::Report;
use tern_gen_verilog::shell;
use tern_gen_verilog::summary::summary;
use tern_model::file::read_bytes;

fn main() -> ExitCode {
    let arguments = match parse::<Arguments>() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    arguments.console.apply();
    let core = arguments.choice.core()?;
    let default = default_folder(&core.model.name);
    let folder = arguments.out.as_deref().unwrap_or(&default);
    let artifacts = artifacts(&core)?;
    if arguments.check {
        check(folder, &artifacts)?;
        let text = || format!("{} is up to date\n", folder.display());
        return console::summary(text, || json!({"folder": folder, "up_to_date": true}));
    }
    // A file that would stay as it is may be an input: a design file that is generated from again.
    let path = |artifact: &Artifact| folder.join(artifact.name);
    let changed = artifacts
        .iter()
        .filter(|artifact| read_bytes(&path(artifact)).ok().as_ref() != Some(&artifact.bytes));
    let outputs: Vec<Output> = changed.map(|artifact| ("--out", path(artifact))).collect();
    keep_apart(&outputs, &arguments.choice.inputs())?;
    write(folder, &artifacts)?;
    let names: Vec<&str> = artifacts.iter().map(|artifact| artifact.name).collect();
    let next = next(&core, arguments, folder);
    let text = || {
        format!(
            "{}wrote    {}: {}\n\nnext     {}\n",
            summary(&core),
            folder.display(),
            names.join(", "),
            next.join("\n         "),
        )
    };
    console::summary(
        text,
        || json!({"folder": folder, "wrote": names, "report": Report::of(&core)}),
    )
}

/// The `tern` commands that go on with the same network and array, and the one that makes a page about the core in `folder`.
fn next(core: &Core, arguments: &Arguments, folder: &Path) -> Vec<String> {
    let Arguments { choice, out, .. } = arguments;
    let (tern, options) = (shell::tern(), choice.options());
    let command = |command: &str| format!("{tern} {command}{options}");
    // Without preprocessing nobody knows what data the network is for.
    let run = match core.model.preprocessing {
        Some(_) => "eval --executor verilator",
        None => "verify",
    };
    // Where tern report looks for it.
    let place = out.as_ref().map(|_| shell::path(&folder.join("synth")));
    let place = place.map_or(String::new(), |place| format!(" --out {place}"));
    let (shape, device) = (&core.program.shape, core.design.device);
    // A board of the design's own may have more pins than the usual one.
    let pins = core.design.board.is_some() || shape.pins() <= device.pins();
    let cells = shape.cell_estimate();
    let synth = device.family.map(|_| match pins {
        true if cells <= device.luts => command("synth") + &place,
        true => format!(
            "tern synth needs fewer `rows` or `lanes` in the design file: {cells} logic cells by estimate, the device has {}",
            device.luts
        ),
        false => {
            let (needed, there) = (shape.pins(), device.pins());
            format!("tern synth needs `streams` \"bytes\" or fewer `lanes` in the design file: the ports have {needed} bits, the usual board {there} pins")
        }
    });
    let model = choice.model.as_deref().map(shell::path);
    let model = model.map_or(String::new(), |path| format!(" --model {path}"));
    let report = format!("{tern} report {}{model}", shell::path(folder));
    [Some(command(run)), synth, Some(report)]
        .into_iter()
        .flatten()
        .collect()
}
