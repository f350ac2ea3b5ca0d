#pragma once
#include <vector>

#include "ir/infer_graph.h"
#include "ir/op.h"
#include "ir/subgraph.h"
#include "ir/symbol.h"

namespace mx {

/// A graph inside a node, with the inputs of the node that its arguments are.
class InnerGraph {
 public:
  /// Argument i of the graph is input locations[i] of the node. Both outlive this.
  InnerGraph(const Symbol& graph, const Shape& locations)
      : graph_(graph), locations_(locations), inputs_(graph_inputs(graph.outputs())) {}

  /// Throws: ValueError naming `op` and the field unless each argument has one of `count` inputs.
  void validate(std::string_view op, std::string_view field, int64_t count) const;

  const std::vector<Value>& outputs() const { return graph_.outputs(); }
  size_t size() const { return inputs_.all.size(); }
  Node* argument(size_t i) const { return inputs_.all[i]; }
  size_t location(size_t i) const { return static_cast<size_t>(locations_[static_cast<int>(i)]); }

  /// The node's inputs tell the types inside, and these tell those of the inputs.
  GraphTypes infer(ShapeContext& c) const;
  GraphTypes infer(DTypeContext& c) const;

 private:
  const Symbol& graph_;
  const Shape& locations_;
  GraphInputs inputs_;
};

}  // namespace mx
