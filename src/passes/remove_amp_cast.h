#pragma once
#include "ir/graph.h"

namespace mx {

/// The graph as it was before mixed precision put `amp_cast` and `amp_multicast` between its
/// operators. Casts that are outputs themselves stay.
std::vector<Value> remove_amp_cast(const std::vector<Value>& outputs);

}  // namespace mx
