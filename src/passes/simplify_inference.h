#pragma once
#include "ir/graph.h"

namespace mx {

/// Removes operators that pass their input on when not training (trait identity_at_inference,
/// which may be a condition "argument=value").
std::vector<Value> simplify_inference(const std::vector<Value>& outputs);

}  // namespace mx
