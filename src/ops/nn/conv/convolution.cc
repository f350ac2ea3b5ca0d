#include "ops/nn/conv/convolution.h"

#include "base/checked.h"
#include "ir/op.h"

namespace mx {

void ConvolutionParam::validate(std::string_view op) const {
  check_kernel(op, kernel, layout);
  check_tuple(op, "stride", stride, kernel.ndim(), 1);
  check_tuple(op, "dilate", dilate, kernel.ndim(), 1);
  check_tuple(op, "pad", pad, kernel.ndim(), 0);
  require(num_filter > 0, op, ": num_filter=", num_filter, " is out of range; expected at least 1");
  require(num_group > 0, op, ": num_group=", num_group, " is out of range; expected at least 1");
  require(num_filter % num_group == 0, op, ": num_filter=", num_filter,
          " cannot be divided into groups; expected a multiple of num_group=", num_group);
}

ConvolutionSizes convolution_sizes(const ConvolutionParam& param, const Shape& data,
                                   const Shape& out) {
  ConvolutionSizes s;
  s.rank = param.kernel.ndim();
  s.channels_last = is_channels_last(param.layout);
  const Shape in_first = to_channels_first(data, s.channels_last);
  const Shape out_first = to_channels_first(out, s.channels_last);
  s.batch = in_first[0];
  s.channels = in_first[1];
  s.filters = out_first[1];
  s.groups = param.num_group;
  s.in = Shape(std::span(in_first.data() + 2, static_cast<size_t>(s.rank)));
  s.out = Shape(std::span(out_first.data() + 2, static_cast<size_t>(s.rank)));
  s.kernel = param.kernel;
  s.stride = spatial_tuple(param.stride, s.rank, 1);
  s.dilate = spatial_tuple(param.dilate, s.rank, 1);
  s.pad = spatial_tuple(param.pad, s.rank, 0);
  return s;
}

namespace {

/// Shape of the weight, channels first, when data has `channels` channels (-1 when unknown).
Shape weight_shape(const ConvolutionParam& p, int64_t channels) {
  Shape weight{p.num_filter, channels < 0 ? channels : channels / p.num_group};
  for (int64_t k : p.kernel) weight.push_back(k);
  return weight;
}

/// Spatial output dimensions from `data`, both channels first.
void fill_output(ShapeContext& c, const ConvolutionParam& p, const Shape& data, Shape& out) {
  const int rank = p.kernel.ndim();
  const Shape stride = spatial_tuple(p.stride, rank, 1), pad = spatial_tuple(p.pad, rank, 0);
  const Shape dilate = spatial_tuple(p.dilate, rank, 1);
  for (int i = 0; i < rank; ++i) {
    if (data[i + 2] < 0) continue;
    const int64_t window = dilated(p.kernel[i], dilate[i]), padded = data[i + 2] + 2 * pad[i];
    if (window > padded)
      c.fail_in(0, "is smaller than the window in spatial axis ", i, "; expected at least ",
                window - 2 * pad[i]);
    out[i + 2] = (padded - window) / stride[i] + 1;
  }
}

/// Unknown spatial dimensions of data from the output's, as if no element were left over.
void fill_data(const ShapeContext& c, const ConvolutionParam& p, const Shape& out, Shape& data) {
  const int rank = p.kernel.ndim();
  const Shape stride = spatial_tuple(p.stride, rank, 1), pad = spatial_tuple(p.pad, rank, 0);
  const Shape dilate = spatial_tuple(p.dilate, rank, 1);
  for (int i = 0; i < rank; ++i)
    if (data[i + 2] < 0 && out[i + 2] > 0)
      data[i + 2] =
          (Checked(out[i + 2] - 1) * stride[i] + dilated(p.kernel[i], dilate[i]) - 2 * pad[i])
              .get(c.op_name(), "stride", stride);
}

template <typename P>
void infer_convolution_shape(ShapeContext& c) {
  const ConvolutionParam& p = c.params<P>();
  const bool last = is_channels_last(p.layout);
  const int rank = p.kernel.ndim();
  c.set_in(1, from_channels_first(weight_shape(p, Shape::kUnknownDim), last));
  if (!p.no_bias) c.set_in(2, Shape{p.num_filter});
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() != rank + 2)
    c.fail_in(0, "has ", c.in(0).ndim(), " axes; expected ", rank + 2,
              " for the given kernel: batch, channels and ", rank, " spatial");
  const Shape data = to_channels_first(c.in(0), last);
  if (data[1] >= 0 && data[1] % p.num_group != 0)
    c.fail_in(0, "has ", data[1], " channels; expected a multiple of num_group=", p.num_group);
  c.set_in(1, from_channels_first(weight_shape(p, data[1]), last));
  Shape out = Shape::unknown_dims(rank + 2);
  out[0] = data[0];
  out[1] = p.num_filter;
  fill_output(c, p, data, out);
  c.set_out(0, from_channels_first(out, last));
  Shape back = data;
  out = to_channels_first(c.out(0), last);
  back[0] = out[0];
  const int64_t group_channels = to_channels_first(c.in(1), last)[1];
  if (back[1] < 0 && group_channels >= 0) back[1] = group_channels * p.num_group;
  fill_data(c, p, out, back);
  c.set_in(0, from_channels_first(back, last));
}

template <typename P>
bool uses_input(const Params& params, size_t input) {
  return input < 2 || !static_cast<const ConvolutionParam&>(params.as<P>()).no_bias;
}

/// Convolution is linear in data and in weight, so its two backward operators are too, and each
/// other's gradients are found among the three.
void convolution_gradient(GradContext& g) {
  const auto& p = g.params<ConvolutionParam>();
  const Params back = Params::of(ConvolutionBackwardParam{{p}, g.in_shape(0)});
  g.set(0, g.call("_backward_Convolution_data", {g.d_out(), g.in(1)}, back));
  const NodePtr node = g.call_node("_backward_Convolution_weight", {g.in(0), g.d_out()}, back);
  g.set(1, {node, 0});
  if (!p.no_bias) g.set(2, {node, 1});
}

ConvolutionParam without_bias(ConvolutionParam p) {
  p.no_bias = true;
  return p;
}

void check_data_shape(const ShapeContext& c, const ConvolutionBackwardParam& p) {
  require(!p.data_shape.has_rank() || p.data_shape.ndim() == p.kernel.ndim() + 2, c.op_name(),
          ": data_shape=", p.data_shape, " does not fit kernel=", p.kernel, "; expected ",
          p.kernel.ndim() + 2, " sizes");
}

void infer_data_gradient_shape(ShapeContext& c) {
  const auto& p = c.params<ConvolutionBackwardParam>();
  check_data_shape(c, p);
  c.set_out(0, p.data_shape);
  if (!p.data_shape.has_rank()) return;
  const bool last = is_channels_last(p.layout);
  const int64_t channels = to_channels_first(p.data_shape, last)[1];
  c.set_in(1, from_channels_first(weight_shape(p, channels), last));
}

/// d_data = correlate(d_out, weight): its gradients are a convolution and a weight gradient.
void data_gradient_gradient(GradContext& g) {
  const auto& p = g.params<ConvolutionBackwardParam>();
  const ConvolutionParam plain = without_bias(p);
  g.set(0, g.call("Convolution", {g.d_out(), g.in(1)}, plain));
  g.set(1, g.call("_backward_Convolution_weight", {g.d_out(), g.in(0)},
                  ConvolutionBackwardParam{{plain}, p.data_shape}));
}

void infer_weight_gradient_shape(ShapeContext& c) {
  const auto& p = c.params<ConvolutionBackwardParam>();
  check_data_shape(c, p);
  c.set_in(0, p.data_shape);
  if (!p.data_shape.has_rank()) return;
  const bool last = is_channels_last(p.layout);
  const int64_t channels = to_channels_first(p.data_shape, last)[1];
  c.set_out(0, from_channels_first(weight_shape(p, channels), last));
  if (!p.no_bias) c.set_out(1, Shape{p.num_filter});
}

/// d_weight is linear in data and d_out, and d_bias in d_out.
void weight_gradient_gradient(GradContext& g) {
  const auto& p = g.params<ConvolutionBackwardParam>();
  const ConvolutionParam plain = without_bias(p);
  g.set(0, g.call("_backward_Convolution_data", {g.in(1), g.d_out(0)},
                  ConvolutionBackwardParam{{plain}, p.data_shape}));
  if (g.has_d_out(1))
    g.set(1, g.call("Convolution", {g.in(0), g.d_out(0), g.d_out(1)}, ConvolutionParam(p)));
  else
    g.set(1, g.call("Convolution", {g.in(0), g.d_out(0)}, plain));
}

template <typename P>
OpBuilder convolution_like(const char* name) {
  return OpBuilder(name)
      .params<P>()
      .input("data", "(batch, channels, spatial...), or channels last as `layout` says.")
      .parameter("weight", "(num_filter, channels / num_group, kernel...)")
      .parameter("bias", "(num_filter,)")
      .input_used(uses_input<P>)
      .infer_shape(infer_convolution_shape<P>);
}

const OpBuilder convolution =
    convolution_like<ConvolutionParam>("Convolution")
        .alias("_npx_convolution")
        .doc("Correlation of data with num_filter filters in 1 to 3 spatial dimensions, plus bias.")
        .gradient(convolution_gradient)
        .trait("low_precision", "compute");

const OpBuilder data_gradient = OpBuilder("_backward_Convolution_data")
                                    .doc("Gradient of Convolution's data from that of its output.")
                                    .params<ConvolutionBackwardParam>()
                                    .input("d_out")
                                    .input("weight")
                                    .infer_shape(infer_data_gradient_shape)
                                    .gradient(data_gradient_gradient);

const OpBuilder weight_gradient =
    OpBuilder("_backward_Convolution_weight")
        .doc("Gradients of Convolution's weight and bias from that of its output.")
        .params<ConvolutionBackwardParam>()
        .input("data")
        .input("d_out")
        .outputs({"d_weight", "d_bias"})
        .num_outputs([](const Params& params) -> uint32_t {
          return params.as<ConvolutionBackwardParam>().no_bias ? 1 : 2;
        })
        .infer_shape(infer_weight_gradient_shape)
        .gradient(weight_gradient_gradient);

/// Convolution's parameters with the layouts of the older operator.
struct ConvolutionV1Param : ConvolutionParam {
  static void describe(ParamBuilder<ConvolutionV1Param>& fields) {
    ConvolutionParam::describe_as(fields, false);
  }
};

const OpBuilder convolution_v1 =
    convolution_like<ConvolutionV1Param>("Convolution_v1")
        .doc("Older name of Convolution.")
        .decomposition([](DecomposeContext& c) {
          std::vector<Value> in;
          for (size_t i = 0; i < c.num_in(); ++i) in.push_back(c.in(i));
          c.set(0, c.call("Convolution", in, ConvolutionParam(c.params<ConvolutionV1Param>())));
        });

}  // namespace
}  // namespace mx
