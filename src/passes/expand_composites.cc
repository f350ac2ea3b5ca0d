#include "passes/expand_composites.h"

#include <algorithm>
#include <optional>

#include "ir/op.h"
#include "passes/inferred_types.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

bool is_composite(const Node* node) {
  return !node->is_variable() && node->op->has_trait("composite");
}

class Expansion {
 public:
  explicit Expansion(const GraphTypes& types) : types_(types) {}

  std::vector<Value> run(const std::vector<Value>& outputs) {
    for (Node* node : types_.order())
      if (is_composite(node))
        expand(*node);
      else if (!node->is_variable())
        keep(*node);
    std::vector<Value> result;
    for (const Value& value : outputs) result.push_back(mapped(value));
    return result;
  }

 private:
  Value mapped(const Value& value) const {
    const auto found = replaced_.find(value);
    return found == replaced_.end() ? value : found->second;
  }

  std::vector<Value> inputs_of(const Node& node) const {
    std::vector<Value> inputs;
    for (const Value& value : node.inputs) inputs.push_back(mapped(value));
    return inputs;
  }

  void expand(Node& node) {
    const std::vector<Value> inputs = inputs_of(node);
    std::vector<TensorType> in;
    for (const Value& value : node.inputs) in.push_back(types_[value]);
    DecomposeContext parts(node.params, inputs, in, node.num_outputs());
    node.op->decomposition(parts);
    for (uint32_t i = 0; i < node.num_outputs(); ++i)
      replaced_[{node.shared_from_this(), i}] = parts.out()[i];
  }

  /// The node, or a copy where something above it was replaced.
  void keep(Node& node) {
    std::vector<Value> inputs = inputs_of(node);
    if (inputs == node.inputs) return;
    const NodePtr copy = make_node(*node.op, node.params, std::move(inputs), node.name);
    copy->attrs = node.attrs;
    for (uint32_t i = 0; i < node.num_outputs(); ++i)
      replaced_[{node.shared_from_this(), i}] = {copy, i};
  }

  const GraphTypes& types_;
  ValueMap<Value> replaced_;
};

void replace_outputs(Symbol& symbol, GraphTypes& types, std::vector<Value> outputs) {
  types = inferred_types(outputs, types);
  symbol = Symbol(std::move(outputs));
}

/// The inputs of a Concat, where a split has cut it apart into just these: pieces of the same
/// shapes have been cut along the same axis.
std::optional<std::vector<Value>> joined_parts(const Node& split, const NodePtr& node,
                                               const GraphTypes& types) {
  if (split.op != find_op("_split_v2")) return std::nullopt;
  const Node& join = *split.inputs[0].node;
  if (join.is_variable() || join.op != find_op("Concat") ||
      join.inputs.size() != split.num_outputs())
    return std::nullopt;
  for (uint32_t i = 0; i < split.num_outputs(); ++i) {
    const TensorType &before = types[join.inputs[i]], &piece = types.at(&split, i);
    if (before.shape != piece.shape || before.storage != piece.storage) return std::nullopt;
  }
  return node->inputs[0].node->inputs;
}

}  // namespace

void undo_concat(Symbol& symbol, GraphTypes& types) {
  std::vector<Value> outputs =
      rewrite(symbol.outputs(), [&](const Node& original, const NodePtr& node) {
        return joined_parts(original, node, types);
      });
  if (outputs != symbol.outputs()) replace_outputs(symbol, types, std::move(outputs));
}

void expand_composites(Symbol& symbol, GraphTypes& types) {
  const auto any = [&] {
    return std::any_of(types.order().begin(), types.order().end(), is_composite);
  };
  while (any()) replace_outputs(symbol, types, Expansion(types).run(symbol.outputs()));
}

}  // namespace mx
