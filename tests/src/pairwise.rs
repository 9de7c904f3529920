//! Rows that hold every pair of values of different factors: a covering array of strength two, always the same.

use std::collections::BTreeSet;

/// A factor and one of its values, by index.
type Setting = (usize, usize);

/// Every two settings of different factors, that of the factor with the lower index first; `values[factor]` is the number of the
/// factor's values.
fn pairs(values: &[usize]) -> BTreeSet<(Setting, Setting)> {
    let all = || (0..values.len()).flat_map(|f| (0..values[f]).map(move |value| (f, value)));
    let with = |first: Setting| all().map(move |second| (first, second));
    let two = all().flat_map(with);
    two.filter(|(first, second)| first.0 < second.0).collect()
}

/// Rows, a value of each factor in each, that together hold every pair of values of different factors.
///
/// A row begins with the first pair that no row before has; each further factor takes the value that adds most new pairs.
pub fn rows(values: &[usize]) -> Vec<Vec<usize>> {
    let mut open = pairs(values);
    let mut rows: Vec<Vec<usize>> = vec![];
    while let Some((first, second)) = open.first().copied() {
        let mut settings = vec![first, second];
        for factor in (0..values.len()).filter(|factor| ![first.0, second.0].contains(factor)) {
            let added = |value: usize| {
                let beside = |other: &&Setting| {
                    let (a, b) = (**other, (factor, value));
                    open.contains(&(a.min(b), a.max(b)))
                };
                settings.iter().filter(beside).count()
            };
            // Of values that add as many pairs, the one whose turn it is.
            let turn = |value: usize| (value + rows.len()) % values[factor];
            let best = (0..values[factor]).max_by_key(|value| (added(*value), turn(*value)));
            settings.push((factor, best.unwrap_or(0)));
        }
        settings.sort_unstable();
        for (k, a) in settings.iter().enumerate() {
            for b in &settings[k + 1..] {
                open.remove(&(*a, *b));
            }
        }
        rows.push(settings.into_iter().map(|(_, value)| value).collect());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn every_pair_is_in_a_row() {
        let values = [4, 5, 3, 2];
        let rows = rows(&values);
        let has = |f: usize, v: usize, g: usize, w: usize| {
            rows.iter().any(|row| row[f] == v && row[g] == w)
        };
        for f in 0..values.len() {
            for g in f + 1..values.len() {
                for v in 0..values[f] {
                    let missing = (0..values[g]).find(|w| !has(f, v, g, *w));
                    assert_eq!(missing, None, "beside value {v} of factor {f}, factor {g}");
                }
            }
        }
        // 4 * 5 rows are the fewest that can.
        assert!((20..=26).contains(&rows.len()), "{} rows", rows.len());
    }
}
