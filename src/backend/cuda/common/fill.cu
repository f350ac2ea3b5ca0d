#include <bit>
#include <cstring>

#include "backend/cuda/common/fill.h"
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/launch.h"

namespace mx::cuda {
namespace {

template <typename T>
__global__ void fill_loop(T* data, int64_t n, T value) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) data[i] = value;
}

}  // namespace

void fill_value(const KernelContext& context, const Tensor& tensor, double value) {
  const int64_t n = tensor.size();
  if (n == 0) return;
  uint64_t bits = 0;
  visit_dtype(tensor.dtype, "fill", [&]<typename T>(TypeTag<T>) {
    const T element = convert_to<T>(value);
    std::memcpy(&bits, &element, sizeof element);
  });
  if (bits == 0) {
    const auto bytes = static_cast<size_t>(n * dtype_size(tensor.dtype));
    return check(cudaMemsetAsync(tensor.data, 0, bytes, stream_of(context)), "filling");
  }
  visit_width(tensor.dtype, [&]<typename T>(TypeTag<T>) {
    launch(context, fill_loop<T>, blocks_for(n), kBlockThreads, tensor.as<T>(), n,
           static_cast<T>(bits));
  });
}

}  // namespace mx::cuda
