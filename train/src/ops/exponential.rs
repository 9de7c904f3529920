//! Activations of real-valued cells, fast enough that the matrix products decide the pace.

pub(crate) use tern_features::exponential::exp;

/// `1 / (1 + e^-x)`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh x`.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_activations_are_those_of_the_library() {
        for step in -8600..8800 {
            let x = step as f32 / 100.0;
            let error = (exp(x) / x.exp() - 1.0).abs();
            assert!(error < 1e-6, "e^{x}: {error}");
            assert!((tanh(x) - x.tanh()).abs() < 1e-6, "tanh {x}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(1e9) > 1e38);
        assert_eq!((sigmoid(0.0), tanh(0.0)), (0.5, 0.0));
    }
}
