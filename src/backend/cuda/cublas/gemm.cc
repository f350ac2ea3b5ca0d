#include "backend/cuda/cublas/gemm.h"

#include <cublas_v2.h>

#include "backend/cuda/launch.h"
#include "backend/cuda/per_device.h"
#include "base/error.h"
#include "device/vendor_library.h"

namespace mx::cuda {
namespace {

/// The functions of cuBLAS that are used.
struct Api {
  decltype(cublasCreate_v2)* create;
  decltype(cublasSetStream_v2)* set_stream;
  decltype(cublasGemmStridedBatchedEx_64)* gemm;
  decltype(cublasGetStatusString)* status_string;

  Api() {
    static const VendorLibrary library("cublas", {"libcublas.so.13", "libcublas.so.12"},
                                       {"nvidia/cu13/lib", "nvidia/cublas/lib"});
    library.load(create, "cublasCreate_v2");
    library.load(set_stream, "cublasSetStream_v2");
    library.load(gemm, "cublasGemmStridedBatchedEx_64");
    library.load(status_string, "cublasGetStatusString");
  }
};

const Api& api() {
  static const Api instance;
  return instance;
}

void check_cublas(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS)
    fail(ErrorKind::kDevice, "cublas: ", what, " failed: ", api().status_string(status));
}

/// A handle is used by one thread at a time.
struct Handle {
  std::mutex mutex;
  cublasHandle_t handle = nullptr;
};

Handle& handle_of(const KernelContext& context) {
  static auto* handles = new PerDevice<Handle>;
  return handles->get(context.device.id, [&](int) {
    auto made = std::make_unique<Handle>();
    check_cublas(api().create(&made->handle), "starting");
    check_cublas(api().set_stream(made->handle, stream_of(context)), "choosing the stream");
    return made;
  });
}

cudaDataType_t cuda_type(DType dtype) {
  switch (dtype) {
    case DType::kFloat64:
      return CUDA_R_64F;
    case DType::kFloat16:
      return CUDA_R_16F;
    case DType::kBfloat16:
      return CUDA_R_16BF;
    default:
      return CUDA_R_32F;
  }
}

}  // namespace

void open_cublas() { api(); }

void gemm(const KernelContext& context, const Gemm& s, DType dtype, const void* a, const void* b,
          void* c) {
  if (s.batch == 0 || s.m == 0 || s.n == 0) return;
  if (s.k == 0 && s.accumulate) return;
  const bool is_double = dtype == DType::kFloat64;
  const double wide_one = 1, wide_beta = s.accumulate ? 1 : 0;
  const float one = 1, beta = static_cast<float>(wide_beta);
  const cudaDataType_t type = cuda_type(dtype);
  if (s.k == 0) {
    const auto bytes = static_cast<size_t>(s.batch * s.m * s.n * dtype_size(dtype));
    return check(cudaMemsetAsync(c, 0, bytes, stream_of(context)), "filling");
  }
  // cuBLAS stores columns one behind the other, so it sees each matrix transposed: it is asked for
  // the transposed product, op(b)^T op(a)^T.
  const int64_t lda = s.transpose_a ? s.m : s.k, ldb = s.transpose_b ? s.k : s.n;
  Handle& handle = handle_of(context);
  std::lock_guard lock(handle.mutex);
  check_cublas(
      api().gemm(handle.handle, s.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N,
                 s.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N, s.n, s.m, s.k,
                 is_double ? static_cast<const void*>(&wide_one) : &one, b, type, ldb, s.k * s.n, a,
                 type, lda, s.m * s.k, is_double ? static_cast<const void*>(&wide_beta) : &beta, c,
                 type, s.n, s.m * s.n, s.batch, is_double ? CUBLAS_COMPUTE_64F : CUBLAS_COMPUTE_32F,
                 CUBLAS_GEMM_DEFAULT),
      "a matrix product");
}

const char* refuse_for_gemm(const KernelQuery& query) {
  return is_floating(query.in[0].dtype) ? nullptr : "multiplies floating dtypes only";
}

}  // namespace mx::cuda
