//! The inner loops of products of matrices, for the vector instructions of the machine.

use gemm_common::microkernel::MicroKernelFn;

/// Kernels for vectors of one size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernels {
    /// Elements of a vector.
    lanes: usize,
    /// Most vectors of columns that a kernel takes.
    vectors: usize,
    /// Most rows that a kernel takes.
    pub(super) rows: usize,
    /// The kernel for so many vectors of columns and so many rows.
    kernel: fn(vectors: usize, rows: usize) -> MicroKernelFn<f32>,
}

impl Kernels {
    /// Most columns that a kernel takes.
    pub(super) fn width(&self) -> usize {
        self.lanes * self.vectors
    }

    /// Writes the sums of `terms` products of rows of the left matrix and columns of a panel, or
    /// adds them, to the rows and columns of `size` of a matrix of `out_columns` columns.
    ///
    /// # Safety
    /// All pointers must be valid for these sizes, `panel` for `terms` times [`Kernels::width`]
    /// elements, which begin at a multiple of 64 bytes, and the machine must have the instructions.
    #[allow(clippy::too_many_arguments)]
    pub(super) unsafe fn run(
        &self,
        [rows, columns]: [usize; 2],
        terms: usize,
        left: *const f32,
        [row_stride, column_stride]: [usize; 2],
        panel: *const f32,
        out: *mut f32,
        out_columns: usize,
        add: bool,
    ) {
        let kernel = (self.kernel)(columns.div_ceil(self.lanes), rows);
        // The kernels are column-major: their left matrix is the panel.
        unsafe {
            kernel(
                columns,
                rows,
                terms,
                out,
                panel,
                left,
                out_columns as isize,
                1,
                self.width() as isize,
                column_stride as isize,
                row_stride as isize,
                f32::from(add),
                1.0,
                u8::from(add),
                false,
                false,
                false,
                std::ptr::null(),
            );
        }
    }
}

/// The kernels of this machine, the widest last.
pub(super) fn all() -> Vec<Kernels> {
    #[cfg(target_arch = "x86_64")]
    {
        use gemm_f32::microkernel::{avx512f, fma};
        let avx2 = Kernels {
            lanes: 8,
            vectors: fma::f32::MR_DIV_N,
            rows: fma::f32::NR,
            kernel: |vectors, rows| fma::f32::UKR[vectors - 1][rows - 1],
        };
        let avx512 = Kernels {
            lanes: 16,
            vectors: avx512f::f32::MR_DIV_N,
            rows: avx512f::f32::NR,
            kernel: |vectors, rows| avx512f::f32::UKR[vectors - 1][rows - 1],
        };
        let has = [
            is_x86_feature_detected!("fma"),
            is_x86_feature_detected!("avx512f"),
        ];
        let kernels = [avx2, avx512].into_iter().zip(has);
        kernels.filter(|(_, has)| *has).map(|(k, _)| k).collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    Vec::new()
}

/// The kernels of the widest vectors, where the machine has any.
pub(super) fn widest() -> Option<Kernels> {
    static WIDEST: std::sync::OnceLock<Option<Kernels>> = std::sync::OnceLock::new();
    *WIDEST.get_or_init(|| all().pop())
}
