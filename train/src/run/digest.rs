//! What data are, in a few characters.

use sha2::{Digest, Sha256};

/// SHA-256 of lists of numbers, in hexadecimal: of other lists, or of the same in another order, it is another one.
///
/// Each list counts with its length, so that where one ends and the next begins matters too.
pub(crate) fn digest<'a>(lists: impl Iterator<Item = &'a [i32]>) -> String {
    let mut hash = Sha256::new();
    for list in lists {
        hash.update((list.len() as u64).to_le_bytes());
        for number in list {
            hash.update(number.to_le_bytes());
        }
    }
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn other_numbers_order_or_ends_give_another() {
        let of = |lists: &[&[i32]]| digest(lists.iter().copied());
        let lists: [&[i32]; 2] = [&[1, 2], &[3]];
        assert_eq!(of(&lists), of(&[&[1, 2], &[3]]));
        let others: [&[&[i32]]; 4] = [
            &[&[1, 2], &[4]],
            &[&[3], &[1, 2]],
            &[&[1], &[2, 3]],
            &[&[1, 2], &[3], &[]],
        ];
        for other in others {
            assert_ne!(of(other), of(&lists), "{other:?}");
        }
    }
}
