#include "ops/nn/fully_connected.h"

#include "backend/cuda/common/broadcast_copy.h"
#include "backend/cuda/cublas/gemm.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

/// out = data * weight^T, added to the bias that was put into every row before.
void fully_connected(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FullyConnectedParam>();
  const int64_t columns = p.num_hidden, rows = out[0].size() / columns;
  const bool has_bias = !p.no_bias;
  if (has_bias) {
    Tensor matrix = out[0];
    matrix.shape = Shape{rows, columns};
    broadcast_copy(context, in[2], matrix);
  }
  gemm(context, {1, rows, columns, in[1].shape[1], false, true, has_bias}, in[0].dtype, in[0].data,
       in[1].data, out[0].data);
}

const GpuKernel k1 = GpuKernel("FullyConnected", "cublas")
                         .run(fully_connected)
                         .refuse(refuse_for_gemm)
                         .priority(kLibraryPriority);

}  // namespace
}  // namespace mx::cuda
