#pragma once
#include "passes/lower.h"

namespace mx {

/// Joins pointwise operators on tensors of one shape and layout, whose results nobody else reads,
/// into one that takes a block of elements through all of them while it is in the cache. For the
/// CPU, behind assign_layouts; forward and backward parts are not mixed.
LoweredGraph fuse_pointwise(LoweredGraph graph);

}  // namespace mx
