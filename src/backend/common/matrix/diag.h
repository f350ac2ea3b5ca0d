#pragma once
// diag: a strided copy whose step along the diagonal is the sum of both axes' steps.
#include "backend/common/diagonals.h"
#include "backend/common/matrix/moves.h"
#include "ops/matrix/diag.h"

namespace mx::moves {

template <typename Device>
void put_diagonals(const KernelContext& context, const Tensor& data, const Tensor& out, int64_t k,
                   int64_t axis1, int64_t axis2) {
  Device::fill(context, out, 0);
  if (data.size() == 0) return;
  Diagonals diagonals(out.shape, data.shape.back(), k, axis1, axis2);
  diagonals.turn_round();
  Device::copy(context, data.data, at(out, diagonals.first), std::move(diagonals.dims),
               dtype_size(out.dtype));
}

template <typename Device>
void diag(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DiagParam>();
  if (in[0].ndim() == 1) return put_diagonals<Device>(context, in[0], out[0], p.k, 0, 1);
  if (out[0].size() == 0) return;
  Diagonals diagonals(in[0].shape, out[0].shape.back(), p.k, p.axis1, p.axis2);
  Device::copy(context, at(in[0], diagonals.first), out[0].data, std::move(diagonals.dims),
               dtype_size(in[0].dtype));
}

template <typename Device>
void diag_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<DiagBackwardParam>();
  put_diagonals<Device>(context, in[0], out[0], p.k, p.axis1, p.axis2);
}

template <typename Device>
struct DiagKernels {
  DiagKernels() {
    native<Device>("diag", diag<Device>);
    native<Device>("_backward_diag", diag_backward<Device>);
  }
};

}  // namespace mx::moves
