#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// c = op(a) op(b), or c += with `accumulate`: row-major matrices of m x k and k x n elements
/// (after op), `batch` of each one behind the other.
struct Gemm {
  int64_t batch = 1, m = 0, n = 0, k = 0;
  bool transpose_a = false, transpose_b = false;
  bool accumulate = false;
};

/// Computes a product with cuBLAS; half types are summed in float, float without TF32.
/// Throws: DeviceError when cuBLAS cannot be opened or fails.
void gemm(const KernelContext& context, const Gemm& sizes, DType dtype, const void* a,
          const void* b, void* c);

/// Opens cuBLAS. Throws: DeviceError that lists what was tried.
void open_cublas();

/// For kernels: refuses what gemm() cannot do.
const char* refuse_for_gemm(const KernelQuery& query);

}  // namespace mx::cuda
