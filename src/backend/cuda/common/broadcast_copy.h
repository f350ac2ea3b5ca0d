#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Fills `to` with `from`, repeated along the dimensions that it lacks or has with size 1.
void broadcast_copy(const KernelContext& context, const Tensor& from, const Tensor& to);

}  // namespace mx::cuda
