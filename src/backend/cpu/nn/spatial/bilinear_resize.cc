#include "ops/nn/spatial/bilinear_resize.h"

#include "backend/cpu/common/resample.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

AxisMap lines(const Shape& data, const Shape& out, int axis, bool align_corners) {
  using Kind = AxisMap::Kind;
  return {data[axis], out[axis], align_corners ? Kind::kCornersAligned : Kind::kPixels};
}

void resize(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const bool align = params.as<BilinearResizeParam>().align_corners;
  const Shape &data = in[0].shape, &resized = out[0].shape;
  resample(lines(data, resized, 2, align), lines(data, resized, 3, align), in[0], out[0]);
}

void resize_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const bool align = params.as<BilinearResizeBackwardParam>().align_corners;
  const Shape &data = out[0].shape, &resized = in[0].shape;
  resample_backward(lines(data, resized, 2, align), lines(data, resized, 3, align), in[0], out[0],
                    *context.scratch);
}

const KernelBuilder k1 = KernelBuilder("_contrib_BilinearResize2D", "native").run(resize);
const KernelBuilder k2 =
    KernelBuilder("_backward_contrib_BilinearResize2D", "native").run(resize_backward);

}  // namespace
}  // namespace mx::cpu
