//! The elements of tensors as slices.

use candle_core::{CpuStorage, Layout, Result, Storage, Tensor, bail};

/// The elements of a contiguous 32-bit tensor.
pub(crate) fn floats<'s>(storage: &'s CpuStorage, layout: &Layout) -> Result<&'s [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("the operation takes contiguous tensors only"),
    }
}

/// Calls `with` on the elements of tensors of 32-bit floats, row-major.
pub(crate) fn with_floats<const N: usize, R>(
    tensors: [&Tensor; N],
    with: impl FnOnce([&[f32]; N]) -> R,
) -> Result<R> {
    let contiguous: Vec<Tensor> = tensors
        .into_iter()
        .map(Tensor::contiguous)
        .collect::<Result<_>>()?;
    let held: Vec<_> = contiguous.iter().map(Tensor::storage_and_layout).collect();
    let mut slices = [[].as_slice(); N];
    for (slice, (storage, layout)) in slices.iter_mut().zip(&held) {
        let Storage::Cpu(storage) = &**storage else {
            bail!("a tensor is in main memory");
        };
        *slice = floats(storage, layout)?;
    }
    Ok(with(slices))
}
