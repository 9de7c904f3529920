//! What `tern verify` compared.

use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_report::facts::Verified;

use super::read::read as read_json;
use super::subject::Subject;
use crate::digest::sha256;
use crate::measure::verify::RESULT;

/// What was compared of this core; nothing where nothing was.
pub fn read(subject: &Subject) -> Result<Option<Verified>, Failure> {
    let (folder, named) = (&subject.verify.folder, subject.verify.named);
    let path = folder.join(RESULT);
    if !named && !path.is_file() {
        return Ok(None);
    }
    let verified: Verified = read_json(&path)?;
    let expected = [
        (
            "verilog_sha256",
            &verified.verilog_sha256,
            sha256(subject.verilog.as_bytes()),
        ),
        (
            "model_sha256",
            &verified.model_sha256,
            sha256(&subject.choice.model_bytes()?),
        ),
    ];
    let foreign = expected.into_iter().find(|(_, got, wanted)| *got != wanted);
    match foreign {
        None => Ok(Some(verified)),
        Some((field, got, wanted)) => {
            let problem = format!(
                "{}: field `{field}` is {got}, expected {wanted} of the core",
                path.display()
            );
            if named {
                return Err(Failure::input(problem));
            }
            console::note(&format!("note: {problem}; it is left out"));
            Ok(None)
        }
    }
}
