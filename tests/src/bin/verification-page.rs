//! Writes `docs/verification.md`.

use std::process::ExitCode;

use tern_model::file::write_atomic;
use tern_tests::page::{page, path};

fn main() -> ExitCode {
    let written = page()
        .and_then(|page| write_atomic(&path(), page.as_bytes()).map_err(|error| error.to_string()));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
