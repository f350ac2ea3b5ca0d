#include "ops/nn/spatial/bilinear_resize.h"

#include "backend/cuda/common/resample.h"
#include "backend/cuda/gpu_kernel.h"

namespace mx::cuda {
namespace {

AxisMap lines(const Shape& data, const Shape& out, int axis, bool align_corners) {
  using Kind = AxisMap::Kind;
  return {data[axis], out[axis], align_corners ? Kind::kCornersAligned : Kind::kPixels};
}

void resize(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const bool align = params.as<BilinearResizeParam>().align_corners;
  const Shape &data = in[0].shape, &resized = out[0].shape;
  resample(context, lines(data, resized, 2, align), lines(data, resized, 3, align), in[0], out[0]);
}

void resize_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const bool align = params.as<BilinearResizeBackwardParam>().align_corners;
  const Shape &data = out[0].shape, &resized = in[0].shape;
  resample_backward(context, lines(data, resized, 2, align), lines(data, resized, 3, align), in[0],
                    out[0]);
}

const GpuKernel k1 = GpuKernel("_contrib_BilinearResize2D", "native").run(resize);
const GpuKernel k2 = GpuKernel("_backward_contrib_BilinearResize2D", "native").run(resize_backward);

}  // namespace
}  // namespace mx::cuda
