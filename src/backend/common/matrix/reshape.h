#pragma once
// Reshape and the other views: one copy, or nothing when the output shares the input's memory.
#include "backend/common/matrix/moves.h"

namespace mx::moves {

template <typename Device>
void copy_view(const Params&, KernelContext& context, Inputs in, Outputs out) {
  copy_whole<Device>(context, in[0], out[0]);
}

template <typename Device>
struct ReshapeKernels {
  ReshapeKernels() {
    for (const char* op : {"Reshape", "_np_reshape", "_npx_reshape", "Flatten", "expand_dims",
                           "squeeze", "_np_squeeze", "reshape_like", "_backward_reshape"})
      native<Device>(op, copy_view<Device>);
  }
};

}  // namespace mx::moves
