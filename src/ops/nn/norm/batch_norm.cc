#include "ops/nn/norm/batch_norm.h"

#include <algorithm>

#include "ir/op.h"
#include "ops/matrix/reshape.h"
#include "ops/nn/norm/batch_norm_like.h"

namespace mx {
namespace {

enum In { kData, kGamma, kBeta, kMovingMean, kMovingVar };

Shape other_axes(const Shape& data, int64_t axis) {
  const int channel = normalize_axis(axis, data.ndim(), "BatchNorm");
  Shape axes{};
  for (int i = 0; i < data.ndim(); ++i)
    if (i != channel) axes.push_back(i);
  return axes;
}

/// A value for each channel, in a shape that broadcasts with data.
Value per_channel(GraphBuilder& b, Value value, const Shape& data, int64_t axis) {
  const int channel = normalize_axis(axis, data.ndim(), "BatchNorm");
  for (int i = 0; i < data.ndim(); ++i) {
    if (i == channel) continue;
    const Params params = Params::of(ExpandDimsParam{i});
    value = b.call("expand_dims", {std::move(value)}, params);
  }
  return value;
}

/// With fixed statistics the operator is a scale and a shift of each channel.
void fixed_statistics_gradient(GradContext& g, const BatchNormParam& p, const Value& inverse) {
  const Shape& data = g.in_shape(kData);
  const DType dtype = g.in_dtype(kData), wide = statistics_dtype(dtype);
  const auto widen = [&](Value v) { return dtype == wide ? v : g.cast(std::move(v), wide); };
  const Value d_out = widen(g.d_out());
  const Value scale = p.fix_gamma ? inverse : g.mul(inverse, g.in(kGamma));
  Value d_data = g.call("broadcast_mul", {d_out, per_channel(g, scale, data, p.axis)});
  g.set(kData, dtype == wide ? d_data : g.cast(std::move(d_data), dtype));
  g.set(kBeta, g.sum(d_out, other_axes(data, p.axis), false));
  if (p.fix_gamma) return;
  const Value mean = per_channel(g, g.out(1), data, p.axis);
  const Value centred = g.call("broadcast_sub", {widen(g.in(kData)), mean});
  const Value total = g.sum(g.mul(d_out, centred), other_axes(data, p.axis), false);
  g.set(kGamma, g.mul(total, inverse));
}

}  // namespace

void batch_norm_gradient(GradContext& g, const BatchNormParam& p, const Value& inverse) {
  if (p.use_global_stats || !g.is_train()) return fixed_statistics_gradient(g, p, inverse);
  const NodePtr node =
      g.call_node("_backward_BatchNorm", {g.d_out(), g.in(kData), g.in(kGamma), g.out(1), inverse},
                  Params::of(p));
  g.set(kData, {node, 0});
  if (!p.fix_gamma) g.set(kGamma, {node, 1});
  g.set(kBeta, {node, 2});
}

void infer_batch_norm_dtype(DTypeContext& c) {
  c.set_out(0, c.in(kData));
  c.set_in(kData, c.out(0));
  const DType data = c.in(kData);
  if (data == DType::kUnknown) return;
  if (!is_floating(data))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(data),
         "; expected a floating dtype");
  for (size_t i = kGamma; i < c.num_in(); ++i) c.set_in(i, statistics_dtype(data));
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, statistics_dtype(data));
}

void infer_batch_norm_shape(ShapeContext& c, int64_t wanted_axis) {
  c.set_out(0, c.in(kData));
  c.set_in(kData, c.out(0));
  if (!c.in(kData).has_rank()) return;
  const int axis = normalize_axis(wanted_axis, c.in(kData).ndim(), c.op_name());
  const Shape channels{c.in(kData)[axis]};
  for (size_t i = kGamma; i < c.num_in(); ++i) c.set_in(i, channels);
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, channels);
}

DType statistics_dtype(DType data) {
  return data == DType::kFloat16 || data == DType::kBfloat16 ? DType::kFloat32 : data;
}

namespace {

void infer_backward_shape(ShapeContext& c) {
  c.set_in(1, c.in(0));
  c.set_in(0, c.in(1));
  c.set_out(0, c.in(1));
  if (!c.in(1).has_rank()) return;
  const int axis = normalize_axis(c.params<BatchNormParam>().axis, c.in(1).ndim(), c.op_name());
  const Shape channels{c.in(1)[axis]};
  for (size_t i = 2; i < 5; ++i) c.set_in(i, channels);
  for (size_t i = 1; i < 3; ++i) c.set_out(i, channels);
}

void infer_backward_dtype(DTypeContext& c) {
  c.set_in(1, c.in(0));
  c.set_out(0, c.in(1));
  if (c.in(1) == DType::kUnknown) return;
  for (size_t i = 2; i < 5; ++i) c.set_in(i, statistics_dtype(c.in(1)));
  for (size_t i = 1; i < 3; ++i) c.set_out(i, statistics_dtype(c.in(1)));
}

/// The gradient written with mean and variance computed afresh from data, so that its own
/// derivatives see how they depend on it.
void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<BatchNormParam>();
  const Shape& shape = c.in_shape(1);
  const DType dtype = c.in_dtype(1), wide = statistics_dtype(dtype);
  const auto widen = [&](const Value& v) { return dtype == wide ? v : c.cast(v, wide); };
  const Shape axes = other_axes(shape, p.axis);
  int64_t count = 1;
  for (int64_t axis : axes) count *= shape[static_cast<int>(axis)];
  const double share = 1.0 / static_cast<double>(std::max<int64_t>(count, 1));
  const auto mean_of = [&](const Value& v) { return c.mul_scalar(c.sum(v, axes, true), share); };
  const Value d_out = widen(c.in(0)), data = widen(c.in(1));
  const Value centred = c.call("broadcast_sub", {data, mean_of(data)});
  const Value variance = mean_of(c.call("square", {centred}));
  const Value inverse = c.call("rsqrt", {c.add_scalar(variance, p.eps)});
  const Value normal = c.call("broadcast_mul", {centred, inverse});
  const Value product = c.mul(d_out, normal);
  // d_data = gamma * inverse * (d_out - mean(d_out) - normal * mean(d_out * normal))
  const Value slope = c.call("broadcast_mul", {normal, mean_of(product)});
  Value d_data = c.sub(c.call("broadcast_sub", {d_out, mean_of(d_out)}), slope);
  d_data = c.call("broadcast_mul", {d_data, inverse});
  if (!p.fix_gamma)
    d_data = c.call("broadcast_mul", {d_data, per_channel(c, c.in(2), shape, p.axis)});
  c.set(0, dtype == wide ? d_data : c.cast(d_data, dtype));
  const Value d_gamma = c.sum(product, axes, false);
  c.set(1, p.fix_gamma ? c.zeros_like(d_gamma) : d_gamma);
  c.set(2, c.sum(d_out, axes, false));
}

OpBuilder batch_norm_like(const char* name) {
  return OpBuilder(name)
      .input("data", "Array with the channels on one axis.")
      .parameter("gamma", "(channels,) scale")
      .parameter("beta", "(channels,) shift")
      .auxiliary("moving_mean", "(channels,) moving average of the mean")
      .auxiliary("moving_var", "(channels,) moving average of the variance")
      .trait("init.moving_mean", R"(["zero", {}])")
      .trait("init.moving_var", R"(["one", {}])")
      .outputs({"output", "mean", "var"});
}

const OpBuilder batch_norm =
    batch_norm_like("BatchNorm")
        .alias("_npx_batch_norm")
        .doc(
            "(data - mean) / sqrt(variance + eps) * gamma + beta for each channel. In training, "
            "mean and variance are those of the batch and move the averages.")
        .params<BatchNormParam>()
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<BatchNormParam>().output_mean_var ? 3 : 1;
        })
        .infer_shape(
            [](ShapeContext& c) { infer_batch_norm_shape(c, c.params<BatchNormParam>().axis); })
        .infer_dtype(infer_batch_norm_dtype)
        .gradient(
            [](GradContext& g) { batch_norm_gradient(g, g.params<BatchNormParam>(), g.out(2)); })
        .uses_train_mode()
        .inplace(0, 0);

const OpBuilder batch_norm_backward =
    OpBuilder("_backward_BatchNorm")
        .doc("Gradients of BatchNorm with the statistics of the batch.")
        .params<BatchNormParam>()
        .input("d_out")
        .input("data")
        .input("gamma")
        .input("mean")
        .input("inverse_std")
        .outputs({"d_data", "d_gamma", "d_beta"})
        .infer_shape(infer_backward_shape)
        .infer_dtype(infer_backward_dtype)
        .decomposition(decompose_backward)
        .inplace(0, 0)
        .inplace(1, 0);

/// Parameters of the older operator, whose channels are always on axis 1.
struct BatchNormV1Param {
  float eps = 1e-3f;
  float momentum = 0.9f;
  bool fix_gamma = true;
  bool use_global_stats = false;
  bool output_mean_var = false;
  static void describe(ParamBuilder<BatchNormV1Param>& fields) {
    using P = BatchNormV1Param;
    fields.add("eps", &P::eps, "As in BatchNorm.");
    fields.add("momentum", &P::momentum, "As in BatchNorm.");
    fields.add("fix_gamma", &P::fix_gamma, "As in BatchNorm.");
    fields.add("use_global_stats", &P::use_global_stats, "As in BatchNorm.");
    fields.add("output_mean_var", &P::output_mean_var, "As in BatchNorm.");
  }
};

BatchNormParam of_today(const BatchNormV1Param& v1) {
  BatchNormParam p;
  p.eps = v1.eps;
  p.momentum = v1.momentum;
  p.fix_gamma = v1.fix_gamma;
  p.use_global_stats = v1.use_global_stats;
  p.output_mean_var = v1.output_mean_var;
  return p;
}

/// Not that of the decomposition, which would move the averages once more.
void batch_norm_v1_gradient(GradContext& g) {
  const BatchNormParam p = of_today(g.params<BatchNormV1Param>());
  batch_norm_gradient(g, p, g.call("rsqrt", {g.add_scalar(g.out(2), p.eps)}));
}

/// Its third output is the variance.
void decompose_batch_norm_v1(DecomposeContext& c) {
  const BatchNormParam p = of_today(c.params<BatchNormV1Param>());
  const NodePtr node =
      c.call_node("BatchNorm", {c.in(0), c.in(1), c.in(2), c.in(3), c.in(4)}, Params::of(p));
  for (uint32_t i = 0; i < 2; ++i) c.set(i, {node, i});
  const Value inverse{node, 2};
  c.set(2, c.add_scalar(c.call("reciprocal", {c.call("square", {inverse})}), -p.eps));
}

const OpBuilder batch_norm_v1 =
    batch_norm_like("BatchNorm_v1")
        .doc("Older form of BatchNorm with the channels on axis 1.")
        .params<BatchNormV1Param>()
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<BatchNormV1Param>().output_mean_var ? 3 : 1;
        })
        .infer_shape([](ShapeContext& c) { infer_batch_norm_shape(c, 1); })
        .infer_dtype(infer_batch_norm_dtype)
        .uses_train_mode()
        .gradient(batch_norm_v1_gradient)
        .decomposition(decompose_batch_norm_v1);

/// Its parts are on the tape, so that the averages move once.
void decompose_with_relu(DecomposeContext& c) {
  const NodePtr node =
      c.call_node("BatchNorm", {c.in(0), c.in(1), c.in(2), c.in(3), c.in(4)}, c.raw_params());
  c.set(0, c.call("relu", {{node, 0}}));
  for (uint32_t i = 1; i < 3; ++i) c.set(i, {node, i});
}

const OpBuilder batch_norm_with_relu =
    batch_norm_like("_contrib_BatchNormWithReLU")
        .doc("BatchNorm, with negative results replaced by 0.")
        .params<BatchNormParam>()
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<BatchNormParam>().output_mean_var ? 3 : 1;
        })
        .infer_shape(
            [](ShapeContext& c) { infer_batch_norm_shape(c, c.params<BatchNormParam>().axis); })
        .infer_dtype(infer_batch_norm_dtype)
        .uses_train_mode()
        .trait("composite")
        .decomposition(decompose_with_relu);

}  // namespace
}  // namespace mx
