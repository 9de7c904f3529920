//! Dropout.

use candle_core::{Device, Result, Tensor};

/// Dropout of a share of the elements of a tensor of this shape, as what it is multiplied with;
/// those that stay are scaled so that the mean stays. `None` where nothing is dropped.
pub(crate) fn mask(
    share: f64,
    shape: (usize, usize),
    rng: &mut fastrand::Rng,
) -> Result<Option<Tensor>> {
    if share == 0.0 {
        return Ok(None);
    }
    let (share, scale) = (share as f32, (1.0 / (1.0 - share)) as f32);
    let value = |_| if rng.f32() < share { 0.0 } else { scale };
    let values: Vec<f32> = (0..shape.0 * shape.1).map(value).collect();
    Ok(Some(Tensor::from_vec(values, shape, &Device::Cpu)?))
}
