//! The page: facts and pictures in one self-contained HTML file.

use minijinja::{Environment, context};
use serde::Serialize;

use crate::compare;
use crate::error::Error;
use crate::facts::{Core, Facts};
use crate::palette::variables;
use crate::picture::{Pictures, roofline};
use crate::view::View;

/// The templates by name; those that end in `.html` escape what they are given.
const TEMPLATES: [(&str, &str); 8] = [
    ("page.html", include_str!("templates/page.html")),
    ("core.html", include_str!("templates/core.html")),
    ("compare.html", include_str!("templates/compare.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("network.html", include_str!("templates/network.html")),
    ("hardware.html", include_str!("templates/hardware.html")),
    ("proof.html", include_str!("templates/proof.html")),
    ("style.css", include_str!("templates/style.css")),
];

/// A core with all that a template shows of it.
#[derive(Serialize)]
struct Shown<'f> {
    facts: &'f Core,
    view: View,
    pictures: Pictures,
}

/// The page of a report: of one core, or of several side by side.
///
/// # Errors
/// When a picture cannot be drawn or a template cannot be filled.
pub fn page(facts: &Facts) -> Result<String, Error> {
    let mut environment = Environment::new();
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let shown = |core| {
        Ok(Shown {
            facts: core,
            view: View::of(core),
            pictures: Pictures::of(core)?,
        })
    };
    let cores: Result<Vec<Shown>, Error> = facts.cores.iter().map(shown).collect();
    let page = environment.get_template("page.html")?.render(context! {
        tern_version => facts.tern_version,
        colours => variables(),
        cores => cores?,
        roofline => roofline(&facts.cores)?,
        rows => compare::rows(&facts.cores),
    });
    Ok(page?)
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::facts::{Core, Facts};
    use crate::sample::{core, measured};

    fn facts(cores: Vec<Core>) -> Facts {
        Facts {
            tern_version: "0.1.0".to_owned(),
            cores,
        }
    }

    #[test]
    fn what_was_not_measured_is_said_with_its_command() {
        let page = page(&facts(vec![core()])).expect("a page");
        for words in [
            "Not synthesized",
            "tern synth --out here",
            "Not verified",
            "tern verify --out here",
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert!(
            page.contains("tiny &lt;b&gt;") && !page.contains("<b>"),
            "names are escaped"
        );
    }

    #[test]
    fn the_page_needs_no_other_file_and_every_picture_has_words() {
        let page = page(&facts(vec![core()])).expect("a page");
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
        assert!(page.contains("name=\"viewport\"") && page.contains("prefers-color-scheme:dark"));
        for words in [
            "http:", "https:", "src=", "url(", "@import", "<script", "#0102",
        ] {
            assert!(!page.contains(words), "{words}");
        }
        // An icon that is here keeps browsers from asking for one.
        let links: Vec<&str> = page.split("<link").skip(1).collect();
        assert!(links.len() == 1 && links[0].contains("href=\"data:,\""));
        let pictures: Vec<&str> = page.split("<svg ").skip(1).collect();
        assert_eq!(pictures.len(), 4, "array, roofline, step and memories");
        for svg in pictures {
            let (tag, _) = svg.split_once('>').expect("a tag");
            assert!(
                tag.contains("role=\"img\" aria-label=\"") && tag.contains("viewBox"),
                "{tag}"
            );
        }
    }

    #[test]
    fn a_measured_core_shows_everything_with_units() {
        let page = page(&facts(vec![measured()])).expect("a page");
        let pictures = [
            ("The array", "gate i"),
            ("Roofline", "GOPS"),
            ("One time step", "clock cycle of the step"),
            ("Memory map", "8 of 32 block RAMs"),
            ("Area by module", "480 LUT4s"),
            ("Clock frequency by seed", "highest clock frequency, MHz"),
            ("The slowest path", "delay, ns"),
            ("Floor plan", "tern_activation, 2"),
            ("Activity", "elements in a time step, on average"),
            (
                "How often how much changes",
                "changed elements in a time step",
            ),
        ];
        for (title, words) in pictures {
            let figure = page
                .split("<figure>")
                .find(|part| part.contains(&format!("<h3>{title}</h3>")));
            let figure = figure.unwrap_or_else(|| panic!("no picture {title}"));
            let (svg, _) = figure.split_once("</svg>").expect("a picture");
            let (_, drawn) = svg
                .split_once("aria-label")
                .and_then(|(_, svg)| svg.split_once('>'))
                .expect("a tag");
            assert!(drawn.contains(words), "{title}: {drawn}");
        }
        assert_eq!(page.matches("<svg ").count(), pictures.len());
        // 20 cycles at 133.3 MHz; 19 of 20; two differences are not called good.
        for words in [
            "0.15 µs",
            "95.00 %",
            "<td class=\"bad\">2</td>",
            "Not run: icarus",
            "One constant",
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains("class=\"missing\""), "nothing is missing");
    }

    #[test]
    fn several_cores_stand_side_by_side() {
        let mut other = core();
        other.name = "tiny, events, ice40-hx8k".to_owned();
        let page = page(&facts(vec![core(), other])).expect("a page");
        for words in [
            "tiny, dense, ice40-hx8k",
            "tiny, events, ice40-hx8k",
            "cycles per time step, mean",
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert_eq!(
            page.matches("<svg ").count(),
            7,
            "three of each core and one roofline"
        );
    }

    #[test]
    fn facts_are_read_as_they_are_written() {
        let facts = facts(vec![core()]);
        let text = serde_json::to_string(&facts).expect("JSON");
        assert_eq!(serde_json::from_str::<Facts>(&text).expect("facts"), facts);
    }
}
