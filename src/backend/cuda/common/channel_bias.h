#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Adds bias[c] to every element of channel c of `out`, which is seen as (outer, channels, inner).
void add_channel_bias(const KernelContext& context, const Tensor& out, const Tensor& bias,
                      int64_t inner);

}  // namespace mx::cuda
