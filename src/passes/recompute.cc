#include "passes/recompute.h"

#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ir/op.h"
#include "ops/nn/activation/activation.h"
#include "ops/nn/fused.h"
#include "ops/nn/norm/batch_norm.h"

namespace mx {
namespace {

class Recomputation {
 public:
  Recomputation(const std::vector<NodePtr>& backward, const GraphTypes& types, bool cheap)
      : backward_(backward), cheap_(cheap) {
    for (const NodePtr& node : backward)
      for (const Value& value : node->inputs) read_.insert(value.node.get());
    for (Node* node : types.order())
      if (!node->is_variable()) way_[node] = way_of(*node);
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

  static bool is_relu(const Node& node) {
    if (node.op == find_op("relu")) return true;
    return node.op == find_op("Activation") &&
           node.params.as<ActivationParam>().act_type == ActivationKind::kRelu;
  }

  /// Whether a user asked for it (force_mirroring), one way or the other.
  static std::optional<bool> asked(const Node& node) {
    const auto found = node.attrs.find("__force_mirroring__");
    if (found == node.attrs.end()) return std::nullopt;
    return found->second == "True" || found->second == "true" || found->second == "1";
  }

  /// How the first result of a forward node gets into the backward pass.
  enum class Way {
    kKept,
    kRepeated,     ///< computed again from what is kept
    kRepeatedSum,  ///< the same, with an addition; the next addition starts from what is kept
  };

  Way way_of(const Node& node) const {
    const std::optional<bool> wish = asked(node);
    if (is_batch_norm(node)) return wish.value_or(cheap_) ? Way::kRepeated : Way::kKept;
    if (node.op->is_random || node.op->mutates_inputs()) return Way::kKept;
    if (wish) return *wish ? Way::kRepeated : Way::kKept;
    if (!cheap_ || !node.op->has_trait("pointwise")) return Way::kKept;
    if (node.inputs.size() == 1) return way_of(node.inputs[0]);
    return node.op == find_op("elemwise_add") ? way_of_sum(node) : Way::kKept;
  }

  Way way_of(const Value& value) const {
    const auto found = way_.find(value.node.get());
    return found == way_.end() || value.index > 0 ? Way::kKept : found->second;
  }

  /// As behind a shortcut: one side is computed again, the other too or the backward pass has it.
  Way way_of_sum(const Node& node) const {
    bool saves = false;
    for (const Value& value : node.inputs) {
      const Way way = way_of(value);
      if (way == Way::kRepeatedSum) return Way::kKept;
      if (way == Way::kKept && !read_.count(value.node.get())) return Way::kKept;
      saves |= way == Way::kRepeated;
    }
    return saves ? Way::kRepeatedSum : Way::kKept;
  }

  /// Whether a forward value is to be computed again.
  bool is_repeated(const Value& value) const {
    const auto found = way_.find(value.node.get());
    if (found == way_.end() || found->second == Way::kKept) return false;
    return value.index == 0 || (asked(*value.node) && !is_batch_norm(*value.node));
  }

  /// The value, or its copy behind the forward pass.
  Value again(const Value& value) {
    if (!is_repeated(value)) return value;
    const Node& node = *value.node;
    if (const auto found = copies_.find(&node); found != copies_.end())
      return {found->second, value.index};
    NodePtr made;
    if (is_batch_norm(node)) {
      made = normalise_again(value.node, FusedActivation::kNone).node;
    } else if (is_relu(node) && is_batch_norm(*node.inputs[0].node) &&
               is_repeated(node.inputs[0])) {
      made = normalise_again(node.inputs[0].node, FusedActivation::kRelu).node;
    } else {
      std::vector<Value> inputs;
      for (const Value& input : node.inputs) inputs.push_back(again(input));
      made = emit(copy_of(node, std::move(inputs)));
    }
    copies_[&node] = made;
    return {made, value.index};
  }

  /// gamma * (data - mean) * inverse deviation + beta, with the batch's own statistics, and what
  /// follows.
  Value normalise_again(const NodePtr& norm, FusedActivation activation) {
    GraphBuilder build;
    const auto& p = norm->params.as<BatchNormParam>();
    const Value mean{norm, 1}, inverse_deviation{norm, 2};
    const Value scale =
        p.fix_gamma ? inverse_deviation : build.mul(inverse_deviation, norm->inputs[1]);
    const Value shift = build.sub(norm->inputs[2], build.mul(mean, scale));
    ChannelAffineParam affine;
    affine.activation = activation;
    const Value result =
        build.call("_channel_affine", {again(norm->inputs[0]), scale, shift}, affine);
    for (const NodePtr& node : build.nodes()) emit(node);
    return result;
  }

  NodePtr emit(NodePtr node) {
    result_.push_back(node);
    return node;
  }

  const std::vector<NodePtr>& backward_;
  std::unordered_set<const Node*> read_;      ///< whose results the backward pass reads
  std::unordered_map<const Node*, Way> way_;  ///< of the forward nodes
  bool cheap_;
  std::unordered_map<const Node*, NodePtr> copies_;
  ValueMap<Value> replaced_;
  std::vector<NodePtr> result_;
};

}  // namespace

std::vector<NodePtr> recompute(const std::vector<NodePtr>& backward, const GraphTypes& types,
                               std::vector<Value>& gradients, bool cheap) {
  Recomputation pass(backward, types, cheap);
  std::vector<NodePtr> nodes = pass.run();
  for (Value& value : gradients) value = pass.mapped(value);
  return nodes;
}

}  // namespace mx
