#pragma once
// Concat, stack: each input is copied in runs that are contiguous on both sides.
#include "backend/common/matrix/moves.h"
#include "ops/matrix/concat.h"

namespace mx::moves {

/// The output seen as outer x row elements; every input fills a part of each row.
template <typename Device>
void join(const KernelContext& context, Inputs in, const Tensor& out, int axis) {
  const int64_t outer = out.shape.size(0, axis), row = out.shape.size(axis, out.ndim());
  int64_t offset = 0;
  for (const Tensor& part : in) {
    const int64_t length = outer > 0 ? part.size() / outer : 0;
    Device::copy(context, part.data, at(out, offset), {{outer, length, row}, {length, 1, 1}},
                 dtype_size(out.dtype));
    offset += length;
  }
}

template <typename Device>
void concat(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int axis = normalize_axis(params.as<ConcatParam>().dim, out[0].ndim(), "Concat", "dim");
  join<Device>(context, in, out[0], axis);
}

template <typename Device>
void stack(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const int axis = normalize_axis(params.as<StackParam>().axis, out[0].ndim(), "stack");
  join<Device>(context, in, out[0], axis);
}

template <typename Device>
struct ConcatKernels {
  ConcatKernels() {
    native<Device>("Concat", concat<Device>);
    native<Device>("_rnn_param_concat", concat<Device>);
    native<Device>("stack", stack<Device>);
    native<Device>("_npi_stack", stack<Device>);
  }
};

}  // namespace mx::moves
