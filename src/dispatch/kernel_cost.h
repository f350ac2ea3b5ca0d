#pragma once
#include "dispatch/kernel_registry.h"

namespace mx {

/// Multiplications and additions that a kernel of this operator does; 0 where that is not known.
double kernel_flops(std::string_view op, Inputs in, Outputs out);
/// Bytes of its inputs and outputs.
double kernel_bytes(Inputs in, Outputs out);

}  // namespace mx
