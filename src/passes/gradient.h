#pragma once
#include "ir/graph.h"
#include "passes/infer.h"

namespace mx {

/// A graph that computes outputs and gradients.
struct TrainingGraph {
  std::vector<NodePtr> backward;    ///< new nodes, in the order in which they run
  std::vector<NodePtr> head_grads;  ///< variables that feed the gradients of the outputs
  std::vector<Value> gradients;     ///< one for each requested variable; empty when it is zero
};

/// Adds the gradients of `outputs` with respect to `variables`. `types` must be complete.
/// Every output gets a head gradient variable, which stays unused for losses.
TrainingGraph gradient_graph(std::span<const Value> outputs, std::span<Node* const> variables,
                             const GraphTypes& types);

}  // namespace mx
