//! `tern histogram`: weights, pre-activations and activations of a language model as pictures.

mod picture;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_model::network::{CellKind, Gate, GruGate};
use tern_train::data::fsdd::default_data_dir;
use tern_train::language::corpus::Corpus;
use tern_train::language::{Trained, read};
use tern_train::layer::Activity;

use crate::network::train::log::checkpoint;
use crate::network::train::session::make;
use picture::Panel;

/// Tokens of the validation text that go through the network.
const TOKENS: usize = 2000;

/// Draws the weights, pre-activations and activations of a trained language model.
///
/// Writes weights.svg, the matrices as trained and as used, and, over the first 2000 tokens of the
/// validation text, pre-activations.svg, the arguments of sigmoid and tanh, and activations.svg, what
/// leaves them, with the hidden state.
#[derive(Args)]
pub struct Histogram {
    /// Folder of the run
    #[arg(long, value_name = "RUN")]
    run: PathBuf,
    /// Folder of the data sets [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder for the pictures [default: the run's]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn execute(histogram: &Histogram) -> Result<(), Failure> {
    let trained = read(&checkpoint(&histogram.run)).map_err(Failure::input)?;
    let data = histogram.data.clone().unwrap_or_else(default_data_dir);
    let corpus = Corpus::read(trained.recipe.corpus, &data).map_err(Failure::input)?;
    if trained.vocabulary != corpus.vocabulary {
        return Err(Failure::input(format!(
            "{}: the vocabulary is not that of the corpus {}, expected the text that the run was trained on",
            trained.path.display(),
            trained.recipe.corpus.name()
        )));
    }
    let text = &corpus.validation[..corpus.validation.len().min(TOKENS)];
    let name = trained.recipe.name();
    let pictures = [
        ("weight", weights(&trained)?),
        ("pre-activation", panels(&trained, text, arguments)?),
        ("activation", panels(&trained, text, values)?),
    ];
    let out = histogram.out.as_ref().unwrap_or(&histogram.run);
    make(out)?;
    let mut written = Vec::new();
    for (what, panels) in pictures {
        let file = out.join(format!("{what}s.svg"));
        let svg = picture::draw(&format!("{name}: {what}s"), what, &panels);
        tern_model::file::write_atomic(&file, svg.as_bytes()).map_err(|error| {
            let file = file.display();
            Failure::input(format!(
                "{file}: cannot be written: {error}, expected a place for the picture"
            ))
        })?;
        written.push(file);
    }
    let line = |file: &PathBuf| format!("wrote {}\n", file.display());
    console::summary(
        || written.iter().map(line).collect(),
        || json!({ "wrote": written }),
    )
}

/// Each matrix, as trained and as used; once where no quantizer stands between.
fn weights(trained: &Trained) -> Result<Vec<Panel>, Failure> {
    let pairs = trained.model.weight_pairs().map_err(Failure::input)?;
    let panels = pairs.into_iter().flat_map(|pair| {
        let same = pair.shadow == pair.used;
        let used = (!same).then(|| Panel::new(format!("{}, as used", pair.name), pair.used));
        let how = if same {
            "as trained and used"
        } else {
            "as trained"
        };
        [Panel::new(format!("{}, {how}", pair.name), pair.shadow)]
            .into_iter()
            .chain(used)
    });
    Ok(panels.collect())
}

/// Panels of every layer.
fn panels(
    trained: &Trained,
    text: &[u32],
    of_layer: fn(&[&str], Activity) -> Vec<Panel>,
) -> Result<Vec<Panel>, Failure> {
    let gates: &[&str] = match trained.recipe.cell {
        CellKind::Lstm => &Gate::ORDER.map(Gate::symbol),
        CellKind::Gru => &GruGate::ORDER.map(GruGate::symbol),
    };
    let layers = trained.model.activity(text).map_err(Failure::input)?;
    let several = layers.len() > 1;
    let named = |(index, activity)| {
        let mut panels = of_layer(gates, activity);
        if several {
            for panel in &mut panels {
                panel.title = format!("layer {index}, {}", panel.title);
            }
        }
        panels
    };
    Ok(layers.into_iter().enumerate().flat_map(named).collect())
}

fn arguments(gates: &[&str], activity: Activity) -> Vec<Panel> {
    let gates = gates.iter().zip(activity.gates);
    gates
        .map(|(gate, values)| Panel::new(format!("gate {gate}"), values.arguments))
        .collect()
}

fn values(gates: &[&str], activity: Activity) -> Vec<Panel> {
    let gates = gates.iter().zip(activity.gates);
    let gates = gates.map(|(gate, values)| Panel::new(format!("gate {gate}"), values.values));
    let hidden = Panel::new("hidden state".to_owned(), activity.hidden);
    gates.chain([hidden]).collect()
}
