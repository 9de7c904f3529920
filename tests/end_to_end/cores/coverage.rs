//! Every point that must be reached is reached, in cores that equal the golden model in all of it.

use tern_tests::coverage::{Counted, count, required};
use tern_tests::small_cores::cores;

/// Random cases of each of a core's networks.
const CASES: usize = 150;

#[test]
fn every_point_is_reached() {
    let mut counted = Counted::new();
    let mut cases = 0;
    for core in cores() {
        let shape = &core.programs[0].shape;
        if shape.loads() {
            continue;
        }
        let run = count(&core.models, &core.programs, 1, CASES, &mut counted);
        cases += run.unwrap_or_else(|error| panic!("{}: {error}", core.name));
    }
    println!("{cases} cases");
    let names = required();
    let count = |name: &String| counted.get(name).copied().unwrap_or(0);
    for name in &names {
        println!("{:>9} {name}", count(name));
    }
    let missed: Vec<&String> = names.iter().filter(|name| count(name) == 0).collect();
    assert!(missed.is_empty(), "not reached: {missed:?}");
}
