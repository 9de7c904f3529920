//! Hashes of what a report is made from, and the commands that make it again.

use std::path::Path;

use tern_gen_verilog::artifacts::design_json;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::shell::path;
use tern_model::file::read_bytes;
use tern_report::facts::{Commands, Provenance, Source};

use super::Report;
use super::subject::Subject;
use crate::digest::sha256;
use crate::hardware::synth::REPORT;
use crate::measure::verify::RESULT;

/// The provenance of a core's facts.
pub fn of(report: &Report, subject: &Subject) -> Result<Provenance, Failure> {
    let source = |what: &str, file: String, bytes: &[u8]| Source {
        what: what.to_owned(),
        file,
        sha256: sha256(bytes),
    };
    let named = |path: Option<&Path>, bundled: &str| match path {
        Some(path) => path.display().to_string(),
        None => bundled.to_owned(),
    };
    let choice = &subject.choice;
    let mut sources = vec![
        source(
            "network",
            named(choice.model.as_deref(), "bundled with the program"),
            &choice.model_bytes()?,
        ),
        source(
            "design",
            named(choice.design.as_deref(), "chosen by the program"),
            &design_json(&subject.core)?,
        ),
        source(
            "Verilog",
            match subject.written {
                true => subject.folder.join("tern.v").display().to_string(),
                false => "generated, not written".to_owned(),
            },
            subject.verilog.as_bytes(),
        ),
    ];
    let results = [
        ("synthesis and routing", subject.synth.folder.join(REPORT)),
        ("verification", subject.verify.folder.join(RESULT)),
    ];
    for (what, path) in results {
        if let Ok(bytes) = read_bytes(&path) {
            sources.push(source(what, path.display().to_string(), &bytes));
        }
    }
    Ok(Provenance {
        sources,
        commands: commands(report, subject),
    })
}

fn commands(report: &Report, subject: &Subject) -> Commands {
    let (options, folder) = (subject.options(), &subject.folder);
    let model = subject.choice.model.as_deref();
    let model = model.map_or(String::new(), |model| format!(" --model {}", path(model)));
    let core = format!("tern report {}{model}", path(folder));
    let data = report
        .eval
        .as_deref()
        .map(|data| format!(" --eval {}", path(data)));
    let input = report
        .input
        .as_deref()
        .map(|file| format!(" --input {}", path(file)));
    let family = subject.core.design.device.family;
    Commands {
        generate: format!("gen-verilog{options} --out {}", path(folder)),
        synth: family.map(|_| format!("tern synth{options} --out {}", path(&subject.synth.folder))),
        verify: format!(
            "tern verify{options} --out {}",
            path(&subject.verify.folder)
        ),
        report: format!(
            "{core}{}{}",
            data.unwrap_or_default(),
            input.unwrap_or_default()
        ),
        eval: format!("{core} --eval DIR"),
    }
}
