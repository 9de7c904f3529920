//! The mean of a network's parameters over the last updates: it moves less from update to update than the
//! network itself, which follows the few sequences of each.

use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, bail};
use rayon::prelude::*;

use crate::ops::floats::floats;
use crate::run::fit::Network;

/// Elements that a thread takes at least.
const BLOCK: usize = 4096;

/// An exponential mean over as many updates, in a network of the same shape.
pub(crate) struct Average<N> {
    /// The network with the mean as its parameters; before the first update it means nothing.
    pub(crate) network: N,
    updates: usize,
}

impl<N: Network> Average<N> {
    /// Averages over `updates` updates; what `network` holds is forgotten.
    pub(crate) fn new(network: N, updates: usize) -> Average<N> {
        Average { network, updates }
    }

    /// Takes in what the parameters of `network` are after its update number `made`, counted from 1.
    /// The first updates weigh alike, until there are as many as it averages over.
    ///
    /// What no gradient moves is no noise and is taken over as it is.
    pub(crate) fn follow(&self, network: &N, gradients: &GradStore, made: u32) -> Result<()> {
        let over = self.updates.min(made as usize);
        let step = Step(1.0 / over as f32);
        let means = self.network.parameters();
        for ((_, mean, _), (_, now, _)) in means.iter().zip(network.parameters()) {
            match gradients.get(now) {
                Some(_) => mean.inplace_op2(now, &step)?,
                None => mean.set(&now.as_detached_tensor())?,
            }
        }
        Ok(())
    }
}

/// Moves values by a share of their distance to others.
struct Step(f32);

impl InplaceOp2 for Step {
    fn name(&self) -> &'static str {
        "average"
    }

    fn cpu_fwd(
        &self,
        mean: &mut CpuStorage,
        mean_layout: &Layout,
        now: &CpuStorage,
        now_layout: &Layout,
    ) -> Result<()> {
        let Some((start, end)) = mean_layout.contiguous_offsets() else {
            bail!("a parameter is contiguous");
        };
        let CpuStorage::F32(values) = mean else {
            bail!("a parameter is of 32-bit floats");
        };
        let values = values[start..end].par_iter_mut();
        let pairs = values.zip(floats(now, now_layout)?).with_min_len(BLOCK);
        pairs.for_each(|(mean, now)| *mean += self.0 * (now - *mean));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor, Var};

    use super::Average;
    use crate::run::checkpoint::Parameters;
    use crate::run::fit::Network;
    use crate::testing::values;

    /// A weight that is trained and a slope that a schedule sets.
    struct Two {
        weight: Var,
        slope: Var,
    }

    impl Two {
        fn new() -> Two {
            let value = || Var::new(&[100f32], &Device::Cpu).unwrap();
            Two {
                weight: value(),
                slope: value(),
            }
        }

        fn set(&self, value: f32) {
            let value = Tensor::new(&[value], &Device::Cpu).unwrap();
            self.weight.set(&value).unwrap();
            self.slope.set(&value).unwrap();
        }
    }

    impl Network for Two {
        fn parameters(&self) -> Parameters<'_> {
            let named = |name: &str, value| (name.to_owned(), value, 1.0);
            vec![named("weight", &self.weight), named("slope", &self.slope)]
        }

        fn warm_start(&self, _: &Two) -> candle_core::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_first_updates_weigh_alike_and_then_each_weighs_its_share() {
        let (network, average) = (Two::new(), Average::new(Two::new(), 4));
        let follow = |value: f32, made: u32| {
            network.set(value);
            let gradients = network.weight.sum_all().unwrap().backward().unwrap();
            average.follow(&network, &gradients, made).unwrap();
            values(&average.network.weight)[0]
        };
        let means = [
            (8.0, 8.0),
            (4.0, 6.0),
            (0.0, 4.0),
            (0.0, 3.0),
            (7.0, 4.0),
            (8.0, 5.0),
        ];
        for (made, (value, mean)) in (1..).zip(means) {
            assert!((follow(value, made) - mean).abs() < 1e-6, "{made}");
            assert_eq!(values(&average.network.slope), [value], "{made}");
        }
    }
}
