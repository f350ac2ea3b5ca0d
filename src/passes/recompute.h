#pragma once
#include "passes/gradient.h"

namespace mx {

/// Saves memory in training: results of the forward pass are computed again just before the
/// backward operator that reads them. With `cheap`, those that cost little from something that the
/// backward pass keeps anyway (a batch norm from its input and the batch's statistics, pointwise
/// functions of such results, their sums with what is kept, as every other shortcut of a network);
/// besides, or against that, what nodes' attribute force_mirroring says. Returns the backward nodes
/// with the copies between them; `gradients` follow. Random operators and operators that change
/// their inputs are never repeated.
std::vector<NodePtr> recompute(const std::vector<NodePtr>& backward, const GraphTypes& types,
                               std::vector<Value>& gradients, bool cheap);

}  // namespace mx
