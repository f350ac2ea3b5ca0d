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

/// How often the way to each node leaves a piece: at operators with user's code and where it goes
/// to another device; on the way where that happens most.
std::unordered_map<const Node*, size_t> levels_of(
    const std::vector<Node*>& order,
    const std::function<bool(const Node& from, const Node& to)>& leaves) {
  std::unordered_map<const Node*, size_t> levels;
  for (const Node* node : order) {
    size_t& level = levels[node];
    for (const Value& input : node->inputs)
      level = std::max(level, levels.at(input.node.get()) + (leaves(*input.node, *node) ? 1 : 0));
  }
  return levels;
}

}  // namespace

GraphPieces::GraphPieces(const Symbol& symbol, NodeDevices devices)
    : symbol_(symbol), devices_(std::move(devices)) {
  const std::vector<Node*> order = topological_order(symbol.outputs());
  const auto levels = levels_of(order, [&](const Node& from, const Node& to) {
    return is_alone(from) || (!from.is_variable() && device_of(from) != device_of(to));
  });
  size_t deepest = 0;
  for (const auto& [node, level] : levels) deepest = std::max(deepest, level);
  for (size_t level = 0; level <= deepest; ++level) {
    std::vector<std::optional<Device>> places;
    for (const Node* node : order)
      if (!node->is_variable() && levels.at(node) == level &&
          std::find(places.begin(), places.end(), device_of(*node)) == places.end())
        places.push_back(device_of(*node));
    for (const std::optional<Device>& place : places)
      add_level(
          order,
          [&](const Node& node) {
            return !node.is_variable() && !is_alone(node) && levels.at(&node) == level &&
                   device_of(node) == place;
          },
          place);
    Piece rest;
    for (Node* node : order)
      if (is_alone(*node) && levels.at(node) == level) rest.alone.push_back(node);
    if (!rest.alone.empty()) pieces_.push_back(std::move(rest));
  }
}

std::optional<Device> GraphPieces::device_of(const Node& node) const {
  const auto found = devices_.find(&node);
  return found == devices_.end() ? std::nullopt : std::optional<Device>(found->second);
}

/// Compiles the operators inside, if there are some.
void GraphPieces::add_level(const std::vector<Node*>& order, const IsInside& is_inside,
                            std::optional<Device> device) {
  std::vector<Value> handed_on;
  ValueMap<bool> seen;
  const auto hand_on = [&](const Value& value) {
    if (is_inside(*value.node) && seen.emplace(value, true).second) handed_on.push_back(value);
  };
  for (const Node* node : order)
    if (!node->is_variable() && !is_inside(*node))
      for (const Value& input : node->inputs) hand_on(input);
  for (const Value& output : symbol_.outputs()) hand_on(output);
  if (!handed_on.empty()) add_compiled(std::move(handed_on), is_inside, device);
}

void GraphPieces::add_compiled(std::vector<Value> outputs, const IsInside& is_inside,
                               std::optional<Device> device) {
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
  piece.device = device;
  piece.compiled = std::make_unique<CachedOp>(Symbol(cut.outputs), AttrMap{});
  pieces_.push_back(std::move(piece));
}

void GraphPieces::run(ValueMap<NDArray>& values, Device device, CustomStates* states) const {
  for (const Piece& piece : pieces_) {
    if (!piece.compiled) {
      run_node_by_node(piece.alone, values, device, {}, states, {}, devices_);
      continue;
    }
    std::vector<NDArray> in;
    for (const Value& value : piece.inputs) {
      in.push_back(values.at(value));
      if (piece.device) in.back() = on_device(in.back(), *piece.device);
    }
    std::vector<NDArray> out = (*piece.compiled)(in, piece.device.value_or(device));
    for (size_t i = 0; i < out.size(); ++i) values[piece.outputs[i]] = std::move(out[i]);
  }
}

}  // namespace mx
