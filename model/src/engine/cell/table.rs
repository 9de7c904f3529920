//! Activation tables.

/// Entries of the largest table.
const ENTRIES: usize = 1 << 10;

/// `T[clamp_A(v >> s) + 2^(A-1)]`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The table, and zeros after it, so that ten bits address it without a check.
    entries: Box<[i16; ENTRIES]>,
    /// `2^(A-1)`.
    half: i32,
    shift: u32,
}

impl Table {
    pub fn new(table: &[i16], shift: u32) -> Table {
        let mut entries = Box::new([0; ENTRIES]);
        entries[..table.len()].copy_from_slice(table);
        Table {
            entries,
            half: table.len() as i32 / 2,
            shift,
        }
    }

    /// Puts the entries of values in their places.
    #[inline(always)]
    pub fn lookup(&self, values: &mut [i32]) {
        for value in values.iter_mut() {
            *value = (*value >> self.shift).clamp(-self.half, self.half - 1) + self.half;
        }
        self.entries(values);
    }

    /// Puts the entries at addresses in their places.
    ///
    /// Apart from the vector code around it: a load for the address and one for the entry are faster than what compilers make
    /// of addresses in vector registers.
    #[inline(never)]
    fn entries(&self, addresses: &mut [i32]) {
        for address in addresses {
            *address = i32::from(self.entries[*address as usize % ENTRIES]);
        }
    }
}
