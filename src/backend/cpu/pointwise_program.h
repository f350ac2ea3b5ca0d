#pragma once
#include "dispatch/kernel.h"

namespace mx::cpu {

/// Makes the graph of a `_fused_pointwise` ready: blocks of elements go through the operators' own
/// kernels one after the other, and what lies between them stays in a cache.
/// Throws: ValueError for a graph that is not pointwise.
PreparedPtr prepare_pointwise(const KernelQuery& query);

}  // namespace mx::cpu
