// Layers with their surroundings fused in, made by the inference compiler. Each decomposes into the
// operators that it came from, which is what runs where no kernel offers the fusion.
#include "ops/nn/fused.h"

#include "ir/op.h"
#include "ops/elemwise/clip.h"
#include "ops/matrix/reshape.h"
#include "ops/nn/activation/activation.h"
#include "ops/nn/activation/leaky_relu.h"

namespace mx {

void FusedFullyConnectedParam::describe(ParamBuilder<FusedFullyConnectedParam>& fields) {
  using P = FusedFullyConnectedParam;
  fields.add<int32_t>("num_hidden", &P::num_hidden, "Number of output features.").required();
  fields.add<bool>("no_bias", &P::no_bias, "Whether there is no bias.");
  fields.add<bool>("flatten", &P::flatten, "Whether all axes but the first are features.");
  PostOps::describe_as(fields);
}

namespace {

/// Inference of the plain layer on its own inputs; the residual has the output's shape.
template <typename P, typename Base>
void infer_fused_shape(ShapeContext& c, const char* base_name) {
  const auto& p = c.params<P>();
  const Op& base = get_op(base_name);
  const size_t count = c.num_in() - (p.with_residual ? 1 : 0);
  std::vector<Shape> in, out{c.out(0)};
  for (size_t i = 0; i < count; ++i) in.push_back(c.in(i));
  const Params params = Params::of<Base>(p);
  ShapeContext inner(base, params, in, out);
  base.infer_shape(inner);
  for (size_t i = 0; i < count; ++i) c.set_in(i, in[i]);
  c.set_out(0, out[0]);
  if (p.with_residual) c.set_in(count, out[0]);
}

void infer_fused_convolution(ShapeContext& c) {
  infer_fused_shape<FusedConvolutionParam, ConvolutionParam>(c, "Convolution");
}

void infer_fused_fully_connected(ShapeContext& c) {
  infer_fused_shape<FusedFullyConnectedParam, FullyConnectedParam>(c, "FullyConnected");
}

/// Inputs: data, weight, bias, residual.
template <typename P>
bool uses_input(const Params& params, size_t input) {
  const auto& p = params.as<P>();
  if (input == 2) return !p.no_bias;
  return input != 3 || p.with_residual;
}

Value activate(DecomposeContext& c, Value value, const PostOps& post) {
  switch (post.activation) {
    case FusedActivation::kNone:
      return value;
    case FusedActivation::kRelu:
      return c.call("relu", {value});
    case FusedActivation::kSigmoid:
      return c.call("sigmoid", {value});
    case FusedActivation::kTanh:
      return c.call("tanh", {value});
    case FusedActivation::kSoftrelu:
      return c.call("Activation", {value}, ActivationParam{ActivationKind::kSoftrelu});
    case FusedActivation::kLeaky:
      return c.call("LeakyReLU", {value}, LeakyReluParam{LeakyReluKind::kLeaky, post.alpha});
    case FusedActivation::kElu:
      return c.call("LeakyReLU", {value}, LeakyReluParam{LeakyReluKind::kElu, post.alpha});
    case FusedActivation::kGelu:
      return c.call("LeakyReLU", {value}, LeakyReluParam{LeakyReluKind::kGelu});
    case FusedActivation::kClip:
      return c.call("clip", {value}, ClipParam{post.alpha, post.beta});
  }
  return value;
}

template <typename P, typename Base>
void decompose_fused(DecomposeContext& c, const char* base_name) {
  const auto& p = c.params<P>();
  const size_t count = c.num_in() - (p.with_residual ? 1 : 0);
  std::vector<Value> inputs;
  for (size_t i = 0; i < count; ++i) inputs.push_back(c.in(i));
  Value value = c.call(base_name, std::move(inputs), Params::of<Base>(p));
  if (p.with_residual) value = c.add(value, c.in(count));
  c.set(0, activate(c, value, p));
}

void decompose_fused_convolution(DecomposeContext& c) {
  decompose_fused<FusedConvolutionParam, ConvolutionParam>(c, "Convolution");
}

void decompose_fused_fully_connected(DecomposeContext& c) {
  decompose_fused<FusedFullyConnectedParam, FullyConnectedParam>(c, "FullyConnected");
}

void infer_channel_affine(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(0).ndim() < 2) return;
  c.set_in(1, Shape{c.in(0)[1]});
  c.set_in(2, Shape{c.in(0)[1]});
}

/// Half precision data come with float32 factors.
DType factor_dtype(DType data) {
  return data == DType::kFloat16 || data == DType::kBfloat16 ? DType::kFloat32 : data;
}

void infer_channel_affine_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(0) == DType::kUnknown) return;
  c.set_in(1, factor_dtype(c.in(0)));
  c.set_in(2, factor_dtype(c.in(0)));
}

void decompose_channel_affine(DecomposeContext& c) {
  Shape wide = Shape::filled(c.in_shape(0).ndim(), 1);
  wide[1] = c.in_shape(0)[1];
  const auto widen = [&](const Value& v) {
    const Value wide_value = c.call("Reshape", {v}, ReshapeParam{wide});
    return factor_dtype(c.in_dtype(0)) == c.in_dtype(0) ? wide_value
                                                        : c.cast(wide_value, c.in_dtype(0));
  };
  const Value scaled = c.call("broadcast_mul", {c.in(0), widen(c.in(1))});
  c.set(0, activate(c, c.call("broadcast_add", {scaled, widen(c.in(2))}),
                    c.params<ChannelAffineParam>()));
}

const OpBuilder fused_convolution =
    OpBuilder("_fused_convolution")
        .doc("Convolution with an addition and an activation behind it.")
        .params<FusedConvolutionParam>()
        .input("data")
        .parameter("weight")
        .parameter("bias")
        .input("residual")
        .input_used(uses_input<FusedConvolutionParam>)
        .infer_shape(infer_fused_convolution)
        .decomposition(decompose_fused_convolution)
        .trait("low_precision", "compute")
        .inplace(2, 0)
        .inplace(3, 0);

const OpBuilder fused_fully_connected =
    OpBuilder("_fused_fully_connected")
        .doc("FullyConnected with an addition and an activation behind it.")
        .params<FusedFullyConnectedParam>()
        .input("data")
        .parameter("weight")
        .parameter("bias")
        .input("residual")
        .input_used(uses_input<FusedFullyConnectedParam>)
        .infer_shape(infer_fused_fully_connected)
        .decomposition(decompose_fused_fully_connected)
        .trait("low_precision", "compute");

const OpBuilder channel_affine =
    OpBuilder("_channel_affine")
        .doc("A factor and an offset for each channel, and an activation.")
        .params<ChannelAffineParam>()
        .input("data")
        .input("scale")
        .input("shift")
        .infer_shape(infer_channel_affine)
        .infer_dtype(infer_channel_affine_dtype)
        .decomposition(decompose_channel_affine)
        .trait("low_precision", "follow")
        .inplace(0, 0);

}  // namespace
}  // namespace mx
