//! The first field in which two values of one kind differ.

use serde::Serialize;
use serde_json::Value;

/// The first field in which `found` differs from `expected`, as a part of a sentence: "field `a.b` is 1, expected 2".
/// Both are compared as the JSON that they are written as.
pub fn difference<T: Serialize>(found: &T, expected: &T) -> Option<String> {
    let value = |of: &T| serde_json::to_value(of).unwrap_or_default();
    first("", &value(found), &value(expected))
}

/// The first difference at `path` or below it; what is absent is null.
fn first(path: &str, found: &Value, expected: &Value) -> Option<String> {
    let below = |name: String, found: Option<&Value>, expected: Option<&Value>| {
        let path = [path, &name].join(if path.is_empty() { "" } else { "." });
        first(
            &path,
            found.unwrap_or(&Value::Null),
            expected.unwrap_or(&Value::Null),
        )
    };
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let mut names = expected.keys().chain(found.keys());
            names.find_map(|name| below(name.clone(), found.get(name), expected.get(name)))
        }
        (Value::Array(found), Value::Array(expected)) => {
            let mut places = 0..found.len().max(expected.len());
            places.find_map(|k| below(k.to_string(), found.get(k), expected.get(k)))
        }
        _ => {
            let sentence = format!("field `{path}` is {found}, expected {expected}");
            (found != expected).then_some(sentence)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::difference;
    use serde_json::{Value, json};

    #[test]
    fn the_first_field_that_differs_is_named() {
        let expected = || {
            let layer = |size| json!({"shift": [1, 2], "size": size});
            json!({"bits": 4, "layers": [layer(Some(3)), layer(None)], "name": "a: b"})
        };
        assert_eq!(difference(&expected(), &expected()), None);
        let told = |change: fn(&mut Value)| {
            let mut found = expected();
            change(&mut found);
            difference(&found, &expected()).expect("a difference")
        };
        assert_eq!(
            told(|found| found["layers"][1]["shift"] = json!([1, 7])),
            "field `layers.1.shift.1` is 7, expected 2"
        );
        assert_eq!(
            told(|found| found["layers"][0]["size"] = Value::Null),
            "field `layers.0.size` is null, expected 3"
        );
        assert_eq!(
            told(|found| found["name"] = json!("c")),
            "field `name` is \"c\", expected \"a: b\""
        );
        let shorter = told(|found| found["layers"] = json!([found["layers"][0]]));
        assert!(
            shorter.starts_with("field `layers.1` is null, expected {"),
            "{shorter}"
        );
    }
}
