//! An allocator that ends the process where too much is allocated.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

/// The system's allocator under the limit of [`limit`].
pub struct Limited;

/// Bytes that reading `input` may have in use at once: ten times as many, and 64 MiB.
pub fn allowed(input: &[u8]) -> usize {
    10 * input.len() + (64 << 20)
}

/// Runs `work`, which may have `bytes` more in use than there are now. In one thread at a time.
pub fn limit<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    LIMIT.store(IN_USE.load(Relaxed) + bytes, Relaxed);
    let result = work();
    LIMIT.store(usize::MAX, Relaxed);
    result
}

fn add(bytes: usize) {
    let in_use = IN_USE.fetch_add(bytes, Relaxed) + bytes;
    if in_use > LIMIT.load(Relaxed) {
        LIMIT.store(usize::MAX, Relaxed);
        eprintln!("{bytes} bytes more are too much: {in_use} in use");
        std::process::abort();
    }
}

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    // Old and new may both exist for a while, so that the new size counts in full.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        IN_USE.fetch_sub(layout.size(), Relaxed);
        moved
    }
}
