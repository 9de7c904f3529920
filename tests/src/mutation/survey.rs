//! A survey: which of a sample of changes no core notices.

use std::collections::BTreeMap;

use fastrand::Rng;
use tern_sim::SimError;

use super::{Hunt, Mutant};
use crate::small_cores::Core;

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

/// Makes `sample` changes, drawn from `seed`, of the Verilog of `cores` (of the modules `only`, unless that is empty), each in
/// every copy of its module in every core until one of `cases` random cases shows it.
///
/// # Errors
/// When tools are missing, or a core differs from the golden model, or from itself without a change.
pub fn survey(
    cores: &[Core],
    seed: u64,
    cases: usize,
    sample: usize,
    only: &[&str],
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
            return Err(SimError::Stream(fault));
        }
        let changes = (1..).zip(&hunt.mutants);
        for (number, mutant) in
            changes.filter(|(_, m)| only.is_empty() || only.contains(&m.module.as_str()))
        {
            places.entry(mutant).or_default().push((hunt, number));
        }
    }
    let mut survey = Survey {
        known: places.len(),
        ..Survey::default()
    };
    let mut drawn: Vec<_> = places.into_iter().collect();
    Rng::with_seed(seed).shuffle(&mut drawn);
    drawn.truncate(sample);
    survey.tried = drawn.len();
    for (mutant, places) in drawn {
        let noticed = places
            .iter()
            .any(|(hunt, number)| hunt.caught(*number).is_some());
        if !noticed {
            survey.survivors.push(mutant.clone());
        }
    }
    survey.survivors.sort();
    Ok(survey)
}
