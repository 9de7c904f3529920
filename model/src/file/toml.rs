//! TOML read with errors in words: the line or the field, what was found there and what was expected.

use serde::de::DeserializeOwned;

use super::json::{plain_types, without_mark};

/// The value that a TOML text describes.
///
/// # Errors
/// When it is not TOML, or has other fields or types; the sentence names the line or the field.
pub fn read_toml<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let text = without_mark(text);
    let toml = ::toml::Deserializer::parse(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = 1 + before.unwrap_or_default().matches('\n').count();
        format!("not a TOML file: line {line}: {}", error.message())
    })?;
    serde_path_to_error::deserialize(toml).map_err(|error| {
        let why = plain_types(error.inner().message());
        // The parser's path is a full stop for the whole, and ends in a question mark where a name cannot be read.
        match error.path().to_string().trim_end_matches(['?', '.']) {
            "" => format!("cannot be read: {why}"),
            field => format!("field `{field}` cannot be read: {why}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::read_toml;

    #[test]
    fn a_text_that_is_not_as_expected_is_told_by_line_or_field() {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Schedule {
            Cosine,
        }
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            #[serde(rename = "units")]
            _units: u32,
            #[serde(rename = "schedule")]
            _schedule: Option<Schedule>,
        }
        for (text, expected) in [
            (
                "units = 3\nunits = 4",
                "not a TOML file: line 2: duplicate key",
            ),
            ("units = [\nx = 1", "not a TOML file: line 2: "),
            (
                "units = 1e300",
                "field `units` cannot be read: found floating point `1e300`, expected a whole number of 32 bits",
            ),
            (
                "units = 1\nschedule = 3",
                "field `schedule` cannot be read: expected a name in quotes",
            ),
            (
                "units = 99999999999999999999",
                "field `units` cannot be read: found integer `99999999999999999999`, expected a whole number of 32 bits",
            ),
            (
                "unit = 1",
                "field `unit` cannot be read: unknown field `unit`, expected ",
            ),
            ("", "cannot be read: field `units` is missing"),
        ] {
            let error = read_toml::<Written>(text).expect_err(text);
            assert!(error.starts_with(expected), "{expected}: {error}");
        }
        assert!(read_toml::<Written>("\u{feff}units = 3").is_ok());
    }
}
