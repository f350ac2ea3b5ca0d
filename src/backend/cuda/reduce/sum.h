#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Sums `in` along the axes marked in `reduced` into `out`.
void sum_axes(const KernelContext& context, const Tensor& in, const std::vector<bool>& reduced,
              const Tensor& out);

}  // namespace mx::cuda
