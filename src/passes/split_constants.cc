#include "passes/split_constants.h"

#include <algorithm>

#include "ir/op.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

std::unordered_set<const Node*> constant_nodes(const std::vector<Value>& outputs,
                                               const std::unordered_set<const Node*>& parameters) {
  std::unordered_set<const Node*> constant;
  for (const Node* node : topological_order(outputs)) {
    if (node->is_variable()) {
      if (parameters.count(node)) constant.insert(node);
      continue;
    }
    const bool all = std::all_of(node->inputs.begin(), node->inputs.end(),
                                 [&](const Value& v) { return constant.count(v.node.get()) > 0; });
    if (all && !node->op->is_random && !node->op->mutates_inputs()) constant.insert(node);
  }
  return constant;
}

}  // namespace

SplitGraph split_constants(const std::vector<Value>& outputs,
                           const std::unordered_set<const Node*>& parameters) {
  const auto constant = constant_nodes(outputs, parameters);
  SplitGraph split;
  ValueMap<Value> stand_ins;
  const auto stand_in = [&](const Value& value) {
    if (value.node->is_variable() || !constant.count(value.node.get())) return value;
    Value& variable = stand_ins[value];
    if (!variable) {
      variable = {make_variable("constant" + std::to_string(split.constants.size())), 0};
      split.constants.push_back(value);
      split.constant_inputs.push_back(variable.node);
    }
    return variable;
  };
  split.outputs = rewrite(
      outputs, [&](const Node& original, const NodePtr& node) -> std::optional<std::vector<Value>> {
        if (constant.count(&original)) return std::nullopt;
        std::vector<Value> inputs = node->inputs;
        for (Value& value : inputs) value = stand_in(value);
        if (inputs == node->inputs) return std::nullopt;
        NodePtr copy = make_node(*node->op, node->params, std::move(inputs), node->name);
        copy->attrs = node->attrs;
        std::vector<Value> values;
        for (uint32_t i = 0; i < copy->num_outputs(); ++i) values.push_back({copy, i});
        return values;
      });
  for (Value& value : split.outputs) value = stand_in(value);
  return split;
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
