#pragma once
#include <functional>

#include "ir/gradient.h"

namespace mx {

/// Sets the gradients of one operator application in `g`: by the operator's gradient function, or
/// through its decomposition. Throws: ValueError with the operator's reason when it has neither.
void differentiate_op(GradContext& g);

/// Gradients of an operator's inputs through its decomposition, which is written into `builder`
/// anew; an empty Value is zero. `d_out` are the gradients of its first outputs; empty ones are
/// zero. `out` are the outputs where they are at hand: gradients that need one do not compute it
/// again.
std::vector<Value> differentiate_parts(GraphBuilder& builder, const Op& op, const Params& params,
                                       std::span<const Value> in,
                                       std::span<const TensorType> in_types,
                                       std::span<const Value> d_out, bool is_train = true,
                                       std::span<const Value> out = {});

/// Told of a node with the gradients of its outputs and inputs; empty Values are zero.
using Visit = std::function<void(const NodePtr& node, const std::vector<Value>& d_out,
                                 const std::vector<Value>& d_in)>;

/// Reverse-mode differentiation of a graph.
///
/// `order` holds the nodes in topological order, `d_values` the gradients that are known at the
/// start (of the heads); on return it also holds those of every value they depend on. New nodes go
/// to `builder`. `type_of` gives shape and dtype of a value of the graph.
/// Nodes for which `wanted` is false are not differentiated. `visited` is told of the others.
void differentiate(GraphBuilder& builder, std::span<Node* const> order, ValueMap<Value>& d_values,
                   const std::function<TensorType(const Value&)>& type_of, bool is_train,
                   const std::function<bool(const Node*)>& wanted, const Visit& visited = {});

}  // namespace mx
