//! The products of a sequence's inputs with a layer's weights as one operation.

use candle_core::{CpuStorage, CustomOp3, Device, Layout, Result, Shape, Tensor, bail};

use crate::ops::floats::floats;
use crate::ops::floats::with_floats;
use crate::ops::matmul::matrix::{Accumulate, Matrix};
use crate::ops::matmul::panels::multiply;
use crate::ops::parallel::{add_rows, for_each_row};

/// `rows weight^T + bias` as `[T, B, N]`, where `rows` is `[T * B, X]`, `weight` `[N, X]` and `bias`
/// `[N]`.
///
/// # Errors
/// When a shape is wrong.
pub(crate) fn linear(
    rows: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    batch: usize,
) -> Result<Tensor> {
    let operation = Linear { batch };
    rows.contiguous()?
        .apply_op3(&weight.contiguous()?, &bias.contiguous()?, operation)
}

struct Linear {
    batch: usize,
}

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        rows: &CpuStorage,
        rows_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (count, inputs) = rows_layout.shape().dims2()?;
        let (outputs, columns) = weight_layout.shape().dims2()?;
        let bias = floats(bias, bias_layout)?;
        if columns != inputs || bias.len() != outputs || !count.is_multiple_of(self.batch) {
            bail!("rows [{count}, {inputs}] for a weight of [{outputs}, {columns}]");
        }
        let rows = Matrix::new(floats(rows, rows_layout)?, count, inputs);
        let weight = Matrix::new(floats(weight, weight_layout)?, outputs, columns);
        let mut out = vec![0f32; count * outputs];
        multiply(&mut out, rows, weight.transposed(), Accumulate::Replace);
        for_each_row(&mut out, outputs, |_, row| {
            row.iter_mut().zip(bias).for_each(|(o, b)| *o += b);
        });
        let shape = (count / self.batch, self.batch, outputs);
        Ok((CpuStorage::F32(out), Shape::from(shape)))
    }

    fn bwd(
        &self,
        rows: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (count, inputs) = rows.dims2()?;
        let (outputs, _) = weight.dims2()?;
        let mut by_rows = vec![0f32; count * inputs];
        let mut by_weight = vec![0f32; outputs * inputs];
        let mut by_bias = vec![0f32; outputs];
        with_floats([rows, weight, gradient], |[rows, weight, gradient]| {
            let rows = Matrix::new(rows, count, inputs);
            let weight = Matrix::new(weight, outputs, inputs);
            add_rows(&mut by_bias, gradient);
            let gradient = Matrix::new(gradient, count, outputs);
            multiply(&mut by_rows, gradient, weight, Accumulate::Replace);
            multiply(
                &mut by_weight,
                gradient.transposed(),
                rows,
                Accumulate::Replace,
            );
        })?;
        let tensor = |values, like: &Tensor| Tensor::from_vec(values, like.dims(), &Device::Cpu);
        Ok((
            Some(tensor(by_rows, rows)?),
            Some(tensor(by_weight, weight)?),
            Some(tensor(by_bias, bias)?),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Draw, close, gradients, values};

    #[test]
    fn products_and_gradients_are_those_of_the_library() {
        let (steps, batch, inputs, outputs) = (4, 3, 5, 7);
        let mut draw = Draw::new(1);
        let rows = draw.values(&[steps * batch, inputs], 1.0, 1e-6);
        let weight = draw.values(&[outputs, inputs], 1.0, 1e-6);
        let bias = draw.values(&[outputs], 1.0, 1e-6);
        let loss_weight = draw.values(&[steps, batch, outputs], 1.0, 1e-6);
        let expected = rows.matmul(&weight.t().unwrap()).unwrap();
        let expected = expected.broadcast_add(&bias).unwrap();
        let expected = expected.reshape((steps, batch, outputs)).unwrap();
        let own = linear(&rows, &weight, &bias, batch).unwrap();
        close(&values(&own), &values(&expected), 1e-6);

        let variables = [&rows, &weight, &bias];
        let loss = |out: Tensor| (out * loss_weight.as_tensor()).unwrap().sum_all().unwrap();
        let expected = gradients(&loss(expected), &variables);
        for (own, expected) in gradients(&loss(own), &variables).iter().zip(&expected) {
            close(own, expected, 1e-6);
        }
        assert!(linear(&rows, &bias, &weight, batch).is_err());
        assert!(linear(&rows, &weight, &bias, 5).is_err());
    }
}
