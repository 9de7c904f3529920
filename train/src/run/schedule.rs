//! How the learning rate of a run changes.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use tern_model::file::plain_number;

use crate::error::TrainError;
use crate::run::recipe::{MOST, count};

/// Learning rate over a run, as a share of its peak.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// Falls to 0 as half a cosine over all epochs.
    #[default]
    Cosine,
    /// Stays until the validation stalls, and is then multiplied by a factor.
    Plateau(Plateau),
}

/// A learning rate that falls where the validation stalls, as in the training of quantized language
/// models by Xu et al. (2018), who divide it by 1.2 after each epoch without a better validation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plateau {
    /// What the rate is multiplied by, above 0 and below 1.
    pub factor: f64,
    /// Epochs without a better validation after which it is, 1 to [`MOST`].
    #[serde(default = "one")]
    pub patience: usize,
}

fn one() -> usize {
    1
}

/// What a [`Plateau`] has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stalls {
    /// Epochs since the validation last was the best or the learning rate fell.
    pub waited: usize,
    /// How often the learning rate fell.
    pub falls: u32,
}

impl Stalls {
    /// Whether nothing was counted.
    pub(crate) fn is_none(&self) -> bool {
        *self == Stalls::default()
    }
}

impl Schedule {
    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        let Schedule::Plateau(Plateau { factor, patience }) = self else {
            return Ok(());
        };
        if !(*factor > 0.0 && *factor < 1.0) {
            return Err(TrainError::new(format!(
                "schedule.plateau.factor is {}, expected above 0 and below 1",
                plain_number(*factor)
            )));
        }
        count("schedule.plateau.patience", *patience, MOST)
    }

    /// Share of the peak after `epochs` epochs, whole and part, of a run of `total`.
    pub fn share(&self, epochs: f64, total: usize, stalls: &Stalls) -> f64 {
        match self {
            Schedule::Cosine => 0.5 * (1.0 + (PI * epochs / total as f64).cos()),
            Schedule::Plateau(Plateau { factor, .. }) => factor.powf(f64::from(stalls.falls)),
        }
    }

    /// Counts an epoch whose validation was the `best` so far or was not.
    pub fn count(&self, best: bool, stalls: &mut Stalls) {
        let Schedule::Plateau(Plateau { patience, .. }) = self else {
            return;
        };
        stalls.waited = if best { 0 } else { stalls.waited + 1 };
        if stalls.waited >= *patience {
            (stalls.falls, stalls.waited) = (stalls.falls + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plateau(factor: f64, patience: usize) -> Schedule {
        Schedule::Plateau(Plateau { factor, patience })
    }

    /// Counts epochs, `b` with the best validation, `.` with none.
    fn after(schedule: &Schedule, epochs: &str) -> Stalls {
        let mut stalls = Stalls::default();
        let best = epochs.chars().map(|epoch| epoch == 'b');
        best.for_each(|best| schedule.count(best, &mut stalls));
        stalls
    }

    #[test]
    fn a_cosine_falls_with_the_epochs_and_not_with_the_validation() {
        let share = |epochs, stalls: &Stalls| Schedule::Cosine.share(epochs, 10, stalls);
        let stalled = after(&Schedule::Cosine, "b....");
        for stalls in [Stalls::default(), stalled] {
            assert_eq!(share(0.0, &stalls), 1.0);
            assert!((share(5.0, &stalls) - 0.5).abs() < 1e-12);
            assert!(share(10.0, &stalls) < 1e-12);
        }
    }

    #[test]
    fn a_plateau_falls_with_the_validation_and_not_with_the_epochs() {
        for (patience, epochs, falls) in [
            (1, "bbb", 0),
            (1, "b.", 1),
            (1, "b.b..", 3),
            (2, "b.b.b", 0),
            (2, "b...", 1),
            (2, "b....", 2),
        ] {
            let schedule = plateau(0.5, patience);
            let stalls = after(&schedule, epochs);
            assert_eq!(stalls.falls, falls, "{patience} {epochs}");
            let expected = 0.5f64.powi(falls as i32);
            assert_eq!(schedule.share(0.0, 10, &stalls), expected);
            assert_eq!(schedule.share(9.0, 10, &stalls), expected);
        }
    }

    #[test]
    fn values_out_of_range_are_named() {
        let error = |schedule: Schedule| schedule.validate().unwrap_err().to_string();
        for factor in [0.0, 1.0, -0.5, f64::NAN] {
            assert!(error(plateau(factor, 1)).starts_with("schedule.plateau.factor is "));
        }
        assert!(error(plateau(0.5, 0)).starts_with("schedule.plateau.patience is 0"));
        for schedule in [Schedule::Cosine, plateau(0.5, 1), plateau(0.99, 9)] {
            assert!(schedule.validate().is_ok());
        }
    }
}
