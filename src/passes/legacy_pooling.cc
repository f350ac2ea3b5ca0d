#include "passes/legacy_pooling.h"

#include "ir/attributes.h"
#include "ir/infer_graph.h"

namespace mx {
namespace {

using NamedShapes = std::span<const std::pair<std::string, Shape>>;

bool is_in_doubt(const Node& node, std::string_view op) {
  return node.legacy && node.op && node.op->name == op;
}

/// A node of this operator that the file leaves in doubt, or nullptr.
const Node* find_doubt(const Symbol& symbol, std::string_view op) {
  for (const Node* node : topological_order(symbol.outputs()))
    if (is_in_doubt(*node, op)) return node;
  return nullptr;
}

void infer_with(const Symbol& symbol, NamedShapes known) {
  GraphTypes types(symbol.outputs());
  for (Node* node : types.order())
    for (const auto& [name, shape] : known)
      if (node->is_variable() && node->name == name) types.at(node, 0).shape = shape;
  infer_shapes(types);
}

Symbol rounded_up(const Symbol& symbol) {
  Symbol copy = symbol.copy();
  for (Node* node : topological_order(copy.outputs())) {
    if (!is_in_doubt(*node, "Pooling")) continue;
    node->attrs["pooling_convention"] = "full";
    node->params = parse_node_params(*node->op, node->attrs);
    node->legacy = nullptr;
  }
  return copy;
}

std::string warning_for(const Symbol& symbol, const std::string& source, const Error& reason) {
  std::string text = concat(
      source, ": Pooling rounds up, as it did before July 2016; rounded down the graph does ",
      "not fit: ", reason.message());
  if (const Node* norm = find_doubt(symbol, "BatchNorm"))
    text +=
        concat("; BatchNorm (", norm->name,
               ") ignores gamma by today's default; the file is older than fix_gamma, so write ",
               "fix_gamma=False into it if it was trained");
  return text;
}

}  // namespace

std::optional<ResolvedPooling> resolve_legacy_pooling(const Symbol& symbol, NamedShapes known) {
  const Node* doubt = find_doubt(symbol, "Pooling");
  if (!doubt) return std::nullopt;
  try {
    infer_with(symbol, known);
    return std::nullopt;
  } catch (const Error& first) {
    Symbol resolved = rounded_up(symbol);
    try {
      infer_with(resolved, known);
    } catch (const Error&) {
      throw first;
    }
    std::string warning;
    if (!doubt->legacy->warned.exchange(true))
      warning = warning_for(symbol, doubt->legacy->source, first);
    return ResolvedPooling{std::move(resolved), std::move(warning)};
  }
}

}  // namespace mx
