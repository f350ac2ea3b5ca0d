#pragma once
#include "backend/common/axis_taps.h"
#include "dispatch/kernel.h"

namespace mx::cuda {

/// out (..., rows.out, columns.out) = weighted sums of data (..., rows.in, columns.in), of one
/// floating dtype.
void resample(const KernelContext& context, const AxisMap& rows, const AxisMap& columns,
              const Tensor& data, const Tensor& out);

/// Its gradient for data.
void resample_backward(const KernelContext& context, const AxisMap& rows, const AxisMap& columns,
                       const Tensor& d_out, const Tensor& d_data);

}  // namespace mx::cuda
