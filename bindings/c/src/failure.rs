//! Status codes, and the sentence of the last failure.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tern_model::error::{Error, ErrorKind};

/// What a function returns, `tern_status` in C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// A null pointer, a wrong size or a wrong number.
    Argument = 1,
    /// A file that cannot be read.
    File = 2,
    /// A model file that breaks a rule of its format.
    Model = 3,
    /// An input that is none of the network's.
    Input = 4,
    /// A fault of this library.
    Internal = 5,
}

/// A status other than `Ok`, and why.
pub(crate) struct Failure {
    status: Status,
    sentence: String,
}

impl Failure {
    /// A wrong argument.
    pub(crate) fn argument(sentence: impl Into<String>) -> Failure {
        Failure {
            status: Status::Argument,
            sentence: sentence.into(),
        }
    }

    /// An input that is none of the network's.
    pub(crate) fn input(sentence: impl Into<String>) -> Failure {
        Failure {
            status: Status::Input,
            sentence: sentence.into(),
        }
    }
}

/// Errors of model files.
impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match error.kind() {
            ErrorKind::Io => Status::File,
            _ => Status::Model,
        };
        Failure {
            status,
            sentence: error.to_string(),
        }
    }
}

thread_local! {
    static SENTENCE: RefCell<CString> = RefCell::default();
}

/// Runs the body of a function, and keeps the sentence of its failure.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    // What a panic leaves half changed is a state, whose next step or reset sets it anew, or a fault already.
    let outcome = catch_unwind(AssertUnwindSafe(body));
    let (status, sentence) = match outcome {
        Ok(Ok(())) => (Status::Ok, String::new()),
        Ok(Err(failure)) => (failure.status, failure.sentence),
        Err(_) => (
            Status::Internal,
            "tern failed, which is a fault of the library".to_owned(),
        ),
    };
    SENTENCE.with_borrow_mut(|kept| *kept = text(&sentence));
    status
}

/// Text for C, without the zeros that would end it.
pub(crate) fn text(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// Why the last function that returns a status failed in this thread; empty where it did not. Valid until the next such call.
#[unsafe(no_mangle)]
pub extern "C" fn tern_error() -> *const c_char {
    SENTENCE.with_borrow(|kept| kept.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;

    fn sentence() -> String {
        // SAFETY: the text lives until the next call of `guard`.
        let text = unsafe { CStr::from_ptr(tern_error()) };
        text.to_string_lossy().into_owned()
    }

    #[test]
    fn a_panic_is_a_status() {
        assert_eq!(guard(|| panic!("expected in this test")), Status::Internal);
        assert_eq!(sentence(), "tern failed, which is a fault of the library");
        assert_eq!(guard(|| Err(Failure::argument("a\0b"))), Status::Argument);
        assert_eq!(sentence(), "a b");
        assert_eq!(guard(|| Ok(())), Status::Ok);
        assert_eq!(sentence(), "");
    }
}
