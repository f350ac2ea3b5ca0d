// The sum of many arrays: up to 16 are added in one pass.
#include "backend/common/elemwise/arithmetic.h"
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {
namespace {

constexpr int kAtOnce = 16;

struct Addends {
  const void* data[kAtOnce];
  int count;
};

template <typename C>
__global__ void add_loop(Addends addends, void* y, DType dtype, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    C total = load_as<C>(addends.data[0], dtype, i);
    for (int k = 1; k < addends.count; ++k)
      total = math::Add{}(total, load_as<C>(addends.data[k], dtype, i));
    store_as<C>(y, dtype, i, total);
  }
}

void add_n(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const int64_t n = out[0].size();
  if (n == 0) return;
  const DType dtype = out[0].dtype;
  for (size_t done = 0; done < in.size();) {
    Addends addends{};
    if (done > 0) addends.data[addends.count++] = out[0].data;
    while (addends.count < kAtOnce && done < in.size())
      addends.data[addends.count++] = in[done++].data;
    visit_compute<math::Add>(dtype, [&]<typename C>(TypeTag<C>) {
      launch(context, add_loop<C>, blocks_for(n), kBlockThreads, addends, out[0].data, dtype, n);
    });
  }
}

const GpuKernel k1 = native("add_n", add_n);

}  // namespace
}  // namespace mx::cuda
