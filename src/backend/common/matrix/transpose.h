#pragma once
// transpose, SwapAxis: one strided copy, which joins axes that stay neighbours.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/transpose.h"

namespace mx::moves {

template <typename Device>
void transpose(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape axes = transpose_axes(params.as<TransposeParam>().axes, in[0].ndim(), "transpose");
  permute<Device>(context, in[0], in[0].shape, axes, out[0]);
}

template <typename Device>
void swap_axis(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const Shape axes = swapped_axes(params.as<SwapAxisParam>(), in[0].ndim(), "SwapAxis");
  permute<Device>(context, in[0], in[0].shape, axes, out[0]);
}

template <typename Device>
struct TransposeKernels {
  TransposeKernels() {
    native<Device>("transpose", transpose<Device>);
    native<Device>("_np_transpose", transpose<Device>);
    native<Device>("SwapAxis", swap_axis<Device>);
  }
};

}  // namespace mx::moves
