//! How long the time steps of a run took.

use serde::Serialize;

use super::Timeline;

/// Cycles of the time steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepCycles {
    /// Their mean.
    pub mean: f64,
    /// As many or fewer in 99 of 100 steps.
    pub percentile_99: u64,
    /// The most.
    pub most: u64,
}

impl Timeline {
    /// The cycles between the ends of one step and the next; none of a run of fewer than two steps.
    pub fn step_cycles(&self) -> Option<StepCycles> {
        let mut cycles: Vec<u64> = self
            .step_ends
            .windows(2)
            .map(|ends| ends[1] - ends[0])
            .collect();
        cycles.sort_unstable();
        let most = *cycles.last()?;
        let rank = (cycles.len() * 99).div_ceil(100);
        Some(StepCycles {
            mean: cycles.iter().sum::<u64>() as f64 / cycles.len() as f64,
            percentile_99: cycles[rank - 1],
            most,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Timeline;

    #[test]
    fn mean_percentile_and_most() {
        let of = |step_ends: Vec<u64>| {
            let output_beats = vec![];
            Timeline {
                output_beats,
                step_ends,
            }
            .step_cycles()
        };
        assert!(of(vec![5]).is_none());
        let cycles = of((0..=100)
            .map(|k| if k < 100 { 10 * k } else { 2000 })
            .collect());
        let cycles = cycles.expect("there are steps");
        assert_eq!(
            (cycles.mean, cycles.percentile_99, cycles.most),
            (20.0, 10, 1010)
        );
    }
}
