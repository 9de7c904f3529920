//! A survey: which of a sample of changes no core notices.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use tern_sim::error::SimError;

use super::hunt::Hunt;
use super::mutant::Mutant;
use crate::small_cores::Core;

/// Which changes a survey makes.
pub struct Sample<'a> {
    /// Seeds of which each draws changes.
    pub seeds: &'a [u64],
    /// That many.
    pub size: usize,
    /// Modules to draw from; of all, if empty.
    pub modules: &'a [&'a str],
}

impl Sample<'_> {
    /// The changes that are drawn. A change that more cores bring does not move the others: each has its own place in each seed's order.
    fn draw<'a>(&self, known: &[&'a Mutant]) -> BTreeSet<&'a Mutant> {
        let drawn = self.seeds.iter().flat_map(|seed| {
            let mut order = known.to_vec();
            order.sort_by_key(|mutant| place(*seed, mutant));
            order.into_iter().take(self.size)
        });
        drawn.collect()
    }
}

/// The place of a change in a seed's order.
fn place(seed: u64, mutant: &Mutant) -> u64 {
    let mix = |state: u64, byte: u8| Rng::with_seed(state ^ u64::from(byte)).u64(..);
    mutant.to_string().bytes().fold(seed, mix)
}

/// What a survey found.
#[derive(Default)]
pub struct Survey {
    /// Different changes that the cores' Verilog knows; copies of a module and other cores with the same line share one.
    pub known: usize,
    /// Changes of the sample.
    pub tried: usize,
    /// Those that no core notices.
    pub survivors: Vec<Mutant>,
}

/// Makes the changes of `sample` in the Verilog of `cores`, each in every copy of its module in every core until one of `cases`
/// random cases, drawn from `seed`, shows it.
///
/// # Errors
/// When tools are missing, or a core differs from the golden model, or from itself without a change.
pub fn survey(
    cores: &[Core],
    seed: u64,
    cases: usize,
    sample: &Sample,
) -> Result<Survey, SimError> {
    let hunts: Result<Vec<Hunt>, SimError> = cores
        .iter()
        .map(|core| Hunt::new(core, seed, cases))
        .collect();
    let hunts = hunts?;
    let mut places: BTreeMap<&Mutant, Vec<(&Hunt, usize)>> = BTreeMap::new();
    for (hunt, core) in hunts.iter().zip(cores) {
        if hunt.caught(0).is_some() {
            let fault = format!("{} differs from itself without a change", core.name);
            return Err(SimError::stream(fault));
        }
        let changes = (1..).zip(&hunt.mutants);
        for (number, mutant) in changes.filter(|(_, m)| {
            sample.modules.is_empty() || sample.modules.contains(&m.module.as_str())
        }) {
            places.entry(mutant).or_default().push((hunt, number));
        }
    }
    let known: Vec<&Mutant> = places.keys().copied().collect();
    let drawn = sample.draw(&known);
    let noticed = |mutant: &&&Mutant| {
        let mut places = places[**mutant].iter();
        places.any(|(hunt, number)| hunt.caught(*number).is_some())
    };
    Ok(Survey {
        known: known.len(),
        tried: drawn.len(),
        survivors: drawn
            .iter()
            .filter(|mutant| !noticed(mutant))
            .map(|mutant| (**mutant).clone())
            .collect(),
    })
}
