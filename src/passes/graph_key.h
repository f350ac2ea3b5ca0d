#pragma once
#include <functional>
#include <string>

#include "dispatch/kernel.h"
#include "ir/graph.h"

namespace mx {

/// What a graph computes, whatever objects its nodes are: operators, parameters, edges and the
/// types it was made for. Graphs with equal keys compute the same from the same arrays.
class GraphKey {
 public:
  /// Types and layouts of a node's outputs that are part of the key.
  using DescOf = std::function<std::vector<TensorDesc>(Node& node)>;

  GraphKey() = default;
  /// `order` holds every node behind its inputs, variables included. With `names`, graphs whose
  /// nodes have other names differ.
  GraphKey(std::span<Node* const> order, std::span<const Value> outputs, const DescOf& descs_of,
           bool names);

  bool operator==(const GraphKey& other) const;
  size_t hash() const { return hash_; }

 private:
  struct Edge {
    size_t node;  ///< number in the order
    uint32_t index;
    bool operator==(const Edge&) const = default;
  };
  struct Step {
    const Op* op;
    Params params;
    std::vector<Edge> inputs;
    std::vector<TensorDesc> descs;
    std::string name;
    bool operator==(const Step&) const = default;
  };

  std::vector<Step> steps_;
  std::vector<Edge> outputs_;
  size_t hash_ = 0;
};

}  // namespace mx
