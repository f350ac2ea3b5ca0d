#include "backend/cuda/common/indices.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/indexing/one_hot.h"

namespace mx::cuda {
namespace {

/// Rows of `depth` elements: `on` at the row's index, `off` elsewhere.
__global__ void one_hot_loop(IndexArray indices, void* out, DType dtype, int64_t depth, double on,
                             double off, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t row = divide(i, depth);
    store_as<double>(out, dtype, i, indices.at(row) == i - row * depth ? on : off);
  }
}

void write_rows(const KernelContext& context, const Tensor& indices, const Tensor& out, double on,
                double off) {
  const int64_t n = out.size();
  if (n == 0) return;
  launch(context, one_hot_loop, blocks_for(n), kBlockThreads,
         IndexArray{indices.data, indices.dtype}, out.data, out.dtype, out.shape.back(), on, off,
         n);
}

void one_hot(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<OneHotParam>();
  write_rows(context, in[0], out[0], p.on_value, p.off_value);
}

void onehot_encode(const Params&, KernelContext& context, Inputs in, Outputs out) {
  write_rows(context, in[0], out[0], 1, 0);
}

const GpuKernel k1 = GpuKernel("one_hot", "native").run(one_hot);
const GpuKernel k2 = GpuKernel("_onehot_encode", "native").run(onehot_encode);

}  // namespace
}  // namespace mx::cuda
