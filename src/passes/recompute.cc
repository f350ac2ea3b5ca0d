#include "passes/recompute.h"

#include <unordered_set>

#include "ir/op.h"
#include "ops/nn/fused.h"
#include "ops/nn/norm/batch_norm.h"

namespace mx {
namespace {

class Recomputation {
 public:
  Recomputation(const std::vector<NodePtr>& backward, const GraphTypes& types)
      : backward_(backward) {
    for (Node* node : types.order())
      if (!node->is_variable()) forward_.insert(node);
  }

  std::vector<NodePtr> run() {
    for (const NodePtr& node : backward_) {
      std::vector<Value> inputs;
      for (const Value& value : node->inputs) inputs.push_back(mapped(again(value)));
      result_.push_back(inputs == node->inputs ? node : copy_of(*node, std::move(inputs)));
      if (result_.back() != node)
        for (uint32_t i = 0; i < node->num_outputs(); ++i)
          replaced_[{node, i}] = {result_.back(), i};
    }
    return std::move(result_);
  }

  Value mapped(const Value& value) const {
    const auto found = replaced_.find(value);
    return found == replaced_.end() ? value : found->second;
  }

 private:
  static NodePtr copy_of(const Node& node, std::vector<Value> inputs) {
    NodePtr copy = make_node(*node.op, node.params, std::move(inputs), node.name);
    copy->attrs = node.attrs;
    return copy;
  }

  static bool is_batch_norm(const Node& node) {
    return node.op == find_op("BatchNorm") && node.params.as<BatchNormParam>().axis == 1;
  }

  /// Whether a forward value is worth computing again.
  bool is_cheap(const Value& value) const {
    const Node& node = *value.node;
    if (value.index != 0 || !forward_.count(&node)) return false;
    if (is_batch_norm(node)) return true;
    const bool pointwise =
        node.op->has_trait("pointwise") && !node.op->is_random && node.inputs.size() == 1;
    return pointwise && is_cheap(node.inputs[0]);
  }

  /// The value, or its copy behind the forward pass.
  Value again(const Value& value) {
    if (!is_cheap(value)) return value;
    Value& copy = copies_[value];
    if (copy) return copy;
    const Node& node = *value.node;
    const Value made = is_batch_norm(node) ? normalise_again(value.node)
                                           : Value{emit(copy_of(node, {again(node.inputs[0])})), 0};
    return copies_[value] = made;
  }

  /// gamma * (data - mean) * inverse deviation + beta, with the batch's own statistics.
  Value normalise_again(const NodePtr& norm) {
    GraphBuilder build;
    const auto& p = norm->params.as<BatchNormParam>();
    const Value mean{norm, 1}, inverse_deviation{norm, 2};
    const Value scale =
        p.fix_gamma ? inverse_deviation : build.mul(inverse_deviation, norm->inputs[1]);
    const Value shift = build.sub(norm->inputs[2], build.mul(mean, scale));
    const Value result = build.call("_channel_affine", {again(norm->inputs[0]), scale, shift});
    for (const NodePtr& node : build.nodes()) emit(node);
    return result;
  }

  NodePtr emit(NodePtr node) {
    result_.push_back(node);
    return node;
  }

  const std::vector<NodePtr>& backward_;
  std::unordered_set<const Node*> forward_;
  ValueMap<Value> copies_, replaced_;
  std::vector<NodePtr> result_;
};

}  // namespace

std::vector<NodePtr> recompute_cheap(const std::vector<NodePtr>& backward, const GraphTypes& types,
                                     std::vector<Value>& gradients) {
  Recomputation pass(backward, types);
  std::vector<NodePtr> nodes = pass.run();
  for (Value& value : gradients) value = pass.mapped(value);
  return nodes;
}

}  // namespace mx
