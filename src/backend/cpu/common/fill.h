#pragma once
#include "dispatch/kernel.h"

namespace mx {

/// Writes `value`, converted to the tensor's dtype as C++ converts (int8 wraps), to every element.
void fill_value(const Tensor& tensor, double value);

}  // namespace mx
