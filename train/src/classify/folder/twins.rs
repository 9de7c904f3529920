//! Sequences of equal contents under two names.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::list::Entry;
use crate::classify::sequences::Sequence;

/// Says how many of the sequences repeat an earlier one, with a pair, of two parts where there is one;
/// `None` where none does.
pub(super) fn warning(read: &[(Entry, Sequence)]) -> Option<String> {
    let mut firsts: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut pairs: Vec<[&Entry; 2]> = Vec::new();
    for (index, (entry, sequence)) in read.iter().enumerate() {
        let firsts = firsts.entry(hash(&sequence.values)).or_default();
        let mut same = firsts.iter().map(|&first| &read[first]);
        match same.find(|(_, first)| first.values == sequence.values) {
            Some((first, _)) => pairs.push([first, entry]),
            None => firsts.push(index),
        }
    }
    let apart = pairs.iter().find(|[a, b]| a.part() != b.part());
    let [first, second] = apart.or(pairs.first())?;
    let why = match apart {
        Some(_) => "; a part that repeats another does not measure what is unseen",
        None => "",
    };
    Some(format!(
        "{} of {} files repeat the contents of another, such as line {}, \"{}\" for {}, those of line {}, \"{}\" for {}{why}",
        pairs.len(),
        read.len(),
        second.line,
        second.file,
        second.part().name(),
        first.line,
        first.file,
        first.part().name(),
    ))
}

fn hash(values: &[Vec<f64>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for value in values.iter().flatten() {
        value.to_bits().hash(&mut hasher);
    }
    hasher.finish()
}
