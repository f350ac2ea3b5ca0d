#include "ir/draws.h"

#include <string>

namespace mx {

bool trait_holds(const Node& node, std::string_view trait) {
  const auto found = node.op->traits.find(trait);
  if (found == node.op->traits.end()) return false;
  const std::string& value = found->second;
  const size_t equals = value.find('=');
  if (equals == std::string::npos) return true;
  const FieldInfo* field = node.op->param_schema->find(value.substr(0, equals));
  return field && field->print(node.params.data()) == value.substr(equals + 1);
}

std::optional<uint32_t> drawn_factor(const Node& node) {
  const auto trait = node.op->traits.find("drawn_factor");
  if (trait == node.op->traits.end()) return std::nullopt;
  return static_cast<uint32_t>(std::stoul(trait->second));
}

bool draws(const Node& node, bool is_train) {
  if (!node.op->is_random) return false;
  const std::optional<uint32_t> factor = drawn_factor(node);
  if (factor && *factor >= node.num_outputs()) return false;
  return is_train || !node.op->uses_train_mode || trait_holds(node, "draws_always");
}

}  // namespace mx
