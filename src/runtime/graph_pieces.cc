#include "runtime/graph_pieces.h"

#include <algorithm>
#include <unordered_map>

#include "ir/op.h"
#include "ir/subgraph.h"

namespace mx {
namespace {

bool is_alone(const Node& node) {
  return !node.is_variable() && runs_user_code(*node.op, node.params);
}

/// How many operators with user's code lie above each node, on the way with the most of them.
std::unordered_map<const Node*, size_t> levels_of(const std::vector<Node*>& order) {
  std::unordered_map<const Node*, size_t> levels;
  for (const Node* node : order) {
    size_t& level = levels[node];
    for (const Value& input : node->inputs)
      level = std::max(level, levels.at(input.node.get()) + (is_alone(*input.node) ? 1 : 0));
  }
  return levels;
}

}  // namespace

GraphPieces::GraphPieces(const Symbol& symbol) : symbol_(symbol) {
  const std::vector<Node*> order = topological_order(symbol.outputs());
  const auto levels = levels_of(order);
  size_t deepest = 0;
  for (const auto& [node, level] : levels) deepest = std::max(deepest, level);
  const auto is_in = [&](const Node& node, size_t level) {
    return !node.is_variable() && !is_alone(node) && levels.at(&node) == level;
  };
  for (size_t level = 0; level <= deepest; ++level) {
    std::vector<Value> handed_on;
    ValueMap<bool> seen;
    const auto hand_on = [&](const Value& value) {
      if (is_in(*value.node, level) && seen.emplace(value, true).second) handed_on.push_back(value);
    };
    for (const Node* node : order)
      if (!node->is_variable() && !is_in(*node, level))
        for (const Value& input : node->inputs) hand_on(input);
    for (const Value& output : symbol.outputs()) hand_on(output);
    if (!handed_on.empty())
      add_compiled(std::move(handed_on), [&](const Node& node) { return is_in(node, level); });
    Piece rest;
    for (Node* node : order)
      if (is_alone(*node) && levels.at(node) == level) rest.alone.push_back(node);
    if (!rest.alone.empty()) pieces_.push_back(std::move(rest));
  }
}

void GraphPieces::add_compiled(std::vector<Value> outputs,
                               const std::function<bool(const Node&)>& is_inside) {
  const CutGraph cut = cut_graph(outputs, is_inside);
  std::unordered_map<const Node*, Value> outside;
  for (const auto& [variable, value] : cut.from_outside) outside[variable.get()] = value;
  Piece piece;
  for (Node* variable : graph_inputs(cut.outputs).all) {
    const auto found = outside.find(variable);
    piece.inputs.push_back(found == outside.end() ? Value{variable->shared_from_this(), 0}
                                                  : found->second);
  }
  piece.outputs = std::move(outputs);
  piece.compiled = std::make_unique<CachedOp>(Symbol(cut.outputs), AttrMap{});
  pieces_.push_back(std::move(piece));
}

void GraphPieces::run(ValueMap<NDArray>& values, Device device, CustomStates* states) const {
  for (const Piece& piece : pieces_) {
    if (!piece.compiled) {
      run_node_by_node(piece.alone, values, device, {}, states);
      continue;
    }
    std::vector<NDArray> in;
    for (const Value& value : piece.inputs) in.push_back(values.at(value));
    std::vector<NDArray> out = (*piece.compiled)(in, device);
    for (size_t i = 0; i < out.size(); ++i) values[piece.outputs[i]] = std::move(out[i]);
  }
}

}  // namespace mx
