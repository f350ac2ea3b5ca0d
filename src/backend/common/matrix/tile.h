#pragma once
// tile, repeat: a strided copy whose source stands still along the axes of the copies.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/tile.h"

namespace mx::moves {

template <typename Device>
void tile(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int ndim = out[0].ndim();
  const Shape reps = with_leading_ones(params.as<TileParam>().reps, ndim);
  const Shape data = with_leading_ones(in[0].shape, ndim);
  std::vector<CopyDim> dims;
  int64_t src_step = 1, dst_step = 1;
  for (int i = ndim - 1; i >= 0; --i) {
    dims.push_back({data[i], src_step, dst_step});
    dims.push_back({reps[i], 0, dst_step * data[i]});
    src_step *= data[i];
    dst_step *= data[i] * reps[i];
  }
  Device::copy(context, in[0].data, out[0].data, std::move(dims), dtype_size(in[0].dtype));
}

template <typename Device>
void repeat(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RepeatParam>();
  const int ndim = in[0].ndim();
  const int end = p.axis ? normalize_axis(*p.axis, ndim, "repeat") + 1 : ndim;
  const int64_t inner = in[0].shape.size(end, ndim), outer = in[0].shape.size(0, end);
  Device::copy(context, in[0].data, out[0].data,
               {{outer, inner, inner * p.repeats}, {p.repeats, 0, inner}, {inner, 1, 1}},
               dtype_size(in[0].dtype));
}

template <typename Device>
struct TileKernels {
  TileKernels() {
    native<Device>("tile", tile<Device>);
    native<Device>("repeat", repeat<Device>);
  }
};

}  // namespace mx::moves
