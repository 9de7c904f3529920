//! Networks: a model file, ready to run.

use std::ffi::{CStr, CString, OsStr, c_char, c_void};
use std::path::Path;
use std::ptr;

use tern_model::engine::{Engine, InstructionSet};
use tern_model::network::{Embedding, Model, Output};

use crate::array::{array, array_mut, object, object_mut};
use crate::failure::{Failure, Status, guard, text};

/// `tern_network` in C.
pub struct Network {
    pub(crate) engine: Engine,
    pub(crate) input_size: usize,
    pub(crate) output_size: usize,
    pub(crate) output: Output,
    input_bits: u32,
    name: CString,
    labels: Vec<CString>,
    embedding: Option<Embedding>,
}

impl Network {
    fn new(model: Model) -> Result<Network, Failure> {
        Ok(Network {
            engine: Engine::new(&model)?,
            input_size: model.input_size,
            output_size: model.output_size(),
            output: model.output,
            input_bits: model.input_bits,
            name: text(&model.name),
            labels: model.labels.iter().flatten().map(|l| text(l)).collect(),
            embedding: model.embedding,
        })
    }
}

/// Reads the model file at `path`.
///
/// # Safety
/// `path` is null or a text that ends in zero, `network` null or a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_network_load(
    path: *const c_char,
    network: *mut *mut Network,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let place = unsafe { object_mut("network", network) }?;
        *place = ptr::null_mut();
        if path.is_null() {
            return Err(Failure::argument("path is a null pointer"));
        }
        // SAFETY: it is not null, and the caller vouches for the zero at its end.
        let path = unsafe { CStr::from_ptr(path) };
        let model = Model::read(file_path(path)?)?;
        *place = Box::into_raw(Box::new(Network::new(model)?));
        Ok(())
    })
}

/// Reads the `size` bytes of a model file at `bytes`.
///
/// # Safety
/// `bytes` is null or the place of as many bytes, `network` null or a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_network_from_bytes(
    bytes: *const c_void,
    size: usize,
    network: *mut *mut Network,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let place = unsafe { object_mut("network", network) }?;
        *place = ptr::null_mut();
        // SAFETY: the caller vouches for it.
        let bytes = unsafe { array("bytes", bytes.cast::<u8>(), size) }?;
        let model = Model::from_bytes(bytes)?;
        *place = Box::into_raw(Box::new(Network::new(model)?));
        Ok(())
    })
}

/// Frees a network; nothing where it is null.
///
/// # Safety
/// `network` is null or comes from this library and is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_network_free(network: *mut Network) {
    if !network.is_null() {
        // SAFETY: the caller vouches that it is one that `Box::into_raw` gave.
        drop(unsafe { Box::from_raw(network) });
    }
}

/// The inputs of token `token`, a row of the embedding.
///
/// # Safety
/// `network` is null or a network that is not freed, `inputs` null or the place of `input_count` integers that nothing else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tern_network_token(
    network: *const Network,
    token: usize,
    inputs: *mut i32,
    input_count: usize,
) -> Status {
    guard(|| {
        // SAFETY: the caller vouches for it.
        let network = unsafe { object("network", network) }?;
        let size = network.input_size;
        if input_count != size {
            let problem = format!("input_count is {input_count}, expected {size}");
            return Err(Failure::argument(problem));
        }
        // SAFETY: the caller vouches for it.
        let inputs = unsafe { array_mut("inputs", inputs, size) }?;
        let rows = network.embedding.iter().flat_map(|e| e.weight.chunks(size));
        let count = rows.clone().count();
        let row = rows.into_iter().nth(token).ok_or_else(|| {
            Failure::argument(match count {
                0 => format!("token is {token}, but the network has no embedding"),
                _ => format!("token is {token}, expected 0 to {}", count - 1),
            })
        })?;
        inputs.iter_mut().zip(row).for_each(|(x, &w)| *x = w.into());
        Ok(())
    })
}

/// A function that gives a number or a text of a network, and nothing where it is null.
macro_rules! getter {
    ($(#[$doc:meta])* $name:ident($network:ident $(, $index:ident)?) -> $kind:ty = $value:expr, else $nothing:expr) => {
        $(#[$doc])*
        ///
        /// # Safety
        /// `network` is null or a network that is not freed.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(network: *const Network $(, $index: usize)?) -> $kind {
            // SAFETY: the caller vouches for it.
            match unsafe { network.as_ref() } {
                Some($network) => $value,
                None => $nothing,
            }
        }
    };
}

getter! {
    /// Name of the network.
    tern_network_name(network) -> *const c_char = network.name.as_ptr(), else ptr::null()
}
getter! {
    /// Elements X of an input.
    tern_network_input_size(network) -> usize = network.input_size, else 0
}
getter! {
    /// Bits of an input element.
    tern_network_input_bits(network) -> u32 = network.input_bits, else 0
}
getter! {
    /// Values N of an output.
    tern_network_output_size(network) -> usize = network.output_size, else 0
}
getter! {
    /// 1 where each time step of a sequence gives an output, 0 where the last one does.
    tern_network_gives_every_step(network) -> i32 = i32::from(network.output == Output::Every), else 0
}
getter! {
    /// How many labels the outputs have: N or none.
    tern_network_label_count(network) -> usize = network.labels.len(), else 0
}
getter! {
    /// Label of an output, null where there is none.
    tern_network_label(network, index) -> *const c_char =
        network.labels.get(index).map_or(ptr::null(), |label| label.as_ptr()), else ptr::null()
}
getter! {
    /// Tokens that the embedding has rows for.
    tern_network_token_count(network) -> usize =
        network.embedding.as_ref().map_or(0, |embedding| embedding.vocabulary_size), else 0
}
getter! {
    /// The instructions that the network runs with: `portable`, `avx2`, `avx512`.
    tern_network_instructions(network) -> *const c_char = instructions(&network.engine).as_ptr(), else ptr::null()
}

fn instructions(engine: &Engine) -> &'static CStr {
    match engine.instructions() {
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => c"avx2",
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => c"avx512",
        _ => c"portable",
    }
}

#[cfg(unix)]
fn file_path(path: &CStr) -> Result<&Path, Failure> {
    use std::os::unix::ffi::OsStrExt;
    Ok(Path::new(OsStr::from_bytes(path.to_bytes())))
}

#[cfg(not(unix))]
fn file_path(path: &CStr) -> Result<&Path, Failure> {
    let path = path.to_str();
    let path = path.map_err(|_| Failure::argument("path is not in UTF-8"))?;
    Ok(Path::new(OsStr::new(path)))
}
