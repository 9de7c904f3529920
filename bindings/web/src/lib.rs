//! Tern in a browser: the golden model, the front end and the cycle model behind two functions of WebAssembly.
//!
//! A page writes a [`Request`](request::Request) as JSON and, after it, a payload of bytes into memory that [`reserve`] gives,
//! and [`ask`]s; the answer is JSON. One instance of the module holds one network, so that a page which drops the
//! instance has forgotten everything, a panic included.

mod array;
mod boards;
mod network;
mod request;
mod run;
mod speech;

use std::cell::RefCell;

use network::Network;

thread_local! {
    static NETWORK: RefCell<Option<Network>> = const { RefCell::new(None) };
    static QUESTION: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes room for `bytes` bytes of a request and its payload, and returns where.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    QUESTION.with_borrow_mut(|question| {
        *question = vec![0; bytes];
        question.as_mut_ptr()
    })
}

/// Answers what was written where [`reserve`] said, whose first `request` bytes are the request; returns the length of the
/// answer in bytes, which begins at [`answer`].
#[unsafe(no_mangle)]
pub extern "C" fn ask(request: usize) -> usize {
    let question = QUESTION.take();
    let (request, payload) = question.split_at(request.min(question.len()));
    let text = NETWORK.with_borrow_mut(|network| request::answer(network, request, payload));
    ANSWER.with_borrow_mut(|answer| {
        *answer = text;
        answer.len()
    })
}

/// Where the last answer begins, in UTF-8.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}
