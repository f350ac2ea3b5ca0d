#pragma once
#include "ir/graph.h"

namespace mx {

/// Makes one LeakyReLU(act_type="gelu") of x / 2 * (1 + erf(x / sqrt(2))) that was written out, in
/// whatever order its factors come.
std::vector<Value> fuse_gelu(const std::vector<Value>& outputs);

}  // namespace mx
