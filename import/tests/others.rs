//! Files of others, which are no part of the project: every forward node taken out computes what ONNX Runtime or PyTorch does.
//!
//! They are in `data/onnx` of the folder that is `shared` beside the checkout, or of TERN_DATA; where one is missing, its
//! tests are listed as ignored.

mod support;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};
use support::{cases, check};

fn main() {
    let arguments = Arguments::from_args();
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("TERN_DATA").map_or(shared, PathBuf::from);
    let files = data.join("onnx");
    let trial = |case: support::Case| {
        let is_missing = !files.join(&case.file).exists();
        if is_missing {
            eprintln!(
                "{} is ignored: {} is missing from {}",
                case.name,
                case.file,
                files.display()
            );
        }
        let test = Trial::test(case.name.clone(), move || {
            check(&case);
            Ok(())
        });
        test.with_ignored_flag(is_missing)
    };
    let trials = cases("others", &files).into_iter().map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit();
}
