//! Small damage to files, for what reads them.

/// The bytes with a few of them changed, removed, or copied elsewhere.
pub fn changed(seed: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.usize(1..5) {
        let at = random.usize(..=bytes.len());
        let end = (at + random.usize(..9)).min(bytes.len());
        match random.u8(..6) {
            0 => bytes[at..end].fill_with(|| random.u8(..)),
            1 => drop(bytes.drain(at..end)),
            2 => bytes[at..end].fill(0xff),
            3 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.u8(..8);
                }
            }
            4 => bytes[at..end].fill_with(|| b'0' + random.u8(..10)),
            _ => {
                let copy = bytes[at..end].to_vec();
                let to = random.usize(..=bytes.len());
                bytes.splice(to..to, copy);
            }
        }
    }
    bytes
}
