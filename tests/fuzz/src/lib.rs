//! The readers of Tern's files under a fuzzer.

mod memory;
pub mod readers;

#[global_allocator]
static MEMORY: memory::Limited = memory::Limited;

/// Reads `bytes`; a panic, or more memory than [`memory::allowed`], ends the process.
pub fn check(reader: readers::Reader, bytes: &[u8]) {
    memory::limit(memory::allowed(bytes), || reader(bytes));
}
