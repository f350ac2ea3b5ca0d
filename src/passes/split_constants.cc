#include "passes/split_constants.h"

#include <algorithm>

#include "ir/op.h"

namespace mx {
namespace {

class Splitter {
 public:
  Splitter(const LoweredGraph& graph, const std::unordered_set<const Node*>& parameters)
      : graph_(graph), constant_(parameters) {
    for (const Value& value : graph.outputs) outputs_.insert(value.node.get());
  }

  SplitGraph run() {
    split_.constants.types = split_.body.types = graph_.types;
    split_.constants.layouts = split_.body.layouts = graph_.layouts;
    for (const NodePtr& node : graph_.steps) {
      if (is_constant(*node)) {
        constant_.insert(node.get());
        split_.constants.steps.push_back(node);
      } else {
        add_to_body(node);
      }
    }
    for (const Value& value : graph_.outputs) split_.body.outputs.push_back(mapped(value));
    split_.constants.split = split_.constants.steps.size();
    split_.body.split = split_.body.steps.size();
    return std::move(split_);
  }

 private:
  bool is_constant(const Node& node) const {
    return !node.op->is_random && !node.op->mutates_inputs() && !outputs_.count(&node) &&
           std::all_of(node.inputs.begin(), node.inputs.end(),
                       [&](const Value& v) { return constant_.count(v.node.get()) > 0; });
  }

  Value mapped(const Value& value) const {
    const auto found = mapped_.find(value);
    return found == mapped_.end() ? value : found->second;
  }

  /// The body's name for a value: a stand-in variable for what the constant part computes.
  Value body_value(const Value& value) {
    if (value.node->is_variable() || !constant_.count(value.node.get())) return mapped(value);
    Value& variable = mapped_[value];
    if (variable) return variable;
    variable = {make_variable(value.node->name), 0};
    split_.inputs.push_back(variable.node);
    split_.constants.outputs.push_back(value);
    split_.body.types[variable] = graph_.type(value);
    if (graph_.layout(value) != Layout::kPlain)
      split_.body.layouts[variable] = graph_.layout(value);
    return variable;
  }

  void add_to_body(const NodePtr& original) {
    std::vector<Value> inputs;
    for (const Value& value : original->inputs) inputs.push_back(body_value(value));
    NodePtr node = original;
    if (inputs != original->inputs) {
      node = make_node(*original->op, original->params, std::move(inputs), original->name);
      node->attrs = original->attrs;
      for (uint32_t i = 0; i < node->num_outputs(); ++i) {
        const Value from{original, i}, to{node, i};
        mapped_[from] = to;
        split_.body.types[to] = graph_.type(from);
        if (graph_.layout(from) != Layout::kPlain) split_.body.layouts[to] = graph_.layout(from);
      }
    }
    split_.body.steps.push_back(node);
  }

  const LoweredGraph& graph_;
  std::unordered_set<const Node*> constant_, outputs_;
  ValueMap<Value> mapped_;
  SplitGraph split_;
};

}  // namespace

SplitGraph split_constants(const LoweredGraph& graph,
                           const std::unordered_set<const Node*>& parameters) {
  return Splitter(graph, parameters).run();
}

std::unordered_set<const Node*> parameter_variables(const std::vector<Value>& outputs) {
  std::unordered_set<const Node*> candidates, others;
  for (const Node* node : topological_order(outputs)) {
    for (uint32_t i = 0; i < node->inputs.size(); ++i) {
      const Node* input = node->inputs[i].node.get();
      if (!input->is_variable()) continue;
      const InputKind kind = node->op->input_kind(node->params, i);
      const bool is_parameter = kind == InputKind::kParameter || kind == InputKind::kAuxiliary;
      (is_parameter ? candidates : others).insert(input);
    }
  }
  for (const Node* node : others) candidates.erase(node);
  return candidates;
}

}  // namespace mx
