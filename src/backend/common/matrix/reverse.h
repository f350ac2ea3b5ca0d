#pragma once
// reverse: a strided copy that reads backwards along the given axes.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/reverse.h"

namespace mx::moves {

template <typename Device>
void reverse(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  if (in[0].size() == 0) return;
  const BoxParam p = reverse_box(params.as<ReverseParam>(), in[0].shape);
  StridedBox box(p.shape, p.start, p.step, p.count);
  Device::copy(context, at(in[0], box.offset), out[0].data, std::move(box.dims),
               dtype_size(in[0].dtype));
}

template <typename Device>
struct ReverseKernels {
  ReverseKernels() { native<Device>("reverse", reverse<Device>); }
};

}  // namespace mx::moves
