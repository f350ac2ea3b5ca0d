#include "ops/nn/pool/adaptive_avg_pooling.h"

#include "backend/cpu/common/resample.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

AxisMap means(const Shape& data, const Shape& out, int axis) {
  return {data[axis], out[axis], AxisMap::Kind::kMeans};
}

void pooling(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Shape &data = in[0].shape, &pooled = out[0].shape;
  resample(means(data, pooled, 2), means(data, pooled, 3), in[0], out[0]);
}

void pooling_backward(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Shape &data = out[0].shape, &pooled = in[0].shape;
  resample_backward(means(data, pooled, 2), means(data, pooled, 3), in[0], out[0],
                    *context.scratch);
}

const KernelBuilder k1 = KernelBuilder("_contrib_AdaptiveAvgPooling2D", "native").run(pooling);
const KernelBuilder k2 =
    KernelBuilder("_backward_contrib_AdaptiveAvgPooling2D", "native").run(pooling_backward);

}  // namespace
}  // namespace mx::cpu
