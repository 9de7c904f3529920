//! What tells files from each other.

use sha2::{Digest, Sha256};

/// The SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_standards_own_example() {
        let digest = sha256(b"abc");
        assert!(
            digest.starts_with("ba7816bf8f01cfea") && digest.len() == 64,
            "{digest}"
        );
    }
}
