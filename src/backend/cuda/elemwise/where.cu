// Chooses between two arrays. Elements are only moved, so that the kernel depends on their width
// alone.
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

/// Every `length` elements share an element of the condition.
template <typename T>
__global__ void choose_loop(const void* condition, DType dtype, const T* x, const T* y, T* out,
                            int64_t length, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count())
    out[i] = load_as<bool>(condition, dtype, divide(i, length)) ? x[i] : y[i];
}

void where(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const int64_t n = out[0].size();
  if (n == 0) return;
  visit_width(out[0].dtype, [&]<typename T>(TypeTag<T>) {
    launch(context, choose_loop<T>, blocks_for(n), kBlockThreads, in[0].data, in[0].dtype,
           in[1].as<const T>(), in[2].as<const T>(), out[0].as<T>(), n / in[0].size(), n);
  });
}

const GpuKernel k1 = GpuKernel("where", "native").run(where);

}  // namespace
}  // namespace mx::cuda
