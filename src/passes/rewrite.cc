#include "passes/rewrite.h"

#include "ir/op.h"

namespace mx {

std::vector<Value> rewrite(const std::vector<Value>& outputs, const Replace& replace) {
  ValueMap<Value> mapped;
  const auto map = [&](const Value& value) {
    const auto found = mapped.find(value);
    return found == mapped.end() ? value : found->second;
  };
  for (Node* original : topological_order(outputs)) {
    if (original->is_variable()) continue;
    NodePtr node = original->shared_from_this();
    std::vector<Value> inputs;
    for (const Value& value : original->inputs) inputs.push_back(map(value));
    if (inputs != original->inputs) {
      node = make_node(*original->op, original->params, std::move(inputs), original->name);
      node->attrs = original->attrs;
    }
    const std::optional<std::vector<Value>> values = replace(*original, node);
    for (uint32_t i = 0; i < original->num_outputs(); ++i) {
      const Value from{original->shared_from_this(), i};
      const Value to = values && i < values->size() ? (*values)[i] : Value{node, i};
      if (!(from == to)) mapped[from] = to;
    }
  }
  std::vector<Value> result;
  for (const Value& value : outputs) result.push_back(map(value));
  return result;
}

UseCounts::UseCounts(const std::vector<Value>& outputs) {
  for (const Node* node : topological_order(outputs))
    for (const Value& value : node->inputs) ++counts_[value];
  for (const Value& value : outputs) ++counts_[value];
}

bool UseCounts::only_first_output(const Node& node) const {
  const NodePtr self = const_cast<Node&>(node).shared_from_this();
  for (uint32_t i = 1; i < node.num_outputs(); ++i)
    if ((*this)[{self, i}] > 0) return false;
  return true;
}

}  // namespace mx
