//! Which points are worth a closer look.

use super::{Point, groups};

/// A point that takes at most this much more time than the fastest is as fast.
const AS_FAST: f64 = 0.01;

/// Marks the Pareto front of each network and device, and the point to take: of those that are as fast as the fastest, within 1 %,
/// the one of the fewest logic cells.
pub fn choose(points: &mut [Point]) {
    let of = |point: &Point| point.figures().map(|f| (f.time(), f.cells()));
    let chosen: Vec<(usize, bool)> = groups(points)
        .into_iter()
        .flat_map(|group| {
            let members = points.iter().enumerate();
            let members = members.filter(|(_, point)| point.group() == group);
            let members: Vec<(usize, (f64, usize))> = members
                .filter_map(|(k, point)| Some((k, of(point)?)))
                .collect();
            let fastest = members
                .iter()
                .map(|(_, (time, _))| *time)
                .fold(f64::INFINITY, f64::min);
            let best = members
                .iter()
                .filter(|(_, (time, _))| *time <= fastest * (1.0 + AS_FAST))
                .min_by(|(_, a), (_, b)| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0)))
                .map(|(k, _)| *k);
            let beaten = |(time, cells): (f64, usize)| {
                members.iter().any(|(_, (other, fewer))| {
                    *other <= time && *fewer <= cells && (*other < time || *fewer < cells)
                })
            };
            let front = members.iter().filter(|(_, figures)| !beaten(*figures));
            let front: Vec<(usize, bool)> = front.map(|(k, _)| (*k, Some(*k) == best)).collect();
            front
        })
        .collect();
    for (k, best) in chosen {
        points[k].front = true;
        points[k].recommended = best;
    }
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::sweep::{Figures, Outcome, Point};

    fn point(network: &str, time: f64, cells: usize) -> Point {
        Point {
            id: format!("{network}-{time}-{cells}"),
            network: network.to_owned(),
            device: "ice40-hx8k".to_owned(),
            array: "1x4".to_owned(),
            dataflow: "dense".to_owned(),
            seed: None,
            outcome: Outcome::Done(Figures {
                columns: 4,
                rows: 1,
                lanes: 4,
                skip: None,
                mean_cycles: time,
                most_cycles: time as u64,
                estimated_cells: cells,
                estimated_block_rams: 1,
                routed: None,
            }),
            front: false,
            recommended: false,
        }
    }

    #[test]
    fn the_front_is_of_one_network_and_device_and_the_smallest_of_the_fastest_is_taken() {
        let mut points = vec![
            point("a", 400.0, 100),
            point("a", 200.0, 200),
            point("a", 210.0, 250),
            point("a", 101.0, 300),
            point("a", 100.0, 400),
            point("b", 500.0, 500),
        ];
        points[0].outcome = Outcome::Unfit {
            reason: "too large".to_owned(),
        };
        choose(&mut points);
        let marks: Vec<(bool, bool)> = points.iter().map(|p| (p.front, p.recommended)).collect();
        let (on, off) = ((true, false), (false, false));
        assert_eq!(marks, [off, on, off, (true, true), on, (true, true)]);
    }
}
