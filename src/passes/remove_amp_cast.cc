#include "passes/remove_amp_cast.h"

#include "ir/op.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

/// What goes into the casts that a value went through.
Value before_casts(Value value) {
  const Op *cast = find_op("amp_cast"), *multicast = find_op("amp_multicast");
  while (value.node->op && (value.node->op == cast || value.node->op == multicast))
    value = Value(value.node->inputs[value.index]);
  return value;
}

}  // namespace

std::vector<Value> remove_amp_cast(const std::vector<Value>& outputs) {
  return rewrite(outputs,
                 [](const Node&, const NodePtr& node) -> std::optional<std::vector<Value>> {
                   std::vector<Value> inputs, values;
                   for (const Value& value : node->inputs) inputs.push_back(before_casts(value));
                   if (inputs == node->inputs) return std::nullopt;
                   NodePtr copy = std::make_shared<Node>(*node);
                   copy->inputs = std::move(inputs);
                   for (uint32_t i = 0; i < copy->num_outputs(); ++i) values.push_back({copy, i});
                   return values;
                 });
}

}  // namespace mx
