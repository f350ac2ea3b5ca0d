// Moving averages of channels; the rest of IdentityAttachKLSparseReg are other operators.
#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "ops/nn/loss/kl_sparse_reg.h"

namespace mx::cuda {
namespace {

template <typename C>
__global__ void move(const void* value, void* average, void* moved, DType dtype, int64_t size,
                     C keep, bool is_train) {
  for (int64_t i = thread_number(); i < size; i += thread_count()) {
    const C old = load_as<C>(average, dtype, i);
    if (is_train)
      store_as<C>(average, dtype, i, keep * old + (1 - keep) * load_as<C>(value, dtype, i));
    store_as<C>(moved, dtype, i, load_as<C>(average, dtype, i));
  }
}

void move_average(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t size = out[0].size();
  if (size == 0) return;
  const float keep = params.as<KlSparseRegParam>().momentum;
  const auto run = [&]<typename C>(TypeTag<C>) {
    launch(context, move<C>, blocks_for(size), kBlockThreads, in[0].data, in[1].data, out[0].data,
           out[0].dtype, size, static_cast<C>(keep), context.is_train);
  };
  if (out[0].dtype == DType::kFloat64)
    run(TypeTag<double>{});
  else
    run(TypeTag<float>{});
}

const GpuKernel kernel = GpuKernel("_move_average", "native").run(move_average);

}  // namespace
}  // namespace mx::cuda
