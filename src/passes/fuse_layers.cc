#include "passes/fuse_layers.h"

#include <string_view>
#include <unordered_map>

#include "ir/op.h"
#include "ops/elemwise/clip.h"
#include "ops/nn/activation/activation.h"
#include "ops/nn/activation/leaky_relu.h"
#include "ops/nn/fused.h"
#include "passes/inferred_types.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

/// Whether the operator says that layers can take it over as that function of theirs.
bool is_post_op(const Node& node, std::string_view function) {
  const auto trait = node.op->traits.find("post_op");
  return trait != node.op->traits.end() && trait->second == function;
}

/// The activation that a node computes, if it is one that layers can take over.
std::optional<PostOps> activation_of(const Node& node) {
  PostOps post;
  const auto set = [&](FusedActivation kind, float alpha = 0, float beta = 0) {
    post.activation = kind;
    post.alpha = alpha;
    post.beta = beta;
    return post;
  };
  if (is_post_op(node, "relu")) return set(FusedActivation::kRelu);
  if (is_post_op(node, "sigmoid")) return set(FusedActivation::kSigmoid);
  if (is_post_op(node, "tanh")) return set(FusedActivation::kTanh);
  if (node.op == find_op("clip")) {
    const auto& p = node.params.as<ClipParam>();
    return set(FusedActivation::kClip, p.a_min, p.a_max);
  }
  if (node.op == find_op("Activation")) switch (node.params.as<ActivationParam>().act_type) {
      case ActivationKind::kRelu:
        return set(FusedActivation::kRelu);
      case ActivationKind::kSigmoid:
        return set(FusedActivation::kSigmoid);
      case ActivationKind::kTanh:
        return set(FusedActivation::kTanh);
      case ActivationKind::kSoftrelu:
        return set(FusedActivation::kSoftrelu);
      default:
        return std::nullopt;
    }
  if (node.op == find_op("LeakyReLU")) {
    const auto& p = node.params.as<LeakyReluParam>();
    if (p.act_type == LeakyReluKind::kLeaky) return set(FusedActivation::kLeaky, p.slope);
    if (p.act_type == LeakyReluKind::kElu) return set(FusedActivation::kElu, p.slope);
    if (p.act_type == LeakyReluKind::kGelu) return set(FusedActivation::kGelu);
  }
  return std::nullopt;
}

/// Makes the fused form of a plain layer, leaves a fused one as it is, refuses everything else.
NodePtr as_fused(const NodePtr& layer) {
  const auto make = [&](const char* op, Params params) {
    NodePtr fused = make_node(get_op(op), std::move(params), layer->inputs, layer->name);
    return fused;
  };
  if (layer->op == find_op("Convolution")) {
    FusedConvolutionParam p;
    static_cast<ConvolutionParam&>(p) = layer->params.as<ConvolutionParam>();
    return make("_fused_convolution", Params::of(std::move(p)));
  }
  if (layer->op == find_op("FullyConnected")) {
    FusedFullyConnectedParam p;
    static_cast<FullyConnectedParam&>(p) = layer->params.as<FullyConnectedParam>();
    return make("_fused_fully_connected", Params::of(std::move(p)));
  }
  return nullptr;
}

template <typename P>
Params with_post(const Params& params, const PostOps& post) {
  P p = params.as<P>();
  static_cast<PostOps&>(p) = post;
  return Params::of(std::move(p));
}

const PostOps* post_ops(const Node& node) {
  if (node.op == find_op("_fused_convolution")) return &node.params.as<FusedConvolutionParam>();
  if (node.op == find_op("_fused_fully_connected"))
    return &node.params.as<FusedFullyConnectedParam>();
  if (node.op == find_op("_channel_affine")) return &node.params.as<ChannelAffineParam>();
  return nullptr;
}

NodePtr with_post(const Node& node, const PostOps& post, std::vector<Value> inputs) {
  const Params params = node.op == find_op("_fused_convolution")
                            ? with_post<FusedConvolutionParam>(node.params, post)
                        : node.op == find_op("_fused_fully_connected")
                            ? with_post<FusedFullyConnectedParam>(node.params, post)
                            : with_post<ChannelAffineParam>(node.params, post);
  return make_node(*node.op, params, std::move(inputs), node.name);
}

class LayerFusion {
 public:
  LayerFusion(const std::vector<Value>& outputs, const ValueMap<TensorType>& types)
      : uses_(outputs), graph_types_(inferred_types(outputs, types)) {}

  std::optional<std::vector<Value>> operator()(const Node& original, const NodePtr& node) {
    if (const NodePtr fused = as_fused(node)) return remember(original, fused);
    if (const auto activation = activation_of(*node))
      return fuse_activation(original, *node, *activation);
    if (is_post_op(*node, "add")) return fuse_addition(original, *node);
    return remember(original, node);
  }

 private:
  using Result = std::optional<std::vector<Value>>;

  Result remember(const Node&, const NodePtr& node) {
    std::vector<Value> values;
    for (uint32_t i = 0; i < node->num_outputs(); ++i) values.push_back({node, i});
    order_[node.get()] = next_++;
    return values;
  }

  Result fuse_activation(const Node& original, const Node& node, const PostOps& activation) {
    const Value& input = node.inputs[0];
    const PostOps* post = input.node->op ? post_ops(*input.node) : nullptr;
    if (!post || post->activation != FusedActivation::kNone || uses_[original.inputs[0]] != 1)
      return remember(original, const_cast<Node&>(node).shared_from_this());
    PostOps combined = activation;
    combined.with_residual = post->with_residual;
    NodePtr fused = with_post(*input.node, combined, input.node->inputs);
    return remember(original, fused);
  }

  bool can_add(const Node& original, const Node& node, size_t side) const {
    const Value& input = node.inputs[side];
    if (!input.node->op || input.node->op == find_op("_channel_affine")) return false;
    const PostOps* post = post_ops(*input.node);
    return post && post->activation == FusedActivation::kNone && !post->with_residual &&
           uses_[original.inputs[side]] == 1 &&
           graph_types_[original.inputs[0]].shape == graph_types_[original.inputs[1]].shape;
  }

  /// Adds into the layer that runs last, so that the other side exists by then.
  Result fuse_addition(const Node& original, const Node& node) {
    int side = -1;
    for (int s : {0, 1})
      if (can_add(original, node, static_cast<size_t>(s)) &&
          (side < 0 || position(node, s) > position(node, side)))
        side = s;
    if (side < 0) return remember(original, const_cast<Node&>(node).shared_from_this());
    const Node& layer = *node.inputs[static_cast<size_t>(side)].node;
    std::vector<Value> inputs = layer.inputs;
    inputs.push_back(node.inputs[static_cast<size_t>(1 - side)]);
    PostOps post = *post_ops(layer);
    post.with_residual = true;
    return remember(original, with_post(layer, post, std::move(inputs)));
  }

  size_t position(const Node& node, int side) const {
    const auto found = order_.find(node.inputs[static_cast<size_t>(side)].node.get());
    return found == order_.end() ? 0 : found->second;
  }

  UseCounts uses_;
  GraphTypes graph_types_;
  std::unordered_map<const Node*, size_t> order_;
  size_t next_ = 1;
};

}  // namespace

std::vector<Value> fuse_layers(const std::vector<Value>& outputs,
                               const ValueMap<TensorType>& types) {
  LayerFusion fusion(outputs, types);
  return rewrite(outputs,
                 [&](const Node& original, const NodePtr& node) { return fusion(original, node); });
}

}  // namespace mx
