#include "passes/gradient.h"

#include <unordered_set>

#include "ir/differentiate.h"
#include "ir/op.h"

namespace mx {
namespace {

/// Nodes on a path from one of the variables: only they need differentiating.
std::unordered_set<const Node*> depending_on(std::span<Node* const> variables,
                                             const GraphTypes& types) {
  std::unordered_set<const Node*> reached(variables.begin(), variables.end());
  for (Node* node : types.order())
    for (const Value& input : node->inputs)
      if (reached.count(input.node.get())) reached.insert(node);
  return reached;
}

/// The new nodes that the gradients depend on, in their order of creation.
std::vector<NodePtr> used_nodes(const std::vector<NodePtr>& nodes,
                                const std::vector<Value>& gradients) {
  std::unordered_set<const Node*> used;
  for (const Value& value : gradients)
    if (value) used.insert(value.node.get());
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it)
    if (used.count(it->get()))
      for (const Value& input : (*it)->inputs) used.insert(input.node.get());
  std::vector<NodePtr> kept;
  for (const NodePtr& node : nodes)
    if (used.count(node.get())) kept.push_back(node);
  return kept;
}

}  // namespace

TrainingGraph gradient_graph(std::span<const Value> outputs, std::span<Node* const> variables,
                             const GraphTypes& types, bool is_train, bool all) {
  TrainingGraph graph;
  GraphBuilder builder;
  ValueMap<Value> d_values;
  for (const Value& output : outputs) {
    graph.head_grads.push_back(
        make_variable("head_grad" + std::to_string(graph.head_grads.size())));
    Value& sum = d_values[output];
    const Value head{graph.head_grads.back(), 0};
    sum = sum ? builder.call("_grad_add", {sum, head}) : head;
  }
  const auto reached = depending_on(variables, types);
  size_t named = 0;  // gradients are known by the operators that they belong to
  differentiate(
      builder, types.order(), d_values, [&](const Value& value) { return types[value]; }, is_train,
      [&](const Node* node) { return reached.count(node) > 0; },
      [&](const NodePtr& node, const std::vector<Value>& d_out, const std::vector<Value>& d_in) {
        graph.operators.push_back({node, d_out, d_in});
        for (; named < builder.nodes().size(); ++named)
          builder.nodes()[named]->name = node->name + "_backward";
      });
  for (Node* variable : variables) {
    const auto found = d_values.find({variable->shared_from_this(), 0});
    graph.gradients.push_back(found == d_values.end() ? Value{} : found->second);
  }
  std::vector<Value> needed = graph.gradients;
  for (const OperatorGradients& op : graph.operators)
    for (const auto* list : {&op.d_in, &op.d_out})
      if (all) needed.insert(needed.end(), list->begin(), list->end());
  graph.backward = used_nodes(builder.nodes(), needed);
  return graph;
}

}  // namespace mx
