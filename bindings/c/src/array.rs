//! Arrays and objects of the caller.

use std::mem::{align_of, size_of};

use crate::failure::Failure;

/// The array `name` of `count` values at `pointer`.
///
/// # Safety
/// Where `pointer` is not null it is that of as many values, which nothing changes as long as they are borrowed.
pub(crate) unsafe fn array<'a, T>(
    name: &str,
    pointer: *const T,
    count: usize,
) -> Result<&'a [T], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    check(name, pointer, count)?;
    // SAFETY: the caller vouches for the values; pointer and size are possible ones.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

/// [`array`], to be written.
///
/// # Safety
/// Where `pointer` is not null it is that of as many values, which nothing else uses as long as they are borrowed.
pub(crate) unsafe fn array_mut<'a, T>(
    name: &str,
    pointer: *mut T,
    count: usize,
) -> Result<&'a mut [T], Failure> {
    if count == 0 {
        return Ok(&mut []);
    }
    check(name, pointer, count)?;
    // SAFETY: the caller vouches for the values; pointer and size are possible ones.
    Ok(unsafe { std::slice::from_raw_parts_mut(pointer, count) })
}

/// The object `name` at `pointer`.
///
/// # Safety
/// Where `pointer` is not null it comes from this library and is not freed as long as it is borrowed.
pub(crate) unsafe fn object<'a, T>(name: &str, pointer: *const T) -> Result<&'a T, Failure> {
    // SAFETY: the caller vouches for it.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// [`object`], to be changed.
///
/// # Safety
/// As [`object`], and nothing else uses it as long as it is borrowed.
pub(crate) unsafe fn object_mut<'a, T>(name: &str, pointer: *mut T) -> Result<&'a mut T, Failure> {
    // SAFETY: the caller vouches for it.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(name))
}

/// Refuses arrays that share memory, of `N` and `M` values.
pub(crate) fn apart<T>(a: *const T, n: usize, b: *const T, m: usize) -> Result<(), Failure> {
    let (a, b) = (a as usize, b as usize);
    let (n, m) = (n * size_of::<T>(), m * size_of::<T>());
    match a < b.saturating_add(m) && b < a.saturating_add(n) {
        true => Err(Failure::argument(
            "inputs and outputs share memory, expected arrays apart",
        )),
        false => Ok(()),
    }
}

fn null(name: &str) -> Failure {
    Failure::argument(format!("{name} is a null pointer"))
}

fn check<T>(name: &str, pointer: *const T, count: usize) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(null(name));
    }
    if !pointer.is_aligned() {
        let bytes = align_of::<T>();
        let problem = format!("{name} is not at a multiple of {bytes} bytes");
        return Err(Failure::argument(problem));
    }
    match count.checked_mul(size_of::<T>()) {
        Some(bytes) if isize::try_from(bytes).is_ok() => Ok(()),
        _ => Err(Failure::argument(format!(
            "{name} has {count} values, more than memory holds"
        ))),
    }
}
