#include "ir/graph.h"

#include <unordered_set>

#include "ir/op.h"

namespace mx {

Node::~Node() {
  std::vector<Value> pending = std::move(inputs);
  while (!pending.empty()) {
    const NodePtr node = std::move(pending.back().node);
    pending.pop_back();
    if (!node || node.use_count() != 1) continue;
    for (Value& input : node->inputs) pending.push_back(std::move(input));
    node->inputs.clear();
  }
}

uint32_t Node::num_outputs() const { return op ? op->num_outputs(params) : 1; }

NodePtr make_node(const Op& op, Params params, std::vector<Value> inputs, std::string name) {
  auto node = std::make_shared<Node>();
  node->op = &op;
  node->params = std::move(params);
  node->inputs = std::move(inputs);
  node->name = std::move(name);
  return node;
}

NodePtr make_variable(std::string name) {
  auto node = std::make_shared<Node>();
  node->name = std::move(name);
  return node;
}

std::vector<Node*> topological_order(std::span<const Value> outputs) {
  std::vector<Node*> order;
  std::unordered_set<const Node*> seen;
  std::vector<std::pair<Node*, size_t>> stack;
  const auto visit = [&](Node* node) {
    if (seen.insert(node).second) stack.emplace_back(node, 0);
  };
  for (const Value& output : outputs) {
    visit(output.node.get());
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      if (next < node->inputs.size()) {
        Node* input = node->inputs[next++].node.get();
        visit(input);
      } else {
        order.push_back(node);
        stack.pop_back();
      }
    }
  }
  return order;
}

}  // namespace mx
