#include "passes/graph_key.h"

namespace mx {

GraphKey::GraphKey(std::span<Node* const> order, std::span<const Value> outputs,
                   const DescOf& descs_of, bool names) {
  std::unordered_map<const Node*, size_t> numbers;
  const auto edge = [&](const Value& value) {
    return Edge{numbers.at(value.node.get()), value.index};
  };
  for (Node* node : order) {
    Step step{node->op, node->params, {}, descs_of(*node), names ? node->name : ""};
    for (const Value& value : node->inputs) step.inputs.push_back(edge(value));
    numbers.emplace(node, numbers.size());
    hash_ = hash_combine(hash_, std::hash<const void*>{}(step.op));
    if (step.params) hash_ = hash_combine(hash_, step.params.hash());
    for (const Edge& input : step.inputs) hash_ = hash_combine(hash_, input.node);
    for (const TensorDesc& desc : step.descs)
      hash_ = hash_combine(hash_, codec::Codec<Shape>::hash(desc.shape));
    hash_ = hash_combine(hash_, std::hash<std::string>{}(step.name));
    steps_.push_back(std::move(step));
  }
  for (const Value& value : outputs) outputs_.push_back(edge(value));
}

bool GraphKey::operator==(const GraphKey& other) const {
  return hash_ == other.hash_ && outputs_ == other.outputs_ && steps_ == other.steps_;
}

}  // namespace mx
