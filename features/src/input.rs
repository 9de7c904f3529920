//! What a model takes, and tables of integers as its inputs.

use tern_model::network::{Model, Sequence};

use crate::table::{Reader, Wanted};

/// Whether the model's preprocessing, known or not, is another than that of real features.
pub fn takes_recordings(model: &Model) -> bool {
    model.preprocessing.is_some() && !is_scaled(model)
}

/// Whether real features are what the model's preprocessing begins with.
pub fn is_scaled(model: &Model) -> bool {
    let features = model.preprocessing.as_ref().and_then(|p| p.get("features"));
    features.is_some_and(|features| features == "scaled")
}

/// The inputs `[time][input_size]` in the bytes of a file.
///
/// # Errors
/// What is wrong with them.
pub fn integers(bytes: &[u8], reader: Reader<i128>, model: &Model) -> Result<Sequence, String> {
    let high = model.input_max();
    let low = match model.input_bits {
        2 => -high,
        _ => -high - 1,
    };
    let wanted = Wanted {
        columns: Some(model.input_size),
        element: &format!("an integer from {low} to {high}"),
        holds: &|value| (i128::from(low)..=i128::from(high)).contains(value),
    };
    let table = reader(bytes, &wanted)?.into_iter();
    // Every element is within the range of the model's inputs.
    Ok(table
        .map(|step| step.into_iter().map(|value| value as i32).collect())
        .collect())
}
