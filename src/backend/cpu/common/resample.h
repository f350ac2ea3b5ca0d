#pragma once
#include "backend/common/axis_taps.h"
#include "dispatch/kernel.h"

namespace mx::cpu {

/// out (..., rows.out, columns.out) = weighted sums of data (..., rows.in, columns.in), of one
/// floating dtype.
void resample(const AxisMap& rows, const AxisMap& columns, const Tensor& data, const Tensor& out);

/// Its gradient for data.
void resample_backward(const AxisMap& rows, const AxisMap& columns, const Tensor& d_out,
                       const Tensor& d_data, Workspace& scratch);

}  // namespace mx::cpu
