// Layers in 8 bits, made by the inference compiler (passes/quantize_layers.h). Each decomposes into
// its layer in float32 on the same whole numbers.
#include "ops/nn/int8_layers.h"

#include "ir/op.h"
#include "ops/matrix/reshape.h"
#include "ops/quantization/quantize.h"

namespace mx {

void Int8FullyConnectedParam::describe(ParamBuilder<Int8FullyConnectedParam>& fields) {
  using P = Int8FullyConnectedParam;
  fields.add<int32_t>("num_hidden", &P::num_hidden, "Number of output features.").required();
  fields.add<bool>("no_bias", &P::no_bias, "Whether there is no bias.");
  fields.add<bool>("flatten", &P::flatten, "Whether all axes but the first are features.");
  PostOps::describe_as(fields);
  Int8Output::describe_as(fields);
}

namespace {

/// Inputs: data, weight, scale, bias, residual.
constexpr size_t kScale = 2, kBias = 3, kResidual = 4;

template <typename P>
bool uses_input(const Params& params, size_t input) {
  const auto& p = params.as<P>();
  return input == kBias ? !p.no_bias : input != kResidual || p.with_residual;
}

template <typename P>
size_t residual_number(const P& p) {
  return kResidual - (p.no_bias ? 1 : 0);
}

template <typename P, typename Base>
void infer_layer_shape(ShapeContext& c, const char* base_name) {
  const auto& p = c.params<P>();
  const Op& base = get_op(base_name);
  std::vector<Shape> in{c.in(0), c.in(1)}, out{c.out(0)};
  if (!p.no_bias) in.push_back(c.in(kBias));
  const Params params = Params::of<Base>(p);
  ShapeContext inner(base, params, in, out);
  base.infer_shape(inner);
  c.set_in(0, in[0]);
  c.set_in(1, in[1]);
  c.set_out(0, out[0]);
  if (in[1].has_rank()) c.set_in(kScale, Shape{in[1][0]});
  if (!p.no_bias) c.set_in(kBias, in[2]);
  if (p.with_residual) c.set_in(residual_number(p), out[0]);
}

template <typename P>
void infer_layer_dtype(DTypeContext& c) {
  const auto& p = c.params<P>();
  c.set_in(1, DType::kInt8);
  c.set_in(kScale, DType::kFloat32);
  if (!p.no_bias) c.set_in(kBias, DType::kFloat32);
  c.set_out(0, p.out_type);
}

/// The factor of each filter, along axis 0 of the weight.
Value widened(DecomposeContext& c, const Value& scale, int ndim) {
  Shape shape = Shape::filled(ndim, 1);
  shape[0] = -1;
  return c.call("Reshape", {scale}, ReshapeParam{shape});
}

/// Rounds to the output's type: a range as wide as the type's span has the scale 1.
Value rounded(DecomposeContext& c, Value value, DType dtype) {
  if (dtype == DType::kFloat32) return value;
  QuantizeParam p;
  const bool is_unsigned = dtype == DType::kUint8;
  p.out_type = is_unsigned ? QuantizedType::kUint8 : QuantizedType::kInt8;
  p.min_calib_range = is_unsigned ? 0.0f : -127.5f;
  p.max_calib_range = is_unsigned ? 255.5f : 127.5f;
  return {c.call_node("_contrib_quantize_v2", {value}, Params::of(p)), 0};
}

template <typename P, typename Fused>
void decompose_layer(DecomposeContext& c, const char* fused) {
  const auto& p = c.params<P>();
  const Value weight = c.cast(c.in(1), DType::kFloat32);
  std::vector<Value> in{
      c.cast(c.in(0), DType::kFloat32),
      c.call("broadcast_mul", {weight, widened(c, c.in(kScale), c.in_shape(1).ndim())})};
  if (!p.no_bias) in.push_back(c.in(kBias));
  if (p.with_residual)
    in.push_back(c.mul_scalar(c.cast(c.in(residual_number(p)), DType::kFloat32), p.residual_scale));
  c.set(0, rounded(c, c.call(fused, std::move(in), Params::of<Fused>(p)), p.out_type));
}

template <typename P>
OpBuilder layer(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("data", "int8 or uint8.")
      .parameter("weight", "int8.")
      .parameter("scale", "(filters,) factors of the sums.")
      .parameter("bias", "(filters,) float32, added to what is scaled.")
      .input("residual", "Of the output's shape.")
      .input_used(uses_input<P>)
      .infer_dtype(infer_layer_dtype<P>)
      .inplace(kBias, 0)
      .inplace(kResidual, 0)
      .zero_gradient("data are whole numbers");
}

const OpBuilder int8_convolution =
    layer<Int8ConvolutionParam>("_int8_convolution")
        .doc("Convolution of whole numbers: activation(sums * scale + bias + residual).")
        .infer_shape([](ShapeContext& c) {
          infer_layer_shape<Int8ConvolutionParam, ConvolutionParam>(c, "Convolution");
        })
        .decomposition([](DecomposeContext& c) {
          decompose_layer<Int8ConvolutionParam, FusedConvolutionParam>(c, "_fused_convolution");
        });

const OpBuilder int8_fully_connected =
    layer<Int8FullyConnectedParam>("_int8_fully_connected")
        .doc("FullyConnected of whole numbers: activation(sums * scale + bias + residual).")
        .infer_shape([](ShapeContext& c) {
          infer_layer_shape<Int8FullyConnectedParam, FullyConnectedParam>(c, "FullyConnected");
        })
        .decomposition([](DecomposeContext& c) {
          decompose_layer<Int8FullyConnectedParam, FusedFullyConnectedParam>(
              c, "_fused_fully_connected");
        });

const OpBuilder int8_filters =
    OpBuilder("_int8_filters")
        .doc("A weight as int8 and the step of each filter: weight = filters * step.")
        .parameter("weight", "(filters, ...) float32")
        .outputs({"filters", "step"})
        .infer_shape([](ShapeContext& c) {
          c.set_out(0, c.in(0));
          if (c.in(0).has_rank()) c.set_out(1, Shape{c.in(0)[0]});
        })
        .infer_dtype([](DTypeContext& c) {
          c.set_in(0, DType::kFloat32);
          c.set_out(0, DType::kInt8);
          c.set_out(1, DType::kFloat32);
        })
        .zero_gradient("results are whole numbers");

}  // namespace
}  // namespace mx
