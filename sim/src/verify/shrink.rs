//! The smallest value that still fails.

use proptest::strategy::ValueTree;

/// Most attempts to make a value smaller.
const ATTEMPTS: usize = 100;

/// Makes the value of `tree`, which fails, smaller for as long as it still fails.
pub fn smallest<T: ValueTree>(
    tree: &mut T,
    attempts: usize,
    mut fails: impl FnMut(&T::Value) -> bool,
) -> T::Value {
    let mut found = tree.current();
    let mut more = tree.simplify();
    for _ in 0..attempts.min(ATTEMPTS) {
        if !more {
            break;
        }
        let value = tree.current();
        more = if fails(&value) {
            found = value;
            tree.simplify()
        } else {
            tree.complicate()
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::smallest;
    use crate::verify::case::Case;
    use crate::verify::draw::runner;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;

    #[test]
    fn what_matters_is_kept_and_the_rest_goes() {
        let fails = |case: &Case| case.lengths.iter().sum::<usize>() >= 3 && case.reset.is_some();
        let mut runner = runner(7);
        let strategy = Case::strategy(4, 9);
        let mut failed = 0;
        for _ in 0..20 {
            let mut tree = strategy.new_tree(&mut runner).expect("a case");
            if !fails(&tree.current()) {
                continue;
            }
            failed += 1;
            let small = smallest(&mut tree, 100, fails);
            assert_eq!(small.lengths.iter().sum::<usize>(), 3, "{small}");
            assert_eq!(
                (small.pattern.name(), small.reset),
                ("none", Some(1)),
                "{small}"
            );
        }
        assert!(failed > 3);
    }
}
