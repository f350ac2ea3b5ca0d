#pragma once
#include <string>
#include <vector>

#include "ir/gradient.h"
#include "ir/graph.h"

namespace mx {

/// Shapes and dtypes of every value of a graph. Value{node, i} is at entry(node) + i.
class GraphTypes {
 public:
  explicit GraphTypes(std::span<const Value> outputs);
  const std::vector<Node*>& order() const { return order_; }
  TensorType& operator[](const Value& value) {
    return types_[offset_.at(value.node.get()) + value.index];
  }
  const TensorType& operator[](const Value& value) const {
    return types_[offset_.at(value.node.get()) + value.index];
  }
  TensorType& at(const Node* node, uint32_t index) { return types_[offset_.at(node) + index]; }
  const TensorType& at(const Node* node, uint32_t index) const {
    return types_[offset_.at(node) + index];
  }

 private:
  std::vector<Node*> order_;
  std::unordered_map<const Node*, size_t> offset_;
  std::vector<TensorType> types_;
};

/// Fills in what follows from what is known, forwards and backwards, until nothing changes.
/// Variables take their `__shape__` and `__dtype__` attributes as hints.
/// Throws: the operators' errors, each with the node's name.
void infer_shapes(GraphTypes& types);
void infer_dtypes(GraphTypes& types);
/// Unknown dtypes that nothing determines become float32.
void default_dtypes(GraphTypes& types);

}  // namespace mx
