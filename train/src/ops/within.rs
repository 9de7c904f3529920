//! Bounds that a trained value comes back from.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use crate::ops::floats::floats;

/// The elements of `value` moved into `low..=high`. Beyond an end the gradient passes where a step against it
/// leads back: without that a value that has once gone too far stays there.
pub(crate) fn within(value: &Tensor, (low, high): (f32, f32)) -> Result<Tensor> {
    value.apply_op1(Within { low, high })
}

struct Within {
    low: f32,
    high: f32,
}

impl CustomOp1 for Within {
    fn name(&self) -> &'static str {
        "within"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = floats(storage, layout)?.iter();
        let values = values.map(|v| v.clamp(self.low, self.high)).collect();
        Ok((CpuStorage::F32(values), layout.shape().clone()))
    }

    fn bwd(&self, value: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let like = gradient.dtype();
        let low =
            (value.lt(f64::from(self.low))?.to_dtype(like)? * gradient.gt(0.0)?.to_dtype(like)?)?;
        let high = (value.gt(f64::from(self.high))?.to_dtype(like)?
            * gradient.lt(0.0)?.to_dtype(like)?)?;
        let passes = ((low + high)?.neg()? + 1.0)?;
        Ok(Some((passes * gradient)?))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Var};

    use super::within;
    use crate::testing::{gradients, values};

    #[test]
    fn a_value_beyond_an_end_moves_back_and_no_further() {
        let inputs = [-3.0f32, -3.0, 0.5, 0.5, 4.0, 4.0];
        let value = Var::new(&inputs, &Device::Cpu).unwrap();
        let bounded = within(&value, (-1.0, 2.0)).unwrap();
        assert_eq!(values(&bounded), [-1.0, -1.0, 0.5, 0.5, 2.0, 2.0]);
        let weights = candle_core::Tensor::new(&[1f32, -1.0, 1.0, -1.0, 1.0, -1.0], &Device::Cpu);
        let loss = (bounded * weights.unwrap()).unwrap().sum_all().unwrap();
        // A step goes against the gradient.
        assert_eq!(
            gradients(&loss, &[&value]),
            [[0.0, -1.0, 1.0, -1.0, 1.0, 0.0]]
        );
    }
}
