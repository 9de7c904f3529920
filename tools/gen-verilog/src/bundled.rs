//! The network that ships with Tern, and the array chosen for it.

use tern_compile::design::Design;
use tern_model::network::Model;

use crate::failure::Failure;

/// The bytes of its file.
pub const MODEL: &[u8] = include_bytes!("../models/spoken-digits.safetensors");
const DESIGN: &str = include_str!("../models/spoken-digits.design.json");

/// The spoken-digit network.
pub fn model() -> Result<Model, Failure> {
    Model::from_bytes(MODEL)
        .map_err(|error| Failure::input(format!("the bundled model spoken-digits: {error}")))
}

/// The array of the spoken-digit network on the iCE40 HX8K.
pub fn design() -> Result<Design, Failure> {
    Design::from_json(DESIGN)
        .map_err(|error| Failure::input(format!("the bundled design spoken-digits: {error}")))
}
