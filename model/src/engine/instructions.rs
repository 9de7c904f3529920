//! The instruction sets that the products are written for.

/// Instructions that an [`Engine`](super::Engine) computes with; the numbers are the same with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstructionSet {
    /// What every machine of the architecture has: SSE2 on x86-64, NEON on AArch64.
    Portable,
    /// AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with population counts (VPOPCNTDQ) and products of bytes (VNNI): Intel since Ice Lake, AMD since Zen 4.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl InstructionSet {
    /// All that this program has, the slowest first.
    pub const ALL: &[InstructionSet] = &[
        InstructionSet::Portable,
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2,
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512,
    ];

    /// The fastest that this machine has.
    pub fn best() -> InstructionSet {
        let available = InstructionSet::ALL
            .iter()
            .rev()
            .find(|set| set.is_available());
        available.copied().unwrap_or(InstructionSet::Portable)
    }

    /// Whether this machine has them. The standard library asks the processor once.
    pub fn is_available(self) -> bool {
        match self {
            InstructionSet::Portable => true,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vpopcntdq")
                    && is_x86_feature_detected!("avx512vnni")
            }
        }
    }

    /// Most bits of magnitude of a vector that is multiplied plane by plane; with more, byte by byte is faster.
    pub(super) fn most_planes(self) -> u32 {
        match self {
            InstructionSet::Portable => 1,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => 1,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => 2,
        }
    }
}
