//! Where the values of a feature lie, and how far they spread.

/// A value in the middle of a feature's values, and how far from it they usually are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The value in the middle.
    pub(crate) middle: f64,
    /// The usual distance from it; 0 where the values are all the same.
    pub(crate) deviation: f64,
}

/// Mean and standard deviation of finite values of any size: no square overflows or vanishes.
pub(crate) fn mean(values: impl Iterator<Item = f64> + Clone) -> Spread {
    let (least, most) = values
        .clone()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), v| {
            (least.min(v), most.max(v))
        });
    if least >= most {
        // The mean of equal values may be another by its rounding.
        let middle = if least > most { 0.0 } else { least };
        let deviation = 0.0;
        return Spread { middle, deviation };
    }
    let count = values.clone().count() as f64;
    // A division by a power of two loses no bit.
    let unit = power_of_two(least.abs().max(most.abs()));
    let mean = values.clone().map(|v| v / unit).sum::<f64>() / count;
    let far = |v: f64| v / unit - mean;
    let apart = power_of_two(far(least).abs().max(far(most).abs()));
    let square = values.map(|v| (far(v) / apart).powi(2)).sum::<f64>() / count;
    Spread {
        middle: mean * unit,
        deviation: square.sqrt() * apart * unit,
    }
}

/// Median of finite values, and the deviation of a normal distribution of the same median distance from
/// it: outliers move neither.
pub(crate) fn median(mut values: Vec<f64>) -> Spread {
    let middle = middle_of(&mut values);
    for value in &mut values {
        *value = (*value / 2.0 - middle / 2.0).abs();
    }
    Spread {
        middle,
        deviation: middle_of(&mut values) * 2.0 * NORMAL,
    }
}

/// Standard deviation of a normal distribution whose median distance from the mean is 1.
const NORMAL: f64 = 1.4826;

/// The larger of the two in the middle; 0 of none.
fn middle_of(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    match values.is_empty() {
        true => 0.0,
        false => *values.select_nth_unstable_by(half, f64::total_cmp).1,
    }
}

/// The power of two of a number's exponent.
fn power_of_two(value: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    f64::from_bits(value.to_bits() & EXPONENT).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::{Spread, mean, median};

    #[test]
    fn any_size_of_values_has_a_deviation() {
        for size in [1.0, 1e300, 1.7e308, 1e-300, f64::MIN_POSITIVE / 8.0] {
            let Spread { middle, deviation } = mean([size, -size, size, -size].into_iter());
            assert_eq!((middle, deviation), (0.0, size));
        }
        let ordinary = mean([10.0, 14.0, 10.0, 14.0].into_iter());
        assert_eq!((ordinary.middle, ordinary.deviation), (12.0, 2.0));
    }

    #[test]
    fn equal_values_have_none() {
        let Spread { middle, deviation } = mean([0.1; 10].into_iter());
        assert_eq!((middle, deviation), (0.1, 0.0));
        assert_eq!(mean([].into_iter()).middle, 0.0);
    }

    #[test]
    fn an_outlier_moves_no_median() {
        let found = median(vec![3.0, 1.0, 1e308, 2.0, 4.0]);
        assert_eq!((found.middle, found.deviation), (3.0, 1.4826));
        assert_eq!(median(Vec::new()).deviation, 0.0);
    }
}
