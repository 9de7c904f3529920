//! Round numbers for axes.

/// A step of 1, 2 or 5 times a power of ten that divides 0 to `most` into at most `parts` parts.
pub fn step(most: f64, parts: usize) -> f64 {
    let least = (most / parts as f64).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(least.log10().floor());
    let digit = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|digit| digit * power >= least * (1.0 - 1e-9));
    digit.unwrap_or(10.0) * power
}

/// The multiples of [`step`] from 0 to `most`.
pub fn ticks(most: f64, parts: usize) -> Vec<f64> {
    let step = step(most, parts);
    (0..)
        .map(|k| f64::from(k) * step)
        .take_while(|tick| *tick <= most * (1.0 + 1e-9))
        .collect()
}

/// A number with as many digits as a person reads: 0.512, 3.94, 134.1, 4995.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 1000.0 => 0,
        v if v >= 100.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{short, ticks};

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(528.0, 5), [0.0, 200.0, 400.0]);
        assert_eq!(ticks(7.4, 8), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(ticks(10.0, 10).len(), 11);
        assert_eq!(ticks(0.5, 5).last(), Some(&0.5));
    }

    #[test]
    fn numbers_are_short() {
        let numbers = [0.0, 0.5123, 3.937, 134.12, 4995.4, 100.0, 12.0];
        let texts = numbers.map(short);
        assert_eq!(texts, ["0", "0.512", "3.94", "134.1", "4995", "100", "12"]);
    }
}
