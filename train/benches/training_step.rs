//! Tokens a second of one training step of the tensor library: an LSTM of 300 units with 300 inputs,
//! batch 20, unrolled over 35 steps, forward, backward and update, in 32-bit floats.
//!
//! The loss is the mean square of all hidden states, so that nothing but the LSTM is measured.
//! `cargo bench -p tern-train` prints the median and the fastest of 50 steps after 5 that do not
//! count; `RAYON_NUM_THREADS` sets the threads.

use std::time::Instant;

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, SGD};

const UNITS: usize = 300;
const INPUTS: usize = 300;
const BATCH: usize = 20;
const STEPS: usize = 35;

fn loss(weights: &Tensor, bias: &Tensor, inputs: &[Tensor]) -> Result<Tensor> {
    let weights = weights.t()?;
    let mut h = Tensor::zeros((BATCH, UNITS), DType::F32, &Device::Cpu)?;
    let mut c = h.clone();
    let mut states = Vec::with_capacity(STEPS);
    for x in inputs {
        let z = Tensor::cat(&[x, &h], 1)?.matmul(&weights)?;
        let z = z.broadcast_add(bias)?;
        let gate = |index: usize| z.narrow(1, index * UNITS, UNITS);
        let i = candle_nn::ops::sigmoid(&gate(0)?)?;
        let f = candle_nn::ops::sigmoid(&gate(1)?)?;
        let g = gate(2)?.tanh()?;
        let o = candle_nn::ops::sigmoid(&gate(3)?)?;
        c = ((f * c)? + (i * g)?)?;
        h = (o * c.tanh()?)?;
        states.push(h.clone());
    }
    Tensor::stack(&states, 0)?.sqr()?.mean_all()
}

fn measure(name: &str, mut step: impl FnMut() -> Result<()>) -> Result<()> {
    let mut seconds = Vec::new();
    for round in 0..55 {
        let start = Instant::now();
        step()?;
        if round >= 5 {
            seconds.push(start.elapsed().as_secs_f64());
        }
    }
    seconds.sort_by(f64::total_cmp);
    let tokens = (BATCH * STEPS) as f64;
    let (median, fastest) = (seconds[seconds.len() / 2], seconds[0]);
    println!(
        "{name}: median {:.1} ms, {:.0} tokens/s; fastest {:.1} ms, {:.0} tokens/s",
        median * 1e3,
        tokens / median,
        fastest * 1e3,
        tokens / fastest
    );
    Ok(())
}

fn main() -> Result<()> {
    let device = Device::Cpu;
    let weights = Var::rand(-0.05f32, 0.05, (4 * UNITS, INPUTS + UNITS), &device)?;
    let bias = Var::zeros(4 * UNITS, DType::F32, &device)?;
    let input = |_| Tensor::randn(0f32, 1.0, (BATCH, INPUTS), &device);
    let inputs: Vec<Tensor> = (0..STEPS).map(input).collect::<Result<_>>()?;
    let parameters = vec![weights.clone(), bias.clone()];

    let mut sgd = SGD::new(parameters.clone(), 0.1)?;
    measure("SGD", || {
        sgd.backward_step(&loss(&weights, &bias, &inputs)?)
    })?;
    let mut adam = AdamW::new(parameters, ParamsAdamW::default())?;
    measure("Adam", || {
        adam.backward_step(&loss(&weights, &bias, &inputs)?)
    })
}
