//! Area by module: a rectangle's area is the number of its look-up tables.

use super::Picture;
use super::canvas::{Align, Canvas, TEXT, WIDTH, fitted, picture};
use crate::error::Error;
use crate::facts::{Logic, Module};
use crate::palette::Role;

const HEIGHT: f64 = 300.0;
/// Modules that hold others of the list.
const CONTAINERS: [&str; 4] = ["tern_core", "tern_dense", "tern_events", "tern_units"];
/// Arrays, and the element that each repeats.
const ARRAYS: [(&str, &str); 2] = [
    ("tern_array", "tern_pe"),
    ("tern_event_array", "tern_event_pe"),
];

/// A part of the picture.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    name: String,
    luts: usize,
}

/// A place in the picture: left, top, width, height.
type Place = [f64; 4];

/// The modules of a core, the largest at the left.
pub fn draw(logic: &Logic) -> Result<Option<Picture>, Error> {
    let parts = parts(&logic.modules);
    if parts.is_empty() {
        return Ok(None);
    }
    let listed = parts
        .iter()
        .take(6)
        .map(|part| format!("{} {}", part.name, part.luts));
    let text = format!(
        "LUT4s by module, each synthesized on its own: {}.",
        listed.collect::<Vec<_>>().join(", ")
    );
    let drawn = picture("Area by module", text, HEIGHT, |canvas| {
        let sizes: Vec<f64> = parts.iter().map(|part| part.luts as f64).collect();
        let places = squarified(&sizes, [0.0, 0.0, WIDTH, HEIGHT]);
        for (k, (part, place)) in parts.iter().zip(places).enumerate() {
            area(canvas, part, place, Role::kind(k))?;
        }
        Ok(())
    });
    drawn.map(Some)
}

fn area(canvas: &Canvas, part: &Part, place: Place, role: Role) -> Result<(), Error> {
    let [left, top, width, height] = place;
    let size = ((width - 2.0).max(0.5), (height - 2.0).max(0.5));
    canvas.rectangle((left + 1.0, top + 1.0), size, role)?;
    let lines = [part.name.clone(), format!("{} LUT4s", part.luts)];
    for (k, line) in lines.iter().enumerate() {
        let y = top + 6.0 + TEXT * (0.6 + 1.3 * k as f64);
        if let Some(line) = fitted(line, width - 12.0).filter(|_| y + TEXT < top + height) {
            canvas.text(&line, (left + 6.0, y), Align::Left, Role::Ink)?;
        }
    }
    Ok(())
}

/// The modules that hold no other of the list, all instances together, largest first; of an array what is left besides its elements.
fn parts(modules: &[Module]) -> Vec<Part> {
    // The names of all modules begin with the design's prefix.
    let is = |module: &Module, name: &str| module.module.ends_with(name);
    let inside = modules.iter().skip(1);
    let leaves = inside.filter(|module| !CONTAINERS.iter().any(|name| is(module, name)));
    let part = |module: &Module| {
        let array = ARRAYS.iter().find(|(array, _)| is(module, array));
        let element = array.and_then(|(_, element)| modules.iter().find(|m| is(m, element)));
        let instances = match module.instances {
            1 => module.module.clone(),
            several => format!("{several} × {}", module.module),
        };
        match element {
            Some(element) => Part {
                name: format!("rest of {}", module.module),
                luts: module.all_luts().saturating_sub(element.all_luts()),
            },
            None => Part {
                name: instances,
                luts: module.all_luts(),
            },
        }
    };
    let mut parts: Vec<Part> = leaves.map(part).filter(|part| part.luts > 0).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.luts));
    parts
}

/// Places of `sizes`, in falling order, that fill `whole` and are as square as rows of them can be (Bruls, Huizing and van Wijk, 2000).
fn squarified(sizes: &[f64], whole: Place) -> Vec<Place> {
    let (mut places, mut rest, mut left) = (vec![], sizes, whole);
    while !rest.is_empty() {
        let total: f64 = rest.iter().sum();
        let scale = left[2] * left[3] / total;
        let side = left[2].min(left[3]);
        let worst = |count: usize| {
            let sum = scale * rest[..count].iter().sum::<f64>();
            let thickness = sum / side;
            let ratio = |size: &f64| {
                let length = scale * size / thickness;
                (length / thickness).max(thickness / length)
            };
            rest[..count].iter().map(ratio).fold(0.0, f64::max)
        };
        let mut count = 1;
        while count < rest.len() && worst(count + 1) <= worst(count) {
            count += 1;
        }
        let row = scale * rest[..count].iter().sum::<f64>();
        let (thickness, mut along) = (row / side, 0.0);
        let [x, y, width, height] = left;
        for size in &rest[..count] {
            let length = scale * size / thickness;
            places.push(match width >= height {
                true => [x, y + along, thickness, length],
                false => [x + along, y, length, thickness],
            });
            along += length;
        }
        left = match width >= height {
            true => [x + thickness, y, width - thickness, height],
            false => [x, y + thickness, width, height - thickness],
        };
        rest = &rest[count..];
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{Part, parts, squarified};
    use crate::facts::Module;

    #[test]
    fn areas_are_in_proportion_and_fill_the_picture() {
        let sizes = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
        let places = squarified(&sizes, [0.0, 0.0, 6.0, 4.0]);
        for (size, [x, y, width, height]) in sizes.iter().zip(&places) {
            assert!((width * height - size).abs() < 1e-9, "{places:?}");
            let inside = x + width < 6.0 + 1e-9 && y + height < 4.0 + 1e-9;
            assert!(inside && *x >= 0.0 && *y >= 0.0, "{places:?}");
        }
        for (k, a) in places.iter().enumerate() {
            for b in &places[k + 1..] {
                let apart = |at: usize| {
                    a[at] + a[at + 2] <= b[at] + 1e-9 || b[at] + b[at + 2] <= a[at] + 1e-9
                };
                assert!(apart(0) || apart(1), "{a:?} over {b:?}");
            }
        }
        assert_eq!(places[0], [0.0, 0.0, 3.0, 2.0], "as in the paper");
    }

    #[test]
    fn no_look_up_table_is_counted_twice() {
        let module = |name: &str, instances, luts| Module {
            module: name.to_owned(),
            instances,
            luts,
            flip_flops: 0,
            carries: 0,
            rams: 0,
            single_port_rams: 0,
        };
        let modules = [
            module("a_tern_core", 1, 1000),
            module("a_tern_array", 1, 500),
            module("a_tern_dense", 1, 700),
            module("a_tern_head", 1, 90),
            module("a_tern_pe", 24, 20),
            module("a_tern_activation", 4, 30),
        ];
        let part = |name: &str, luts| Part {
            name: name.to_owned(),
            luts,
        };
        assert_eq!(
            parts(&modules),
            [
                part("24 × a_tern_pe", 480),
                part("4 × a_tern_activation", 120),
                part("a_tern_head", 90),
                part("rest of a_tern_array", 20)
            ]
        );
    }
}
