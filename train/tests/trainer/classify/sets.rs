//! Data sets as users bring them: of different length, width and number, each from a seed.

use std::f64::consts::TAU;
use std::path::Path;

use fastrand::Rng;

/// A kind of data set and its size.
pub struct Set {
    pub name: &'static str,
    /// Classes, and of each the sequences for train, validation and test.
    pub classes: usize,
    pub of_each: [usize; 3],
    /// Draws the time steps of a sequence of a class.
    pub draw: fn(&mut Rng, usize) -> Vec<Vec<f64>>,
}

/// A number from a bell curve of mean 0 and deviation 1.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

fn noise(rng: &mut Rng, features: usize, deviation: f64) -> Vec<f64> {
    (0..features).map(|_| deviation * normal(rng)).collect()
}

pub const SETS: [Set; 11] = [
    Set {
        name: "sign of one of 2 features, 10 steps",
        classes: 2,
        of_each: [8, 2, 20],
        draw: |_, class| vec![vec![[1.0, -1.0][class], 5.0]; 10],
    },
    Set {
        name: "dozen of 3 features, 3 to 9 steps",
        classes: 2,
        of_each: [4, 2, 50],
        draw: |rng, class| {
            let steps = rng.usize(3..10);
            let slope = [0.4, -0.4][class];
            let row = |t: usize| {
                let mut row = noise(rng, 3, 0.3);
                row[1] += slope * t as f64;
                row
            };
            (0..steps).map(row).collect()
        },
    },
    Set {
        name: "points: 4 features, 1 step",
        classes: 3,
        of_each: [20, 6, 60],
        draw: |rng, class| {
            let mut row = noise(rng, 4, 0.7);
            row[class] += 2.5;
            row[3] = 200.0 + 10.0 * row[3];
            vec![row]
        },
    },
    Set {
        name: "motions: 6 features, 100 steps",
        classes: 4,
        of_each: [8, 2, 20],
        draw: |rng, class| {
            let phase = TAU * rng.f64();
            let pace = [0.05, 0.05, 0.11, 0.11][class] * (0.9 + 0.2 * rng.f64());
            let strength = [0.3, 1.0, 0.3, 1.0][class];
            let row = |t: usize| {
                let mut row = noise(rng, 6, 0.4);
                let angle = TAU * pace * t as f64 + phase;
                row[0] += strength * angle.sin();
                row[2] += strength * angle.cos();
                row[5] += 9.8 + 0.3 * (2.0 * angle).sin();
                row
            };
            (0..100).map(row).collect()
        },
    },
    Set {
        name: "pitch: 1 feature, 200 steps",
        classes: 2,
        of_each: [20, 5, 50],
        draw: |rng, class| {
            let phase = TAU * rng.f64();
            let pace = [0.04, 0.07][class];
            let row = |t: usize| {
                let angle: f64 = TAU * pace * t as f64 + phase;
                vec![angle.sin() + 0.3 * normal(rng)]
            };
            (0..200).map(row).collect()
        },
    },
    Set {
        name: "wide: 40 features, 20 steps",
        classes: 2,
        of_each: [30, 10, 50],
        draw: |rng, class| {
            let row = |_: usize| {
                let mut row = noise(rng, 40, 1.0);
                row[7] += [0.5, -0.5][class];
                row[23] += [-0.5, 0.5][class];
                row
            };
            (0..20).map(row).collect()
        },
    },
    Set {
        name: "memory: the first of 15 steps",
        classes: 3,
        of_each: [60, 15, 50],
        draw: |rng, class| {
            let row = |t: usize| {
                let mut row = noise(rng, 3, 0.3);
                if t == 0 {
                    row[class] += 2.0;
                }
                row
            };
            (0..15).map(row).collect()
        },
    },
    Set {
        name: "order of two pulses, 30 steps",
        classes: 2,
        of_each: [50, 12, 50],
        draw: |rng, class| {
            let first = rng.usize(2..13);
            let second = rng.usize(first + 3..28);
            let row = |t: usize| {
                let mut row = noise(rng, 2, 0.1);
                if t == first {
                    row[class] += 1.0;
                }
                if t == second {
                    row[1 - class] += 1.0;
                }
                row
            };
            (0..30).map(row).collect()
        },
    },
    Set {
        name: "ten classes, 8 features, 12 steps",
        classes: 10,
        of_each: [20, 5, 20],
        draw: |rng, class| {
            let row = |t: usize| {
                let mut row = noise(rng, 8, 0.5);
                row[class % 5] += 1.2 * (t as f64 / 4.0 + (class / 5) as f64 * 1.5).sin();
                row
            };
            (0..12).map(row).collect()
        },
    },
    Set {
        name: "number of peaks, 1 feature, 20 steps",
        classes: 3,
        of_each: [60, 15, 50],
        draw: |rng, class| {
            let mut places: Vec<usize> = (0..10).collect();
            rng.shuffle(&mut places);
            let peaks = &places[..class + 1];
            let row = |t: usize| {
                let peak = t.is_multiple_of(2) && peaks.contains(&(t / 2));
                vec![0.1 * normal(rng) + if peak { 1.0 } else { 0.0 }]
            };
            (0..20).map(row).collect()
        },
    },
    Set {
        name: "walks: 3 features, 40 to 80 steps",
        classes: 3,
        of_each: [15, 5, 40],
        draw: |rng, class| {
            let steps = rng.usize(40..81);
            let mut at = vec![50.0, -3.0, 0.0];
            let row = |_: usize| {
                for (k, at) in at.iter_mut().enumerate() {
                    *at += 0.3 * normal(rng) + if k == class { 0.15 } else { 0.0 };
                }
                at.clone()
            };
            (0..steps).map(row).collect()
        },
    },
];

impl Set {
    /// Writes the set to a folder, as `tern train folder` takes it.
    pub fn write(&self, folder: &Path) {
        let mut rng = Rng::with_seed(7);
        let mut list = String::from("file,label,split\n");
        let parts = ["train", "validation", "test"];
        for (part, count) in parts.into_iter().zip(self.of_each) {
            for k in 0..count * self.classes {
                let class = k % self.classes;
                let name = format!("{part}-{k}.csv");
                let rows = (self.draw)(&mut rng, class);
                std::fs::write(folder.join(&name), csv(&rows)).unwrap();
                list += &format!("{name},class {class},{part}\n");
            }
        }
        std::fs::write(folder.join("labels.csv"), list).unwrap();
    }
}

/// A table as CSV.
pub fn csv(rows: &[Vec<f64>]) -> String {
    let line = |row: &Vec<f64>| {
        let values: Vec<String> = row.iter().map(|v| v.to_string()).collect();
        values.join(",") + "\n"
    };
    rows.iter().map(line).collect()
}
