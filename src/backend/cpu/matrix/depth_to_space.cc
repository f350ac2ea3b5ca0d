// depth_to_space, space_to_depth: transposes of six axes.
#include "ops/matrix/depth_to_space.h"

#include "backend/cpu/common/strided_copy.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

void depth_to_space(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const int64_t b = params.as<BlockSizeParam>().block_size;
  const Shape& s = in[0].shape;
  permute(in[0].data, {s[0], b, b, s[1] / (b * b), s[2], s[3]}, {0, 3, 4, 1, 5, 2}, out[0].data,
          dtype_size(in[0].dtype));
}

void space_to_depth(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const int64_t b = params.as<BlockSizeParam>().block_size;
  const Shape& s = in[0].shape;
  permute(in[0].data, {s[0], s[1], s[2] / b, b, s[3] / b, b}, {0, 3, 5, 1, 2, 4}, out[0].data,
          dtype_size(in[0].dtype));
}

const KernelBuilder k1 = KernelBuilder("depth_to_space", "native").run(depth_to_space);
const KernelBuilder k2 = KernelBuilder("space_to_depth", "native").run(space_to_depth);

}  // namespace
}  // namespace mx
