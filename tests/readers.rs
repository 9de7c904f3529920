//! The readers under their fuzzers' eyes: seeds, cut and changed seeds, and files that claim to be long.
//!
//! One test, since the limit of memory holds for the program.

#[path = "fuzz/src/memory.rs"]
mod memory;
#[path = "fuzz/src/readers.rs"]
mod readers;

use std::path::Path;
use std::process::Command;

use tern_tests::changed::changed;

#[global_allocator]
static MEMORY: memory::Limited = memory::Limited;

/// Changed copies of each seed.
const CHANGES: usize = 4000;

fn check(reader: readers::Reader, bytes: &[u8]) {
    memory::limit(memory::allowed(bytes), || reader(bytes));
}

#[test]
fn readers_refuse_or_accept_within_their_memory() {
    if std::env::var_os("TERN_TOO_MUCH").is_some() {
        let much = || vec![1u8; std::hint::black_box(65 << 20)];
        std::hint::black_box(memory::limit(memory::allowed(&[]), much));
        return;
    }
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut random = fastrand::Rng::with_seed(1);
    for (name, reader) in readers::ALL {
        let folder = std::fs::read_dir(seeds.join(name)).expect("seeds");
        let mut paths: Vec<_> = folder.map(|entry| entry.expect("a seed").path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{name} has seeds");
        for path in paths {
            let seed = std::fs::read(&path).expect("a seed");
            (0..=seed.len()).for_each(|end| check(reader, &seed[..end]));
            (0..CHANGES).for_each(|_| check(reader, &changed(&seed, &mut random)));
        }
    }
    let limited = Command::new(std::env::current_exe().expect("this program"))
        .arg("--nocapture")
        .env("TERN_TOO_MUCH", "1")
        .output()
        .expect("it starts");
    let error = String::from_utf8_lossy(&limited.stderr);
    assert!(
        !limited.status.success() && error.contains("bytes more are too much"),
        "65 MiB end the process: {error}"
    );
}
