//! The rate of the serial line.

/// The fewest clock cycles of a bit: with fewer, a receiver's samples leave the bit at 2 % of deviation.
pub const MIN_CYCLES_PER_BIT: u32 = 8;

/// A rate as a fractional divider of the clock: of `2^phase_bits` parts of a bit, `step` in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baud {
    /// Bits of the phase.
    pub phase_bits: usize,
    /// What a cycle adds to it.
    pub step: usize,
}

impl Baud {
    /// The divider from a clock of `clock_hz` to `baud`; it is exact to 1 part in 512.
    ///
    /// Nothing where a bit has fewer than [`MIN_CYCLES_PER_BIT`] cycles, or the rate is zero.
    pub fn new(clock_hz: u32, baud: u32) -> Option<Baud> {
        let cycles = clock_hz.checked_div(baud)?;
        if cycles < MIN_CYCLES_PER_BIT {
            return None;
        }
        let phase_bits = 8 + (u32::BITS - cycles.leading_zeros()) as usize;
        let (clock, range) = (u128::from(clock_hz), 1u128 << phase_bits);
        let step = (range * u128::from(baud) + clock / 2) / clock;
        Some(Baud {
            phase_bits,
            step: step as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Baud;

    #[test]
    fn the_divider_is_exact_to_a_part_in_512() {
        for clock in [8_000_000, 12_000_000, 48_000_000, 96_000_001, 120_000_000] {
            for baud in [300, 9_600, 115_200, 921_600, 1_000_000] {
                let divider = Baud::new(clock, baud).expect("eight cycles and more");
                let range = (1u64 << divider.phase_bits) as f64;
                let rate = f64::from(clock) * divider.step as f64 / range;
                let error = (rate / f64::from(baud) - 1.0).abs();
                assert!(error <= 1.0 / 512.0, "{clock} {baud}: {error}");
                assert!(divider.step < 1 << divider.phase_bits);
            }
        }
    }

    #[test]
    fn bits_of_few_cycles_are_refused() {
        assert_eq!(Baud::new(12_000_000, 1_500_001), None);
        assert_eq!(Baud::new(12_000_000, 0), None);
        let eight = Baud::new(12_000_000, 1_500_000).expect("eight cycles");
        assert_eq!(eight.step << 3, 1 << eight.phase_bits);
    }
}
