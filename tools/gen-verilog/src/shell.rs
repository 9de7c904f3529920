//! Words of a shell, for the commands that are printed.

use std::ffi::OsString;
use std::path::Path;

/// What starts `tern`, in the way that this program was started: by Cargo, or as the program beside this one.
pub fn tern() -> String {
    match std::env::var_os("CARGO") {
        Some(_) => "cargo run --release --bin tern --".to_owned(),
        None => beside(std::env::args_os().next()),
    }
}

/// `tern` in the folder of a program as it was typed.
fn beside(program: Option<OsString>) -> String {
    let program = program.unwrap_or_default();
    path(&Path::new(&program).with_file_name("tern"))
}

/// A path as one word of a shell that no program takes for an option.
pub fn path(path: &Path) -> String {
    let text = path.display().to_string();
    match text.starts_with('-') {
        true => quoted(&format!("./{text}")),
        false => quoted(&text),
    }
}

/// `text` as one word of a shell: as it is where that is plain, otherwise in quotes.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/+,=:@%".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{beside, path, quoted};

    #[test]
    fn tern_is_beside_the_program_that_was_typed() {
        for (program, tern) in [
            ("gen-verilog", "tern"),
            ("target/release/gen-verilog", "target/release/tern"),
            ("/opt/my tools/gen-verilog", "'/opt/my tools/tern'"),
        ] {
            assert_eq!(beside(Some(program.into())), tern);
        }
        assert_eq!(beside(None), "tern");
    }

    #[test]
    fn a_path_is_no_option() {
        assert_eq!(path(Path::new("-d.json")), "./-d.json");
        assert_eq!(path(Path::new("a b")), "'a b'");
    }

    #[test]
    fn a_word_for_the_shell_is_quoted_where_it_must_be() {
        assert_eq!(quoted("build/a_b-1.json"), "build/a_b-1.json");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
