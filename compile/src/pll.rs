//! The clock of a board's core: a PLL that makes it from the board's oscillator.

use crate::device::DeviceFamily;

/// Frequencies are in Hz.
const MHZ: f64 = 1e6;
/// How far from what is asked for a PLL may be: a thousandth.
const TOLERANCE: f64 = 1e-3;

/// The dividers of a PLL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pll {
    /// `SB_PLL40_CORE` with simple feedback (Lattice FPGA-TN-02052): f = reference · (divf + 1) / (2^divq · (divr + 1)).
    Ice40 {
        /// Divider of the reference, less one.
        divr: u8,
        /// Divider of the feedback, less one.
        divf: u8,
        /// Logarithm of the divider of the output.
        divq: u8,
        /// The loop filter, for the frequency at the phase detector.
        filter: u8,
    },
    /// `EHXPLLL` with its output as feedback (Lattice FPGA-TN-02200): f = reference · feedback / input.
    Ecp5 {
        /// Divider of the reference.
        input: u8,
        /// Divider of the feedback.
        feedback: u8,
        /// Divider of the oscillator's frequency.
        output: u8,
    },
}

impl Pll {
    /// The dividers for `hz` from `reference_hz` on a device of that family, with the oscillator as near to the middle of its
    /// range as they allow.
    ///
    /// # Errors
    /// One sentence, when no dividers make the frequency to a part in a thousand.
    pub fn new(family: DeviceFamily, reference_hz: u32, hz: u32) -> Result<Pll, String> {
        let (reference, wanted) = (f64::from(reference_hz), f64::from(hz));
        let candidates: Vec<(f64, Pll)> = match family {
            DeviceFamily::Ice40 => ice40(reference),
            DeviceFamily::Ecp5 => ecp5(reference, wanted),
        };
        let error = |pll: &Pll| (pll.hz(reference) / wanted - 1.0).abs();
        let fits = candidates
            .into_iter()
            .filter(|(_, pll)| error(pll) <= TOLERANCE);
        let better = |a: &(f64, Pll), b: &(f64, Pll)| {
            let distance = |(oscillator, _): &(f64, Pll)| (oscillator - middle(family)).abs();
            error(&a.1)
                .total_cmp(&error(&b.1))
                .then(distance(a).total_cmp(&distance(b)))
        };
        fits.min_by(better).map(|(_, pll)| pll).ok_or_else(|| {
            let range = match family {
                DeviceFamily::Ice40 => "16 to 275",
                DeviceFamily::Ecp5 => "10 to 400",
            };
            format!(
                "no PLL makes {} MHz from {} MHz, expected a frequency of {range} MHz that whole dividers make",
                wanted / MHZ,
                reference / MHZ
            )
        })
    }

    /// The frequency that it makes.
    pub fn hz(&self, reference_hz: f64) -> f64 {
        match *self {
            Pll::Ice40 {
                divr, divf, divq, ..
            } => {
                let divider = f64::from(1u32 << divq) * (f64::from(divr) + 1.0);
                reference_hz * (f64::from(divf) + 1.0) / divider
            }
            Pll::Ecp5 {
                input, feedback, ..
            } => reference_hz * f64::from(feedback) / f64::from(input),
        }
    }
}

/// The middle of the range of the oscillator inside.
fn middle(family: DeviceFamily) -> f64 {
    match family {
        DeviceFamily::Ice40 => 800.0 * MHZ,
        DeviceFamily::Ecp5 => 600.0 * MHZ,
    }
}

/// Every setting with the frequency of its oscillator, 533 to 1066 MHz, a detector of 10 to 133 MHz and an output of 16 to 275 MHz.
fn ice40(reference: f64) -> Vec<(f64, Pll)> {
    let mut all = vec![];
    for divr in 0..16 {
        let detector = reference / (f64::from(divr) + 1.0);
        if !(10.0 * MHZ..=133.0 * MHZ).contains(&detector) {
            continue;
        }
        let filter = match detector / MHZ {
            ..17.0 => 1,
            ..26.0 => 2,
            ..44.0 => 3,
            ..66.0 => 4,
            ..101.0 => 5,
            _ => 6,
        };
        for divf in 0..128 {
            let oscillator = detector * (f64::from(divf) + 1.0);
            for divq in 1..7 {
                let output = oscillator / f64::from(1u32 << divq);
                let inside = (533.0 * MHZ..=1066.0 * MHZ).contains(&oscillator)
                    && (16.0 * MHZ..=275.0 * MHZ).contains(&output);
                if inside {
                    let pll = Pll::Ice40 {
                        divr,
                        divf,
                        divq,
                        filter,
                    };
                    all.push((oscillator, pll));
                }
            }
        }
    }
    all
}

/// Every setting with the frequency of its oscillator, 400 to 800 MHz, a detector of 3.125 to 400 MHz and an output of 10 to 400 MHz.
fn ecp5(reference: f64, wanted: f64) -> Vec<(f64, Pll)> {
    let mut all = vec![];
    if !(10.0 * MHZ..=400.0 * MHZ).contains(&wanted) {
        return all;
    }
    for input in 1..=128 {
        let detector = reference / f64::from(input);
        if !(3.125 * MHZ..=400.0 * MHZ).contains(&detector) {
            continue;
        }
        for feedback in 1..=80 {
            let output_hz = detector * f64::from(feedback);
            for output in 1..=128 {
                let oscillator = output_hz * f64::from(output);
                if (400.0 * MHZ..=800.0 * MHZ).contains(&oscillator) {
                    let pll = Pll::Ecp5 {
                        input,
                        feedback,
                        output,
                    };
                    all.push((oscillator, pll));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings that icepll and ecppll of the IceStorm and Trellis projects give.
    #[test]
    fn the_dividers_are_those_of_icepll_and_ecppll() {
        let ice40 = |divr, divf, divq, filter| Pll::Ice40 {
            divr,
            divf,
            divq,
            filter,
        };
        let of = |reference, hz| Pll::new(DeviceFamily::Ice40, reference, hz);
        assert_eq!(of(12_000_000, 48_000_000), Ok(ice40(0, 63, 4, 1)));
        assert_eq!(of(100_000_000, 80_000_000), Ok(ice40(4, 31, 3, 2)));
        let ecp5 = Pll::new(DeviceFamily::Ecp5, 25_000_000, 50_000_000);
        let expected = Pll::Ecp5 {
            input: 1,
            feedback: 2,
            output: 12,
        };
        assert_eq!(ecp5, Ok(expected));
    }

    #[test]
    fn every_frequency_that_is_given_is_made() {
        for family in [DeviceFamily::Ice40, DeviceFamily::Ecp5] {
            for reference in [12_000_000, 25_000_000, 48_000_000, 100_000_000] {
                for mhz in 10..280 {
                    if let Ok(pll) = Pll::new(family, reference, mhz * 1_000_000) {
                        let made = pll.hz(reference.into()) / MHZ;
                        assert!(
                            (made / f64::from(mhz) - 1.0).abs() <= 1e-3,
                            "{pll:?}: {made}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_frequency_out_of_reach_is_refused() {
        for (family, hz) in [
            (DeviceFamily::Ice40, 10_000_000),
            (DeviceFamily::Ice40, 300_000_000),
            (DeviceFamily::Ecp5, 5_000_000),
            (DeviceFamily::Ecp5, 401_000_000),
            (DeviceFamily::Ecp5, 0),
        ] {
            let error = Pll::new(family, 12_000_000, hz).expect_err("out of reach");
            assert!(error.starts_with("no PLL makes"), "{error}");
        }
    }
}
