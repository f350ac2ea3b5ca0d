#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Writes `value`, converted to the tensor's dtype, to every element.
void fill_value(const KernelContext& context, const Tensor& tensor, double value);

}  // namespace mx::cuda
