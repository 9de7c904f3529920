//! A file cannot make the reader allocate much more than the file holds.
//!
//! The one test here is alone in its program, since it watches all of the program's memory.

mod support;

use peak_alloc::PeakAlloc;
use tern_model::network::Model;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[test]
fn sizes_that_the_file_does_not_hold_allocate_nothing() {
    let mut raw = support::RawFile::of(&support::lstm_model());
    raw.description["input_size"] = 4096.into();
    raw.description["layers"][0]["input_size"] = 4096.into();
    raw.description["layers"][0]["hidden_size"] = 4096.into();
    let bytes = raw.bytes();
    // A header of 100 MB, of which the file holds none.
    let mut long_header = bytes.clone();
    long_header[..8].copy_from_slice(&100_000_000_u64.to_le_bytes());
    // A tensor of 4 GB, of which the file holds none.
    let long_tensor = br#"{"a":{"dtype":"I8","shape":[4294967296],"data_offsets":[0,4294967296]}}"#;
    let long_tensor = [&(long_tensor.len() as u64).to_le_bytes()[..], long_tensor].concat();
    for bytes in [bytes, long_header, long_tensor] {
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        assert!(Model::from_bytes(&bytes).is_err());
        let used = ALLOCATOR.peak_usage().saturating_sub(before);
        assert!(used < 1 << 20, "{used} bytes for a file of {}", bytes.len());
    }
}
