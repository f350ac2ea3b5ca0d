#pragma once
#include "dispatch/kernel.h"

namespace mx::cpu {

/// Kernel of operators that copy their first input.
void copy_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out);

}  // namespace mx::cpu
