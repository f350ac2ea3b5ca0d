#pragma once
// SliceChannel, _split_v2: each part is copied in runs that are contiguous on both sides.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/split.h"

namespace mx::moves {

template <typename Device>
void cut(const Tensor& data, const KernelContext& context, Outputs out, int axis,
         const std::vector<int64_t>& begins) {
  const int64_t outer = data.shape.size(0, axis), row = data.shape.size(axis, data.ndim());
  const int64_t inner = data.shape.size(axis + 1, data.ndim());
  for (size_t i = 0; i < out.size(); ++i) {
    if (!context.wants(i) || outer == 0) continue;
    const int64_t length = out[i].size() / outer;
    Device::copy(context, at(data, begins[i] * inner), out[i].data,
                 {{outer, row, length}, {length, 1, 1}}, dtype_size(data.dtype));
  }
}

template <typename Device>
void slice_channel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SliceChannelParam>();
  const int axis = normalize_axis(p.axis, in[0].ndim(), "SliceChannel");
  cut<Device>(in[0], context, out, axis, equal_parts(in[0].shape[axis], p.num_outputs));
}

template <typename Device>
void split(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SplitParam>();
  const int axis = normalize_axis(p.axis, in[0].ndim(), "_split_v2");
  cut<Device>(in[0], context, out, axis, split_begins(p, in[0].shape[axis]));
}

template <typename Device>
struct SplitKernels {
  SplitKernels() {
    native<Device>("SliceChannel", slice_channel<Device>);
    native<Device>("_split_v2", split<Device>);
  }
};

}  // namespace mx::moves
