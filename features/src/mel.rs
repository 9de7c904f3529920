//! The mel filter bank.

/// Triangular filters over the bins of a power spectrum, equally spaced on the mel scale.
#[derive(Clone, Debug)]
pub(crate) struct MelFilters {
    /// Of each filter, the first bin it covers and its weights from there on.
    filters: Vec<(usize, Vec<f64>)>,
}

impl MelFilters {
    /// `count` filters between `low_hz` and `high_hz` over the bins of an FFT of `fft_size` points.
    pub(crate) fn new(
        count: usize,
        low_hz: f64,
        high_hz: f64,
        fft_size: usize,
        sample_rate_hz: f64,
    ) -> MelFilters {
        let (low, high) = (mel(low_hz), mel(high_hz));
        let corner = |i: usize| hz(low + (high - low) * i as f64 / (count + 1) as f64);
        let bin_hz = sample_rate_hz / fft_size as f64;
        let filters = (0..count)
            .map(|i| triangle([corner(i), corner(i + 1), corner(i + 2)], bin_hz, fft_size))
            .collect();
        MelFilters { filters }
    }

    /// Power in each filter's band.
    pub(crate) fn apply(&self, power: &[f64]) -> impl Iterator<Item = f64> {
        self.filters.iter().map(|(first, weights)| {
            let bins = &power[*first..first + weights.len()];
            bins.iter().zip(weights).map(|(p, w)| p * w).sum()
        })
    }
}

/// Mel of a frequency, O'Shaughnessy's formula.
fn mel(hz: f64) -> f64 {
    2595.0 * (1.0 + hz / 700.0).log10()
}

fn hz(mel: f64) -> f64 {
    700.0 * (10f64.powf(mel / 2595.0) - 1.0)
}

/// First bin and weights of a triangle over frequencies `[left, centre, right]`. A triangle so
/// narrow that no bin falls inside takes the bin next to its centre.
fn triangle([left, centre, right]: [f64; 3], bin_hz: f64, fft_size: usize) -> (usize, Vec<f64>) {
    let weight = |bin: usize| {
        let f = bin as f64 * bin_hz;
        ((f - left) / (centre - left)).min((right - f) / (right - centre))
    };
    let bins = 0..=fft_size / 2;
    let inside: Vec<usize> = bins.filter(|&bin| weight(bin) > 0.0).collect();
    match inside.first() {
        Some(&first) => (first, inside.iter().map(|&bin| weight(bin)).collect()),
        None => ((centre / bin_hz).round() as usize, vec![1.0]),
    }
}
