//! Changed and hostile files: no panic, no hang, and no more memory than ten times the file and 64 MiB.
//!
//! One test, since the limit of memory holds for the program.

#[path = "../../tests/src/changed.rs"]
mod changed;

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use changed::changed;
use tern_import::part::Contents;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Changed copies of the files of each kind.
const CHANGES: usize = 2000;
/// Longest time for a file: most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(5);

struct Counted;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static MEMORY: Counted = Counted;

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        MOST.fetch_max(in_use, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Reads the bytes, and all that a program does with what they are.
fn check(extension: &str, bytes: &[u8], what: &str) -> bool {
    let before = IN_USE.load(Relaxed);
    MOST.store(before, Relaxed);
    let start = Instant::now();
    let contents = tern_import::read_bytes(extension, bytes);
    let is_read = contents.is_ok();
    if let Ok(contents) = contents {
        use_all(contents);
    }
    let used = MOST.load(Relaxed) - before;
    let allowed = 10 * bytes.len() + (64 << 20);
    assert!(
        used <= allowed,
        "{what}: {used} bytes of memory, expected at most {allowed}"
    );
    let time = start.elapsed();
    assert!(time < LONGEST, "{what}: {time:?}");
    is_read
}

fn use_all(contents: Contents) {
    for part in &contents.parts {
        let line = part.to_string();
        assert!(!line.contains('\n'), "one line: {line}");
    }
    if let Ok(network) = contents.network(None) {
        let step = vec![0.5; network.input_size()];
        let outputs = network.run(&[step]).expect("an input of the network");
        assert_eq!(outputs.len(), 1);
    }
}

/// An archive with one of its files changed, and sums that fit: what is inside is read too.
fn repacked(archive: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let chosen = random.usize(..archive.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        if place == chosen {
            bytes = changed(&bytes, random);
        }
        let name = file.name().expect("a name").into_owned();
        writer.start_file(name, options).expect("room");
        writer.write_all(&bytes).expect("room");
    }
    writer.finish().expect("room").into_inner()
}

#[test]
fn changed_files_are_refused_or_read_within_their_memory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let files = |tool| std::fs::read_dir(folder.join(tool)).expect("vectors");
    let entries = ["onnx", "torch", "keras"].into_iter().flat_map(files);
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let mut random = fastrand::Rng::with_seed(1);
    for kind in ["onnx", "safetensors", "pt", "keras"] {
        let of_kind = paths
            .iter()
            .filter(|path| path.extension().is_some_and(|e| e == kind));
        let seeds: Vec<Vec<u8>> = of_kind
            .map(|path| std::fs::read(path).expect("a file"))
            .collect();
        assert!(!seeds.is_empty(), "{kind}");
        let mut read = 0;
        for change in 0..CHANGES {
            let seed = &seeds[change % seeds.len()];
            let bytes = match (kind, change % 2) {
                ("pt" | "keras", 1) => repacked(seed, &mut random),
                _ => changed(seed, &mut random),
            };
            read += usize::from(check(kind, &bytes, &format!("{kind} {change}")));
        }
        for seed in &seeds {
            assert!(check(kind, seed, kind), "{kind}: an unchanged file is read");
            for end in (0..seed.len()).step_by(97) {
                check(kind, &seed[..end], &format!("{kind} cut at {end}"));
            }
        }
        assert!((1..CHANGES).contains(&read), "{kind}: {read} are read");
    }
    for entry in files("flaws") {
        let path = entry.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a file");
        let extension = path.extension().expect("a kind").to_string_lossy();
        check(&extension, &bytes, &path.display().to_string());
    }
    // Two bytes per node, two per dimension, and pickles of one byte per object.
    let graph = [[0x0a, 0x00].repeat(1 << 20), vec![]].concat();
    let mut model = vec![0x42, 0x04, 0x0a, 0x00, 0x10, 0x0d, 0x3a];
    let mut length = graph.len();
    while length >= 0x80 {
        model.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    model.push(length as u8);
    model.extend(graph);
    assert!(!check("onnx", &model, "a graph of a million nodes"));
    let header = format!("{{{}", "\"\":{\"dtype\":\"F32\"},".repeat(1 << 16));
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    assert!(!check("safetensors", &bytes, "a header of many tensors"));
}
