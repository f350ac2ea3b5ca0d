#include "passes/quantize_layers.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ir/op.h"
#include "ops/init/fill.h"
#include "ops/nn/int8_layers.h"
#include "ops/quantization/quantize.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

float real_span(DType dtype) { return dtype == DType::kUint8 ? 255.5f : 127.5f; }

bool is_op(const Value& value, std::string_view name) {
  return !value.node->is_variable() && value.node->op->name == name;
}

/// A weight in 8 bits, and what 1 stands for in each filter.
struct Filters {
  Value whole, step;
};

/// Of a weight that is whole numbers times factors already: these numbers, so that they are not
/// rounded again. `step` has one element or one for each filter.
std::optional<Filters> filters_inside(GraphBuilder& build, const Value& weight) {
  if (is_op(weight, "_contrib_dequantize")) {
    FullParam one;
    one.shape = Shape{1};
    one.dtype = DType::kInt8;
    one.value = 1;
    const std::vector<Value>& in = weight.node->inputs;
    return Filters{in[0],
                   build.call("_contrib_dequantize", {build.call("_full", {}, one), in[1], in[2]})};
  }
  const bool by_number = is_op(weight, "_mul_scalar"), by_filter = is_op(weight, "broadcast_mul");
  if (!by_number && !by_filter) return std::nullopt;
  std::optional<Filters> inside = filters_inside(build, weight.node->inputs[0]);
  if (!inside) return std::nullopt;
  if (by_number) {
    inside->step = build.call("_mul_scalar", {inside->step}, weight.node->params);
    return inside;
  }
  const Value& factors = weight.node->inputs[1];  // as fold_batch_norm makes it
  if (!is_op(factors, "Reshape")) return std::nullopt;
  inside->step = build.call("broadcast_mul", {inside->step, factors.node->inputs[0]});
  return inside;
}

Filters filters_of(GraphBuilder& build, const Value& weight, const TensorType& type) {
  if (std::optional<Filters> inside = filters_inside(build, weight);
      inside && type.dtype == DType::kInt8) {
    FullParam ones;
    ones.shape = Shape{type.shape[0]};
    ones.value = 1;
    inside->step = build.call("broadcast_mul", {inside->step, build.call("_full", {}, ones)});
    return *inside;
  }
  const NodePtr made = build.call_node("_int8_filters", {weight});
  return {{made, 0}, {made, 1}};
}

class LayerQuantization {
 public:
  using Result = std::optional<std::vector<Value>>;

  LayerQuantization(const std::vector<Value>& outputs, const ValueMap<TensorType>& types)
      : uses_(outputs), types_(outputs) {
    for (Node* node : types_.order())
      if (node->is_variable()) types_.at(node, 0) = types.at({node->shared_from_this(), 0});
    infer_shapes(types_);
    infer_dtypes(types_);
  }

  Result operator()(const Node& original, const NodePtr& node) {
    const std::string& op = node->op->name;
    if (op == "_fused_convolution") {
      if (is_channels_last(node->params.as<FusedConvolutionParam>().layout)) return std::nullopt;
      return layer<FusedConvolutionParam, Int8ConvolutionParam>(original, *node,
                                                                "_int8_convolution");
    }
    if (op == "_fused_fully_connected")
      return layer<FusedFullyConnectedParam, Int8FullyConnectedParam>(original, *node,
                                                                      "_int8_fully_connected");
    if (op == "_contrib_quantize_v2" && uses_[original.inputs[0]] == 1) {
      if (is_op(node->inputs[0], "_int8_convolution")) return round<Int8ConvolutionParam>(*node);
      if (is_op(node->inputs[0], "_int8_fully_connected"))
        return round<Int8FullyConnectedParam>(*node);
    }
    return std::nullopt;
  }

 private:
  /// What 1 stands for in the whole numbers that a value of the original graph is made of.
  std::optional<float> step_of(const Value& value) const {
    if (!is_op(value, "_contrib_dequantize")) return std::nullopt;
    const std::vector<Value>& in = value.node->inputs;
    const DType dtype = types_[in[0]].dtype;
    if (!is_op(in[1], "_full") || !is_op(in[2], "_full") ||
        (dtype != DType::kInt8 && dtype != DType::kUint8))
      return std::nullopt;
    const auto end = [](const Value& v) {
      return std::fabs(static_cast<float>(v.node->params.as<FullParam>().value));
    };
    return std::max(end(in[1]), end(in[2])) / real_span(dtype);
  }

  /// Shape of a weight, and the dtype of the whole numbers inside where it has some.
  TensorType whole_type(const Value& weight) const {
    TensorType type = types_[weight];
    const Value* inside = &weight;
    while (is_op(*inside, "_mul_scalar") || is_op(*inside, "broadcast_mul"))
      inside = &inside->node->inputs[0];
    if (is_op(*inside, "_contrib_dequantize")) type.dtype = types_[inside->node->inputs[0]].dtype;
    return type;
  }

  template <typename Fused, typename Int8>
  Result layer(const Node& original, const Node& node, const char* op) {
    const std::optional<float> step = step_of(original.inputs[0]);
    if (!step || types_[original.inputs[1]].dtype != DType::kFloat32) return std::nullopt;
    Int8 p;
    static_cast<Fused&>(p) = node.params.as<Fused>();
    GraphBuilder build;
    const Filters filters = filters_of(build, node.inputs[1], whole_type(original.inputs[1]));
    std::vector<Value> inputs{node.inputs[0].node->inputs[0], filters.whole,
                              build.mul_scalar(filters.step, *step)};
    inputs.insert(inputs.end(), node.inputs.begin() + 2, node.inputs.end());
    if (p.with_residual)
      if (const auto residual_step = step_of(original.inputs.back()))
        residual_steps_[inputs.back()] = *residual_step;
    const NodePtr made =
        make_node(get_op(op), Params::of(std::move(p)), std::move(inputs), node.name);
    return std::vector<Value>{{made, 0}};
  }

  /// Whether an activation of scaled numbers is the scaled activation; bounds are scaled along.
  static bool scale_activation(PostOps& post, float scale) {
    switch (post.activation) {
      case FusedActivation::kNone:
      case FusedActivation::kRelu:
      case FusedActivation::kLeaky:
        return true;
      case FusedActivation::kClip:
        post.alpha *= scale;
        post.beta *= scale;
        return true;
      default:
        return false;
    }
  }

  /// The rounding of a layer's results as its last step.
  template <typename Int8>
  Result round(const Node& node) {
    const auto& quantize = node.params.as<QuantizeParam>();
    if (!quantize.is_calibrated()) return std::nullopt;
    const Node& from = *node.inputs[0].node;
    Int8 p = from.params.as<Int8>();
    p.out_type = quantize.dtype();
    const float reach =
        std::max(std::fabs(*quantize.min_calib_range), std::fabs(*quantize.max_calib_range));
    if (reach == 0) return std::nullopt;
    const float scale = real_span(p.out_type) / reach;
    if (!scale_activation(p, scale)) return std::nullopt;
    std::vector<Value> inputs = from.inputs;
    GraphBuilder build;
    for (size_t i = 2; i < (p.no_bias ? 3u : 4u); ++i)
      inputs[i] = build.mul_scalar(inputs[i], scale);
    if (p.with_residual) {
      const auto step = residual_steps_.find(inputs.back());
      if (step == residual_steps_.end()) return std::nullopt;
      p.residual_scale = step->second * scale;
      inputs.back() = inputs.back().node->inputs[0];
    }
    const NodePtr made =
        make_node(*from.op, Params::of(std::move(p)), std::move(inputs), from.name);
    return std::vector<Value>{{made, 0}};
  }

  UseCounts uses_;
  GraphTypes types_;
  ValueMap<float> residual_steps_;
};

}  // namespace

std::vector<Value> quantize_layers(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types) {
  const std::vector<Node*> nodes = topological_order(outputs);
  if (std::none_of(nodes.begin(), nodes.end(), [](const Node* n) {
        return !n->is_variable() && n->op->name == "_contrib_dequantize";
      }))
    return outputs;
  LayerQuantization layers(outputs, types);
  return rewrite(outputs,
                 [&](const Node& original, const NodePtr& node) { return layers(original, node); });
}

}  // namespace mx
