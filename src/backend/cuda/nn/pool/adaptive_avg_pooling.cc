#include "ops/nn/pool/adaptive_avg_pooling.h"

#include "backend/cuda/common/resample.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

AxisMap means(const Shape& data, const Shape& out, int axis) {
  return {data[axis], out[axis], AxisMap::Kind::kMeans};
}

void pooling(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Shape &data = in[0].shape, &pooled = out[0].shape;
  resample(context, means(data, pooled, 2), means(data, pooled, 3), in[0], out[0]);
}

void pooling_backward(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Shape &data = out[0].shape, &pooled = in[0].shape;
  resample_backward(context, means(data, pooled, 2), means(data, pooled, 3), in[0], out[0]);
}

const GpuKernel k1 = GpuKernel("_contrib_AdaptiveAvgPooling2D", "native").run(pooling);
const GpuKernel k2 =
    GpuKernel("_backward_contrib_AdaptiveAvgPooling2D", "native").run(pooling_backward);

}  // namespace
}  // namespace mx::cuda
