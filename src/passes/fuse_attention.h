#pragma once
#include <span>
#include <unordered_map>

#include "ir/infer_graph.h"
#include "ir/symbol.h"

namespace mx {

/// Joins products of queries and keys, mask, softmax and weighted sum of values into one operator,
/// which reads and writes where reshapes and transposes around it would have moved its arrays from
/// and to. `types` holds the types of the graph's variables. For prediction.
std::vector<Value> fuse_attention(const std::vector<Value>& outputs,
                                  const ValueMap<TensorType>& types);

/// The same for training, where attention without dropout is joined, whose weights the backward
/// pass computes again; gradients will be taken with respect to `variables`. Returns the nodes of
/// the graph as it was, by those that took their place.
std::unordered_map<const Node*, NodePtr> fuse_attention_in_training(
    Symbol& symbol, GraphTypes& types, std::span<Node* const> variables);

}  // namespace mx
