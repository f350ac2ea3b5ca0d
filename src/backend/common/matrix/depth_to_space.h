#pragma once
// depth_to_space, space_to_depth: transposes of six axes.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/depth_to_space.h"

namespace mx::moves {

template <typename Device>
void depth_to_space(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t b = params.as<BlockSizeParam>().block_size;
  const Shape& s = in[0].shape;
  permute<Device>(context, in[0], {s[0], b, b, s[1] / (b * b), s[2], s[3]}, {0, 3, 4, 1, 5, 2},
                  out[0]);
}

template <typename Device>
void space_to_depth(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int64_t b = params.as<BlockSizeParam>().block_size;
  const Shape& s = in[0].shape;
  permute<Device>(context, in[0], {s[0], s[1], s[2] / b, b, s[3] / b, b}, {0, 3, 5, 1, 2, 4},
                  out[0]);
}

template <typename Device>
struct DepthToSpaceKernels {
  DepthToSpaceKernels() {
    native<Device>("depth_to_space", depth_to_space<Device>);
    native<Device>("space_to_depth", space_to_depth<Device>);
  }
};

}  // namespace mx::moves
