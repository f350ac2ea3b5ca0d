#include "passes/fold_batch_norm.h"

#include "ir/op.h"
#include "ops/nn/conv/convolution.h"
#include "ops/nn/fully_connected.h"
#include "ops/nn/fused.h"
#include "ops/nn/norm/batch_norm.h"
#include "passes/rewrite.h"

namespace mx {
namespace {

/// Factor and offset of a batch norm with its moving averages.
struct Affine {
  Value scale, shift;
};

Affine affine_of(GraphBuilder& build, const Node& norm) {
  const auto& p = norm.params.as<BatchNormParam>();
  const Value &gamma = norm.inputs[1], &beta = norm.inputs[2], &mean = norm.inputs[3],
              &var = norm.inputs[4];
  Value scale = build.call("rsqrt", {build.add_scalar(var, p.eps)});
  if (!p.fix_gamma) scale = build.mul(scale, gamma);
  return {scale, build.sub(beta, build.mul(mean, scale))};
}

Value widened(GraphBuilder& build, const Value& vector, int ndim) {
  std::string shape = "(-1";
  for (int i = 1; i < ndim; ++i) shape += ", 1";
  return build.call("Reshape", {vector},
                    get_op("Reshape").parse_params({{"shape", shape + (ndim == 1 ? ",)" : ")")}}));
}

/// Element types of the data and of the statistics, which mixed precision keeps in float32.
struct Precision {
  DType data, statistics;

  Value up(GraphBuilder& build, const Value& value) const {
    return data == statistics ? value : build.cast(value, statistics);
  }
  Value down(GraphBuilder& build, const Value& value) const {
    return data == statistics ? value : build.cast(value, data);
  }
};

/// The layer with the batch norm inside, or nothing when this kind of layer cannot take it.
template <typename P>
std::optional<Value> fold_into(GraphBuilder& build, const Node& layer, const Node& norm,
                               int weight_ndim, const Precision& precision) {
  P p = layer.params.as<P>();
  const Affine affine = affine_of(build, norm);
  const Value weight = build.call("broadcast_mul", {precision.up(build, layer.inputs[1]),
                                                    widened(build, affine.scale, weight_ndim)});
  Value bias = affine.shift;
  if (!p.no_bias)
    bias = build.add(build.mul(precision.up(build, layer.inputs[2]), affine.scale), bias);
  p.no_bias = false;
  NodePtr folded = make_node(
      *layer.op, Params::of(std::move(p)),
      {layer.inputs[0], precision.down(build, weight), precision.down(build, bias)}, layer.name);
  return Value{folded, 0};
}

bool is_channel_axis(const Node& norm, int64_t channel_axis) {
  return norm.params.as<BatchNormParam>().axis == channel_axis;
}

std::optional<Value> fold(GraphBuilder& build, const Node& layer, const Node& norm,
                          const Precision& precision) {
  if (layer.op == find_op("Convolution")) {
    const auto& p = layer.params.as<ConvolutionParam>();
    const bool channels_last = is_channels_last(p.layout);
    const int ndim = p.kernel.ndim() + 2;
    if (!is_channel_axis(norm, channels_last ? ndim - 1 : 1)) return std::nullopt;
    return fold_into<ConvolutionParam>(build, layer, norm, ndim, precision);
  }
  if (layer.op == find_op("FullyConnected") && layer.params.as<FullyConnectedParam>().flatten &&
      is_channel_axis(norm, 1))
    return fold_into<FullyConnectedParam>(build, layer, norm, 2, precision);
  return std::nullopt;
}

}  // namespace

std::vector<Value> fold_batch_norm(const std::vector<Value>& outputs,
                                   const ValueMap<TensorType>& types) {
  const Op* batch_norm = find_op("BatchNorm");
  GraphTypes known(outputs);
  for (Node* node : known.order())
    if (node->is_variable()) known.at(node, 0) = types.at({node->shared_from_this(), 0});
  infer_dtypes(known);
  const UseCounts uses(outputs);
  return rewrite(
      outputs, [&](const Node& original, const NodePtr& node) -> std::optional<std::vector<Value>> {
        if (node->op != batch_norm || !uses.only_first_output(original)) return std::nullopt;
        GraphBuilder build;
        const Precision precision{known[original.inputs[0]].dtype, known[original.inputs[3]].dtype};
        const Node& layer = *node->inputs[0].node;
        if (!layer.is_variable() && uses[original.inputs[0]] == 1)
          if (const auto folded = fold(build, layer, *node, precision))
            return std::vector<Value>{*folded};
        if (!is_channel_axis(*node, 1)) return std::nullopt;
        const Affine affine = affine_of(build, *node);
        NodePtr plain =
            build.call_node("_channel_affine", {node->inputs[0], affine.scale, affine.shift});
        plain->name = node->name;
        return std::vector<Value>{{plain, 0}};
      });
}

}  // namespace mx
