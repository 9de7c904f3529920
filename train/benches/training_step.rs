//! Tokens a second of one training step in 32-bit floats, batch 20, unrolled over 35 steps: forward,
//! backward and update.
//!
//! `layer` is an LSTM of 300 units with 300 inputs, whose loss is the mean square of all hidden
//! states, so that nothing but the LSTM is measured; `candle` and `candle-adam` are the same in the
//! tensor library's own operations. `model` and `model-full` are language models with that layer and
//! 10,000 words, with a softmax over about 1,500 sampled words and over all.
//!
//! `cargo bench -p tern-train -- [NAME] [STEPS]` prints the median and the fastest of 50 steps, or
//! STEPS, after 5 that do not count, and the processor time of a step; `RAYON_NUM_THREADS` sets the threads. `pytorch.py` runs it in
//! turns with PyTorch.

use std::ops::ControlFlow;
use std::time::Instant;

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, SGD};
use mimalloc::MiMalloc;
use tern_features::tokens::CorpusName;
use tern_model::network::CellKind;
use tern_train::language::corpus::Corpus;
use tern_train::language::{Recipe, SoftmaxKind, train};
use tern_train::layer::{LayerState, Recurrent};
use tern_train::quantize::Precision;
use tern_train::run::RunConfig;
use tern_train::run::schedule::Schedule;

/// The allocator of `tern`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const UNITS: usize = 300;
const BATCH: usize = 20;
const STEPS: usize = 35;
const WORDS: usize = 10_000;
/// Steps that do not count.
const WARM_UP: usize = 5;

/// Times of the steps of one measurement.
struct Clock {
    wanted: usize,
    last: Instant,
    seconds: Vec<f64>,
    /// Processor time when the counted steps began.
    begin: Option<f64>,
}

/// Seconds of processor time of all threads so far, where the system tells it.
fn processor() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = threads.map(|thread| {
        let file = thread.ok()?.path().join("schedstat");
        let text = std::fs::read_to_string(file).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(nanoseconds.sum::<Option<f64>>()? / 1e9)
}

impl Clock {
    fn new(steps: usize) -> Clock {
        Clock {
            wanted: steps + WARM_UP,
            last: Instant::now(),
            seconds: Vec::new(),
            begin: None,
        }
    }

    /// Notes the end of a step and says whether another is wanted.
    fn tick(&mut self) -> bool {
        let now = Instant::now();
        self.seconds.push((now - self.last).as_secs_f64());
        self.last = now;
        if self.seconds.len() == WARM_UP {
            self.begin = processor();
        }
        self.seconds.len() < self.wanted
    }

    fn print(mut self, name: &str) {
        let spent = processor().zip(self.begin).map(|(end, begin)| end - begin);
        let counted = &mut self.seconds[WARM_UP..];
        counted.sort_by(f64::total_cmp);
        let tokens = (BATCH * STEPS) as f64;
        let (median, fastest) = (counted[counted.len() / 2], counted[0]);
        println!(
            "{name}: median {:.2} ms, {:.0} tokens/s; fastest {:.2} ms, {:.0} tokens/s; processor {:.2} ms",
            median * 1e3,
            tokens / median,
            fastest * 1e3,
            tokens / fastest,
            spent.map_or(f64::NAN, |spent| spent * 1e3 / counted.len() as f64)
        );
    }
}

/// The layer as Tern trains it: on a thread of the pool.
fn layer(clock: &mut Clock) -> Result<()> {
    let mut rng = fastrand::Rng::with_seed(1);
    let layer = Recurrent::random(CellKind::Lstm, None, [UNITS; 2], &mut rng)?;
    let parameters = layer.parameters().into_iter();
    let parameters: Vec<Var> = parameters.map(|(_, value, _)| value.clone()).collect();
    let mut sgd = SGD::new(parameters, 0.1)?;
    // A variable, since the embedding below a layer needs the gradient of its inputs.
    let inputs = Var::randn(0f32, 1.0, (STEPS * BATCH, UNITS), &Device::Cpu)?;
    while {
        let mut state = LayerState::zero(BATCH, UNITS);
        let states = layer.hidden_states(&inputs, &mut state)?;
        sgd.backward_step(&states.sqr()?.mean_all()?)?;
        clock.tick()
    } {}
    Ok(())
}

/// The layer in the tensor library's own operations.
fn candle(clock: &mut Clock, adam: bool) -> Result<()> {
    let device = Device::Cpu;
    let weights = Var::rand(-0.05f32, 0.05, (4 * UNITS, 2 * UNITS), &device)?;
    let bias = Var::zeros(4 * UNITS, DType::F32, &device)?;
    let input = |_| Tensor::randn(0f32, 1.0, (BATCH, UNITS), &device);
    let inputs: Vec<Tensor> = (0..STEPS).map(input).collect::<Result<_>>()?;
    let parameters = vec![weights.clone(), bias.clone()];
    let mut sgd = SGD::new(parameters.clone(), 0.1)?;
    let mut adam = match adam {
        true => Some(AdamW::new(parameters, ParamsAdamW::default())?),
        false => None,
    };
    while {
        let loss = candle_loss(&weights, &bias, &inputs)?;
        match &mut adam {
            Some(adam) => adam.backward_step(&loss)?,
            None => sgd.backward_step(&loss)?,
        }
        clock.tick()
    } {}
    Ok(())
}

fn candle_loss(weights: &Tensor, bias: &Tensor, inputs: &[Tensor]) -> Result<Tensor> {
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

/// The whole training step of a language model, as `tern train` makes it: embedding, layer, softmax,
/// limit on the gradient's norm, Adam.
fn model(clock: &mut Clock, sample: usize) {
    let recipe = Recipe {
        corpus: CorpusName::Ptb,
        cell: CellKind::Lstm,
        layers: 1,
        units: UNITS,
        precision: Precision::Full,
        softmax: SoftmaxKind::Full,
        seed: 1,
        epochs: 1,
        batch: BATCH,
        unroll: STEPS,
        learning_rate: 0.004,
        schedule: Schedule::Cosine,
        patience: None,
        norm_limit: 1.0,
        average: None,
        dropout_input: 0.0,
        dropout_output: 0.0,
        sample,
        distillation: 0.0,
    };
    let folder = tempfile::tempdir().expect("a folder for the checkpoint");
    let config = RunConfig {
        checkpoint: folder.path().join("checkpoint.safetensors"),
        resume: false,
        warm_start: None,
        teacher: None,
    };
    let trained = train(&recipe, &corpus(clock.wanted), &config, |_| {
        match clock.tick() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    assert!(trained.expect("a run that can be made").is_none());
}

/// A text of words as frequent as those of a language, long enough for so many updates.
fn corpus(updates: usize) -> Corpus {
    let mut rng = fastrand::Rng::with_seed(1);
    // The density of words is that of the harmonic series: word v about 1 / (v + 1).
    let word = |_| ((WORDS as f64).powf(rng.f64()) - 1.0) as u32;
    // As in a corpus, each word of the vocabulary is there.
    let drawn = (0..(updates + 2) * BATCH * STEPS).map(word);
    let train: Vec<u32> = drawn.chain(0..WORDS as u32).collect();
    let mut counts = vec![0; WORDS];
    train.iter().for_each(|&word| counts[word as usize] += 1);
    Corpus {
        vocabulary: (0..WORDS).map(|word| word.to_string()).collect(),
        counts,
        validation: train[..2].to_vec(),
        test: train[..2].to_vec(),
        train,
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let steps = arguments.iter().find_map(|argument| argument.parse().ok());
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let names = ["layer", "candle", "candle-adam", "model", "model-full"];
    let all = !names.iter().any(|name| named(name));
    for name in names.into_iter().filter(|name| all || named(name)) {
        let mut clock = Clock::new(steps.unwrap_or(50));
        match name {
            "layer" => rayon::scope(|_| layer(&mut clock))?,
            "candle" => candle(&mut clock, false)?,
            "candle-adam" => candle(&mut clock, true)?,
            "model" => model(&mut clock, 1_500),
            _ => model(&mut clock, WORDS),
        }
        clock.print(name);
    }
    Ok(())
}
