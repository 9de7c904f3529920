//! What a model file says beside the network. Others may add fields and kinds of preprocessing of their own, which are theirs.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::file::plain_number;
use crate::network::Model;

/// Kinds of preprocessing that begin with one offset and one scale for each element of the input.
const SCALED: [&str; 2] = ["log-mel", "scaled"];

impl Model {
    /// Checks that preprocessing and training are objects, and the constants of the preprocessing where its kind is a known one.
    pub(crate) fn validate_descriptions(&self) -> Result<(), Error> {
        object("training", self.training.as_ref())?;
        let Some(preprocessing) = object("preprocessing", self.preprocessing.as_ref())? else {
            return Ok(());
        };
        let kind = preprocessing.get("features").and_then(Value::as_str);
        if !kind.is_some_and(|kind| SCALED.contains(&kind)) {
            return Ok(());
        }
        self.constants(preprocessing, "offset", f64::MIN, "a number")?;
        self.constants(preprocessing, "scale", 0.0, "0 or more")
    }

    /// Checks that a field holds a number of at least `least` for each element of the input.
    fn constants(
        &self,
        preprocessing: &Map<String, Value>,
        field: &str,
        least: f64,
        expected: &str,
    ) -> Result<(), Error> {
        let place = format!("preprocessing.{field}");
        let size = self.input_size;
        let expect = |what: String| {
            let problem = format!("{what}, expected a list of {size} numbers, one an input");
            Error::new(&place, problem)
        };
        let numbers = match preprocessing.get(field) {
            Some(Value::Array(numbers)) if numbers.len() == size => numbers,
            Some(Value::Array(numbers)) => {
                return Err(expect(format!("is a list of {}", numbers.len())));
            }
            Some(other) => return Err(expect(format!("is {}", kind(other)))),
            None => return Err(expect("is missing".to_owned())),
        };
        let wrong = |number: &Value| !number.as_f64().is_some_and(|number| number >= least);
        match numbers.iter().position(wrong) {
            None => Ok(()),
            Some(index) => {
                let found = numbers[index].as_f64().map(plain_number);
                let found = found.unwrap_or_else(|| kind(&numbers[index]).to_owned());
                let problem = format!("is {found}, expected {expected}");
                Err(Error::new(format!("{place}.{index}"), problem))
            }
        }
    }
}

/// The fields of a description, where there is one.
fn object<'v>(
    place: &str,
    value: Option<&'v Value>,
) -> Result<Option<&'v Map<String, Value>>, Error> {
    match value {
        None => Ok(None),
        Some(Value::Object(fields)) => Ok(Some(fields)),
        Some(other) => {
            let problem = format!("is {}, expected an object", kind(other));
            Err(Error::new(place, problem))
        }
    }
}

/// What a value is, in words.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
