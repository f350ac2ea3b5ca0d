#pragma once
#include "ir/graph.h"
#include "ir/infer_graph.h"

namespace mx {

/// The gradients that one operator of the forward pass makes.
struct OperatorGradients {
  NodePtr node;
  std::vector<Value> d_out;  ///< empty Values where nothing comes in
  std::vector<Value> d_in;   ///< empty Values are zero
};

/// A graph that computes outputs and gradients.
struct TrainingGraph {
  std::vector<NodePtr> backward;    ///< new nodes, in the order in which they run
  std::vector<NodePtr> head_grads;  ///< variables that feed the gradients of the outputs
  std::vector<Value> gradients;     ///< one for each requested variable; empty when it is zero
  /// Of the operators that backward passes through, in its order.
  std::vector<OperatorGradients> operators;
};

/// Adds the gradients of `outputs` with respect to `variables`. `types` must be complete.
/// Every output gets a head gradient variable, which stays unused for losses. `is_train` is the
/// mode of the forward pass. With `all`, gradients of all inputs and outputs of the operators that
/// are passed are computed, also where no variable needs them.
TrainingGraph gradient_graph(std::span<const Value> outputs, std::span<Node* const> variables,
                             const GraphTypes& types, bool is_train = true, bool all = false);

}  // namespace mx
