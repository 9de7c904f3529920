//! Networks that are too large for a device's single-port RAMs.

use crate::design::{Design, Weights};
use crate::error::{Error, ErrorKind};
use crate::program::shape_of;
use crate::shape::load::{SINGLE_PORT_BITS, SINGLE_PORT_WORDS};
use tern_model::network::Model;

/// Why the weights do not fit the single-port RAMs of the device, one of which holds those of a PE, even where every PE has one and
/// reads all its bits; nothing where they fit.
pub(super) fn too_deep(model: &Model, like: &Design) -> Option<Error> {
    let device = like.device;
    let columns = |columns: usize| -> Result<_, Error> {
        let design = Design {
            weights: Weights::Stream,
            rows: device.single_port_rams / columns,
            lanes: SINGLE_PORT_BITS / 2,
            ..like.clone().with_columns(columns)?
        };
        Ok(shape_of(model, &design)?.0)
    };
    let shape = columns(3).or_else(|_| columns(4)).ok()?;
    let words = shape.weight_words();
    (words > SINGLE_PORT_WORDS).then(|| {
        Error::new(
            ErrorKind::Device,
            format!(
                "no array for the network fits device {device}: a single-port RAM holds the weights of a processing element and has {SINGLE_PORT_WORDS} words of {SINGLE_PORT_BITS} bits, expected at least {words}"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use tern_model::network::CellKind;
    use tern_model::random::{RandomSpec, random_model};

    use crate::sizing::Candidate;

    #[test]
    fn the_depth_of_a_single_port_ram_is_named_where_it_is_the_limit() {
        let refusal = |hidden: usize| {
            let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 16, hidden), 1);
            Candidate::all(&model, "ice40-up5k")
                .map(|all| all.len())
                .map_err(|error| error.to_string())
        };
        assert!(refusal(200).is_ok(), "it fits");
        // Words per unit: 2 chunks of x, which all its planes read, and 50 of the hidden state.
        let error = refusal(400).expect_err("it does not fit");
        assert!(
            error.contains("16384 words of 16 bits, expected at least 20800"),
            "{error}"
        );
        assert!(!error.contains("block RAMs"), "{error}");
    }
}
