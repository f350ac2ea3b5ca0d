#include "passes/simplify_inference.h"

#include "ir/op.h"
#include "passes/rewrite.h"

namespace mx {

namespace {

/// Whether output 0 is input 0. The trait is "1", or a condition "argument=value".
bool is_identity(const Node& node) {
  const auto trait = node.op->traits.find("identity_at_inference");
  if (trait == node.op->traits.end()) return false;
  const size_t equals = trait->second.find('=');
  if (equals == std::string::npos) return true;
  const FieldInfo* field = node.op->param_schema->find(trait->second.substr(0, equals));
  return field && field->print(node.params.data()) == trait->second.substr(equals + 1);
}

}  // namespace

std::vector<Value> simplify_inference(const std::vector<Value>& outputs) {
  const UseCounts uses(outputs);
  return rewrite(
      outputs, [&](const Node& original, const NodePtr& node) -> std::optional<std::vector<Value>> {
        if (!is_identity(*node) || !uses.only_first_output(original)) return std::nullopt;
        return std::vector<Value>{node->inputs[0]};
      });
}

}  // namespace mx
