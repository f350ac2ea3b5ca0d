#include "backend/cuda/common/channel_bias.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

template <typename C>
__global__ void bias_loop(void* y, const void* bias, DType dtype, int64_t channels, int64_t inner,
                          int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t plane = divide(i, inner), channel = plane - divide(plane, channels) * channels;
    store_as<C>(y, dtype, i, load_as<C>(y, dtype, i) + load_as<C>(bias, dtype, channel));
  }
}

}  // namespace

void add_channel_bias(const KernelContext& context, const Tensor& out, const Tensor& bias,
                      int64_t inner) {
  const int64_t n = out.size();
  if (n == 0) return;
  const auto kernel = out.dtype == DType::kFloat64 ? bias_loop<double> : bias_loop<float>;
  launch(context, kernel, blocks_for(n), kBlockThreads, out.data, bias.data, out.dtype, bias.size(),
         inner, n);
}

}  // namespace mx::cuda
