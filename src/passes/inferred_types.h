#pragma once
#include "ir/infer_graph.h"

namespace mx {

/// Shapes and dtypes of all values of a graph, from those of its variables: `type_of(node)`.
template <typename TypeOf>
GraphTypes inferred_types_by(const std::vector<Value>& outputs, const TypeOf& type_of) {
  GraphTypes types(outputs);
  for (Node* node : types.order())
    if (node->is_variable()) types.at(node, 0) = type_of(node);
  infer_shapes(types);
  infer_dtypes(types);
  return types;
}

inline GraphTypes inferred_types(const std::vector<Value>& outputs,
                                 const ValueMap<TensorType>& variables) {
  return inferred_types_by(outputs, [&](Node* node) {
    return variables.at({node->shared_from_this(), 0});
  });
}

/// The same from the types of another graph of the same variables.
inline GraphTypes inferred_types(const std::vector<Value>& outputs, const GraphTypes& known) {
  return inferred_types_by(outputs, [&](Node* node) { return known.at(node, 0); });
}

}  // namespace mx
