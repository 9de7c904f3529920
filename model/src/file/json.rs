//! JSON read with errors in words: the field, what was found there and what was expected.

use std::fmt;

use serde::Deserialize;
use serde::de::IgnoredAny;

/// What the Rust types of fields are called in JSON.
const TYPES: [(&str, &str); 24] = [
    ("expected u8", "expected a whole number of 8 bits"),
    ("expected i32", "expected an integer of 32 bits"),
    ("expected u32", "expected a whole number of 32 bits"),
    ("expected u64", "expected a whole number"),
    ("expected usize", "expected a whole number"),
    ("expected i64", "expected an integer"),
    ("expected f64", "expected a number"),
    ("invalid type: ", "found "),
    ("invalid value: ", "found "),
    ("invalid length ", "found a list of length "),
    ("found sequence", "found a list"),
    ("found map", "found an object"),
    ("expected fewer elements in array", "expected a shorter one"),
    ("expected a sequence", "expected a list"),
    ("expected a map", "expected an object"),
    ("unknown variant", "unknown name"),
    ("expected string or map", "expected a name in quotes"),
    ("expected variant identifier", "expected a name in quotes"),
    // TOML's own words.
    ("wanted string or table", "expected a name in quotes"),
    ("` as i128", "`"),
    ("expected an array of length", "expected a list of length"),
    // What a text breaks of the grammar.
    ("EOF while parsing ", "it ends within "),
    (
        TOO_DEEP,
        "lists and objects stand within each other more than 127 deep",
    ),
    ("trailing characters", "more follows its end"),
];
/// What the parser says where it gives up on a text that may well be JSON.
const TOO_DEEP: &str = "recursion limit exceeded";
/// How it begins that a field is missing, whose name follows in backquotes.
const MISSING: &str = "missing field `";
/// What stands before a number with a fraction that was found.
const FRACTION: &str = "floating point `";
/// What stands before the name of a Rust type that is an object in JSON.
const OBJECTS: [&str; 2] = ["expected struct ", "expected internally tagged enum "];

/// Why a text is not the JSON that was expected.
#[derive(Debug)]
pub struct Fault {
    /// The field at fault, such as `layers[0].lut_bits`; none for the text as a whole.
    pub field: Option<String>,
    /// What is wrong, to be read after the field or the name of the text: `cannot be read: field ... is missing`.
    pub problem: String,
    /// The error of the parser.
    pub source: serde_json::Error,
}

impl Fault {
    /// The field at fault in a value that stands at `place` itself: `place`, or `place.field`.
    pub fn path(&self, place: &str) -> String {
        let field = self.field.iter().map(|field| format!(".{field}"));
        place.to_owned() + &field.collect::<String>()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "field `{field}` {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

/// The value that `text` describes.
///
/// # Errors
/// When `text` is not JSON, or has other fields or types.
pub fn read_json<'d, T: Deserialize<'d>>(text: &'d str) -> Result<T, Fault> {
    let text = without_mark(text);
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // The parser's path is a full stop for the whole, and ends in a question mark where a name cannot be read.
        let path = error.path().to_string();
        let field = path.trim_end_matches('?').trim_end_matches('.').to_owned();
        let is_json = || serde_json::from_str::<IgnoredAny>(text).is_ok();
        fault(
            (!field.is_empty()).then_some(field),
            error.into_inner(),
            is_json,
        )
    })?;
    json.end().map_err(|error| fault(None, error, || false))?;
    Ok(value)
}

/// A text without the mark of its encoding, which some editors put before the first character.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The value that `value`, read before, describes.
///
/// # Errors
/// When it has other fields or types.
pub fn read_value<'d, T: Deserialize<'d>>(value: &'d serde_json::Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = (path != ".").then_some(path);
        fault(field, error.into_inner(), || true)
    })
}

/// The words of an error of serde with the names of JSON's types, and of TOML's, in place of Rust's.
pub fn plain_types(words: &str) -> String {
    let words = TYPES
        .iter()
        .fold(missing(&short(words)), |words, (rust, json)| {
            words.replace(rust, json)
        });
    let mut objects = OBJECTS.iter();
    let Some((before, named)) = objects.find_map(|start| words.split_once(start)) else {
        return words;
    };
    let after = named.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    // A list may stand for a structure, and is told how many elements it should have.
    let after = after.strip_prefix(" with ").map_or(after, |count| {
        count
            .split_once(" element")
            .map_or(after, |(_, rest)| rest.trim_start_matches('s'))
    });
    format!("{before}expected an object{after}")
}

/// The words as a sentence about the field that is missing, where they say that one is.
fn missing(words: &str) -> String {
    let found = words.strip_prefix(MISSING);
    match found.and_then(|rest| rest.split_once('`')) {
        Some((field, rest)) => format!("field `{field}` is missing{rest}"),
        None => words.to_owned(),
    }
}

/// The words with the number that was found written out only where it is short: `1e300` has 300 digits.
fn short(words: &str) -> String {
    let found = words.split_once(FRACTION);
    let found = found.and_then(|(before, rest)| Some((before, rest.split_once('`')?)));
    match found {
        Some((before, (number, after))) => {
            let value = number.parse().map_or(number.to_owned(), plain_number);
            format!("{before}{FRACTION}{value}`{after}")
        }
        None => words.to_owned(),
    }
}

/// A number in as many characters as it needs, with an exponent where it is very large or small.
pub fn plain_number(number: f64) -> String {
    let plain = number == 0.0 || !number.is_finite() || (1e-6..1e15).contains(&number.abs());
    match plain {
        true => number.to_string(),
        false => format!("{number:e}"),
    }
}

fn fault(
    field: Option<String>,
    source: serde_json::Error,
    is_json: impl FnOnce() -> bool,
) -> Fault {
    let words = source.to_string();
    if !source.is_data() && !words.starts_with(TOO_DEEP) && is_json() {
        // The parser takes something else for a fault of grammar where the name of a choice should stand.
        let (line, column) = (source.line(), source.column());
        let problem =
            format!("cannot be read: expected a name in quotes at line {line} column {column}");
        return Fault {
            field,
            problem,
            source,
        };
    }
    if !source.is_data() {
        // The error names line and column; the field that is read there has no fault of its own.
        let problem = format!("cannot be read as JSON: {}", plain_types(&words));
        return Fault {
            field: None,
            problem,
            source,
        };
    }
    Fault {
        field,
        problem: format!("cannot be read: {}", plain_types(&words)),
        source,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{plain_number, plain_types, read_json, read_value};

    #[derive(Debug, Deserialize)]
    struct Sizes {
        #[serde(rename = "width")]
        _width: usize,
        #[serde(rename = "kind")]
        _kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Wide,
    }

    #[test]
    fn an_error_has_the_field_and_no_word_of_rust() {
        for (text, field, problem) in [
            (
                r#"{"width": 1.5, "kind": "wide"}"#,
                "width",
                "expected a whole number",
            ),
            (
                r#"{"width": 1, "kind": null}"#,
                "kind",
                "expected a name in quotes",
            ),
            (
                r#"{"width": 1, "kind": -1}"#,
                "kind",
                "expected a name in quotes",
            ),
            (
                r#"{"width": 1, "kind": "narrow"}"#,
                "kind",
                "unknown name `narrow`, expected `wide`",
            ),
            ("[]", "", "found a list of length 0, expected an object at"),
            (
                r#"{"kind": "wide"}"#,
                "",
                "cannot be read: field `width` is missing at",
            ),
            (
                r#"{"width": 1, "kind": "wide", "more": [1, 2"#,
                "",
                "cannot be read as JSON: it ends within a list at",
            ),
            ("3", "", "expected an object at"),
            (
                r#"{"width": [], "kind": "wide"}"#,
                "width",
                "found a list, expected a whole number",
            ),
            (r#"{"width": 1, "#, "", "cannot be read as JSON"),
        ] {
            let fault = read_json::<Sizes>(text).expect_err(text);
            assert_eq!(fault.field.as_deref().unwrap_or(""), field, "{text}");
            assert!(fault.problem.contains(problem), "{text}: {}", fault.problem);
        }
        let value = serde_json::json!({"width": "a", "kind": "wide"});
        let fault = read_value::<Sizes>(&value).expect_err("a text");
        assert_eq!(fault.path("sizes"), "sizes.width");
        let whole = read_value::<Sizes>(&serde_json::Value::Null).expect_err("nothing");
        assert_eq!(whole.path("sizes"), "sizes");
        assert!(
            fault.problem.ends_with("expected a whole number"),
            "{}",
            fault.problem
        );
        for (words, plain) in [
            (
                "x, expected struct A_b with 3 elements at 1",
                "x, expected an object at 1",
            ),
            ("wanted string or table", "expected a name in quotes"),
            (
                "integer `3`, expected variant identifier",
                "integer `3`, expected a name in quotes",
            ),
            (
                &format!("floating point `1{}.0`, expected u32", "0".repeat(300)),
                "floating point `1e300`, expected a whole number of 32 bits",
            ),
            ("floating point `1.5`", "floating point `1.5`"),
            (
                "integer `99999999999999999999` as i128, expected u64",
                "integer `99999999999999999999`, expected a whole number",
            ),
        ] {
            assert_eq!(plain_types(words), plain);
        }
    }

    #[test]
    fn lists_too_deep_or_too_long_are_told_as_such() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let fault = read_json::<serde_json::Value>(&deep).expect_err("too deep");
        assert_eq!(
            fault.to_string(),
            "cannot be read as JSON: lists and objects stand within each other more than 127 deep at line 1 column 128"
        );
        let long = serde_json::json!([1, 2, 3, 4, 5]);
        let fault = read_value::<[u32; 3]>(&long).expect_err("too long");
        assert_eq!(
            fault.to_string(),
            "cannot be read: found a list of length 5, expected a shorter one"
        );
    }

    #[test]
    fn a_mark_of_the_encoding_is_no_part_of_the_text() {
        let text = "\u{feff}{\"width\": 1, \"kind\": \"wide\"}";
        assert!(read_json::<Sizes>(text).is_ok());
    }

    #[test]
    fn a_number_is_as_short_as_it_can_be() {
        for (number, text) in [
            (0.0, "0"),
            (0.004, "0.004"),
            (-1500.0, "-1500"),
            (1e300, "1e300"),
            (-2.5e-9, "-2.5e-9"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(plain_number(number), text);
        }
    }
}
