#pragma once
#include <functional>
#include <optional>

#include "ir/graph.h"

namespace mx {

/// Rebuilds a graph from its inputs up. For each operator `replace` gets the original node and one
/// whose inputs are already rewritten (the same object when nothing below it changed), and may
/// return values that take the place of its outputs. Original nodes are never changed.
using Replace =
    std::function<std::optional<std::vector<Value>>(const Node& original, const NodePtr& node)>;
std::vector<Value> rewrite(const std::vector<Value>& outputs, const Replace& replace);

/// How often each value is used as an input or an output of the graph.
class UseCounts {
 public:
  explicit UseCounts(const std::vector<Value>& outputs);
  int operator[](const Value& value) const {
    const auto found = counts_.find(value);
    return found == counts_.end() ? 0 : found->second;
  }
  /// Whether only output 0 of the node is used.
  bool only_first_output(const Node& node) const;

 private:
  ValueMap<int> counts_;
};

}  // namespace mx
