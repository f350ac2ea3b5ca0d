#pragma once
#include "passes/gradient.h"

namespace mx {

/// Saves memory in training: results that are cheap to compute from something that the backward
/// pass keeps anyway (a batch norm from its input and the batch's statistics, pointwise functions
/// of such results) are computed again just before the backward operator that reads them. Returns
/// the backward nodes with the copies between them; `gradients` follow. Random operators are never
/// repeated.
std::vector<NodePtr> recompute_cheap(const std::vector<NodePtr>& backward, const GraphTypes& types,
                                     std::vector<Value>& gradients);

}  // namespace mx
