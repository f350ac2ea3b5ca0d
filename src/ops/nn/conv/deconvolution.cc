#include "ops/nn/conv/deconvolution.h"

#include "base/checked.h"
#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {

namespace {

/// Whether the output's shape is asked for.
bool has_target(const DeconvolutionParam& p) {
  for (int64_t size : p.target_shape)
    if (size > 0) return true;
  return false;
}

}  // namespace

void DeconvolutionParam::describe(ParamBuilder<DeconvolutionParam>& fields) {
  using P = DeconvolutionParam;
  ConvolutionParam::describe_window(fields);
  fields.add("adj", &P::adj, "Added to the output behind, less than the stride; 0 by default.");
  fields.add("target_shape", &P::target_shape,
             "Spatial shape of the output, from which pad and adj follow.");
  ConvolutionParam::describe_filters(fields, true);
}

void DeconvolutionParam::validate(std::string_view op) const {
  ConvolutionParam::validate(op);
  check_tuple(op, "target_shape", target_shape, kernel.ndim(), 0);
  if (has_target(*this)) return;  // pad and adj follow from it
  check_tuple(op, "adj", adj, kernel.ndim(), 0);
  const Shape steps = spatial_tuple(stride, kernel.ndim(), 1);
  for (int i = 0; i < adj.ndim(); ++i)
    require(adj[i] < steps[i], op, ": adj=", adj,
            " is out of range; expected less than stride=", steps, " everywhere");
}

namespace {

/// Output along axis i without pad and adj.
int64_t full_size(const DeconvolutionParam& p, int64_t in, int i) {
  const int64_t stride = p.stride.empty() ? 1 : p.stride[i];
  const int64_t dilate = p.dilate.empty() ? 1 : p.dilate[i];
  return (Checked(in - 1) * stride + dilated(p.kernel[i], dilate))
      .get("Deconvolution", "stride", p.stride);
}

/// Output and padding in front along axis i for `in` elements.
struct Extent {
  int64_t out, pad;
};
Extent extent(const DeconvolutionParam& p, int64_t in, int i, std::string_view op) {
  const int64_t full = full_size(p, in, i);
  if (!has_target(p)) {
    const int64_t pad = p.pad.empty() ? 0 : p.pad[i], adj = p.adj.empty() ? 0 : p.adj[i];
    return {full - 2 * pad + adj, pad};
  }
  const int64_t target = p.target_shape[i], excess = full - target;
  require(excess >= 0, op, ": target_shape=", p.target_shape, " is too large; expected at most ",
          full, " along axis ", i);
  return {target, (excess + 1) / 2};
}

}  // namespace

ConvolutionSizes deconvolution_sizes(const DeconvolutionParam& param, const Shape& data,
                                     const Shape& out) {
  ConvolutionSizes s = convolution_sizes(param, out, data);
  for (int i = 0; i < s.rank; ++i) s.pad[i] = extent(param, s.out[i], i, "Deconvolution").pad;
  return s;
}

namespace {

Shape weight_shape(const DeconvolutionParam& p, int64_t channels) {
  Shape weight{channels, p.num_filter / p.num_group};
  for (int64_t k : p.kernel) weight.push_back(k);
  return weight;
}

void infer_deconvolution_shape(ShapeContext& c) {
  const auto& p = c.params<DeconvolutionParam>();
  const bool last = is_channels_last(p.layout);
  const int rank = p.kernel.ndim();
  if (!p.no_bias) c.set_in(2, Shape{p.num_filter});
  c.set_in(1, from_channels_first(weight_shape(p, Shape::kUnknownDim), last));
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
  for (int i = 0; i < rank; ++i) {
    if (data[i + 2] < 0) continue;
    out[i + 2] = extent(p, data[i + 2], i, c.op_name()).out;
    if (out[i + 2] <= 0)
      c.fail_in(0, "gives an output of ", out[i + 2], " along spatial axis ", i,
                "; expected less pad");
  }
  c.set_out(0, from_channels_first(out, last));
  Shape back = Shape::unknown_dims(rank + 2);
  back[0] = to_channels_first(c.out(0), last)[0];
  back[1] = to_channels_first(c.in(1), last)[0];
  c.set_in(0, from_channels_first(back, last));
}

/// Parameters of the convolution whose data gradient this is.
ConvolutionBackwardParam as_convolution(const DeconvolutionParam& p, const Shape& data,
                                        const Shape& out) {
  const ConvolutionSizes s = deconvolution_sizes(p, data, out);
  ConvolutionBackwardParam back{{p}, out};
  back.num_filter = static_cast<uint32_t>(s.filters);
  back.pad = s.pad;
  back.no_bias = true;
  return back;
}

Shape output_shape(const DeconvolutionParam& p, const Shape& data) {
  const bool last = is_channels_last(p.layout);
  Shape out = to_channels_first(data, last);
  out[1] = p.num_filter;
  for (int i = 0; i + 2 < out.ndim(); ++i)
    out[i + 2] = extent(p, out[i + 2], i, "Deconvolution").out;
  return from_channels_first(out, last);
}

Shape all_but_channels(const DeconvolutionParam& p) {
  const int rank = p.kernel.ndim(), channel = is_channels_last(p.layout) ? rank + 1 : 1;
  Shape axes{};
  for (int i = 0; i < rank + 2; ++i)
    if (i != channel) axes.push_back(i);
  return axes;
}

void decompose_deconvolution(DecomposeContext& c) {
  const auto& p = c.params<DeconvolutionParam>();
  const Shape out_shape = output_shape(p, c.in_shape(0));
  const Value out = c.call("_backward_Convolution_data", {c.in(0), c.in(1)},
                           as_convolution(p, c.in_shape(0), out_shape));
  if (p.no_bias) return c.set(0, out);
  Value bias = c.in(2);
  for (int64_t axis : all_but_channels(p))
    bias = c.call("expand_dims", {bias}, ExpandDimsParam{axis});
  c.set(0, c.call("broadcast_add", {out, bias}));
}

/// out is the data gradient of a convolution from out to data.
void deconvolution_gradient(GradContext& g) {
  const auto& p = g.params<DeconvolutionParam>();
  const ConvolutionBackwardParam back = as_convolution(p, g.in_shape(0), g.out_shape(0));
  g.set(0, g.call("Convolution", {g.d_out(), g.in(1)}, ConvolutionParam(back)));
  g.set(1, g.call("_backward_Convolution_weight", {g.d_out(), g.in(0)}, back));
  if (!p.no_bias) g.set(2, g.sum(g.d_out(), all_but_channels(p), false));
}

const OpBuilder deconvolution =
    OpBuilder("Deconvolution")
        .alias("_npx_deconvolution")
        .doc("Transposed convolution: each element of data adds a filter to the output.")
        .params<DeconvolutionParam>()
        .input("data", "(batch, channels, spatial...), or channels last as `layout` says.")
        .parameter("weight", "(channels, num_filter / num_group, kernel...)")
        .parameter("bias", "(num_filter,)")
        .input_used([](const Params& params, size_t input) {
          return input < 2 || !params.as<DeconvolutionParam>().no_bias;
        })
        .infer_shape(infer_deconvolution_shape)
        .gradient(deconvolution_gradient)
        .decomposition(decompose_deconvolution);

}  // namespace
}  // namespace mx
