//! What the page must show, from the libraries themselves: `reference RECORDING…` prints JSON of the bundled network on
//! recordings, of the Shakespeare network's text, and of the array at work on the first recording.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};
use tern_compile::cycles::Timeline;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_features::FrontEnd;
use tern_features::tokens::{Sampler, Tokens};
use tern_model::golden::{Golden, LayerState};
use tern_model::network::{Model, Sequence};

/// Characters that the Shakespeare network goes on for.
const CHARACTERS: usize = 1000;
/// Time step of the array.
const STEP: usize = 3;
/// The arrays that the page shows.
const DESIGNS: [&str; 2] = [
    r#"{"columns": 4, "rows": 6, "lanes": 8, "device": "ice40-hx8k"}"#,
    r#"{"columns": 4, "rows": 3, "lanes": 8, "device": "ice40-hx8k", "dataflow": "events"}"#,
];
/// The devices of its table.
const DEVICES: [&str; 3] = ["ice40-hx8k", "ice40-up5k", "ecp5-85k"];

fn main() -> Result<(), Box<dyn Error>> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let digits = Model::read(models.join("spoken-digits.safetensors"))?;
    let front_end = FrontEnd::of_model(&digits)?;
    let mut recordings = Vec::new();
    let mut first = None;
    for path in std::env::args().skip(1) {
        let inputs = front_end.read(path.as_ref())?;
        recordings.push(run(&digits, &inputs));
        first.get_or_insert(inputs);
    }
    let first = first.ok_or("no recording is named")?;
    let arrays = DESIGNS.map(|design| array(&digits, design, &first));
    let boards = DEVICES.map(|device| board(&digits, device, &first));
    let shakespeare = Model::read(models.join("shakespeare.safetensors"))?;
    let answer = json!({
        "recordings": recordings,
        "text": text(&shakespeare)?,
        "arrays": arrays.into_iter().collect::<Result<Vec<_>, _>>()?,
        "boards": boards.into_iter().collect::<Result<Vec<_>, _>>()?,
        "step": STEP,
    });
    println!("{answer}");
    Ok(())
}

/// Everything that the golden model computes of a sequence.
fn run(model: &Model, inputs: &Sequence) -> Value {
    let mut golden = Golden::new(model);
    let step = |x: &Vec<i32>| {
        let output = golden.step(x);
        let [LayerState::Lstm(lstm), _] = golden.layers() else {
            panic!("the bundled network is an LSTM and a head");
        };
        json!({ "gates": lstm.gates, "sums": lstm.sums, "cell": lstm.cell_state, "hidden": lstm.hidden_state, "output": output })
    };
    let steps: Vec<Value> = inputs.iter().map(step).collect();
    json!({ "inputs": inputs, "steps": steps, "outputs": Golden::new(model).run(inputs) })
}

/// What `tern run --say` prints behind the prompt.
fn text(model: &Model) -> Result<String, Box<dyn Error>> {
    let tokens = Tokens::of_model(model)?;
    let mut sampler = Sampler::new(0.8, 1)?;
    let mut golden = Golden::new(model);
    let mut output = Vec::new();
    for token in tokens.encode("ROMEO:")? {
        output = golden.step(&tokens.input(token));
    }
    let mut text = String::new();
    for _ in 0..CHARACTERS {
        let token = sampler.draw(tokens.logits(&output));
        text += &tokens.text(token);
        output = golden.step(&tokens.input(token));
    }
    Ok(text)
}

/// The cycle model's record of a step, with the bias of each gate and unit.
fn array(model: &Model, design: &str, inputs: &Sequence) -> Result<Value, Box<dyn Error>> {
    let program = Program::compile(model, &Design::from_json(design)?)?;
    let (timeline, record) =
        Timeline::recorded(model, &program.shape, std::slice::from_ref(inputs));
    let beats = record.beats.iter().filter(|beat| beat.section == 0);
    let beats: Vec<_> = beats
        .map(|b| json!([b.cycle, b.step, b.block, b.pass, b.element]))
        .collect();
    let blocks = record.blocks.iter().filter(|block| block.section == 0);
    let blocks: Vec<_> = blocks
        .map(|b| json!([b.end, b.step, b.block, b.leaves, b.states]))
        .collect();
    let tern_model::network::Layer::Lstm(lstm) = &model.layers[0] else {
        return Err("the bundled network begins with an LSTM".into());
    };
    Ok(json!({
        "step_ends": timeline.step_ends,
        "beats": beats,
        "blocks": blocks,
        "bias": lstm.bias,
        "shifts": [lstm.input_shift, lstm.hidden_shift],
    }))
}

/// Cycles per step and to the last output of the largest array of a device.
fn board(model: &Model, device: &str, inputs: &Sequence) -> Result<Value, Box<dyn Error>> {
    let design = Design::largest(model, device)?;
    let shape = Program::compile(model, &design)?.shape;
    let timeline = Timeline::of(model, &shape, std::slice::from_ref(inputs));
    let end = timeline.output_beats.last().ok_or("no output")?;
    Ok(json!({ "device": device, "cycles_per_step": shape.cycles_per_step(), "cycles": end + 1 }))
}
