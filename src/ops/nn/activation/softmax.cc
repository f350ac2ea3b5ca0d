#include "ops/nn/activation/softmax.h"

#include "ir/common_params.h"
#include "ir/op.h"

namespace mx {
namespace {

void infer_softmax_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<SoftmaxParam>();
  const int axis = normalize_axis(p.axis, c.in(0).ndim(), c.op_name());
  if (c.num_in() < 2) return;
  Shape length;  // the input's shape without the axis
  for (int i = 0; i < c.in(0).ndim(); ++i)
    if (i != axis) length.push_back(c.in(0)[i]);
  c.set_in(1, length);
}

void infer_softmax_dtype(DTypeContext& c) {
  const auto& p = c.params<SoftmaxParam>();
  c.set_out(0, p.dtype ? *p.dtype : c.in(0));
  if (!p.dtype) c.set_in(0, c.out(0));
}

bool uses_length(const Params& params, size_t input) {
  return input == 0 || params.as<SoftmaxParam>().use_length.value_or(false);
}

/// The derivative keeps the input's dtype when the output was asked for in another.
Value cast_back(GradContext& g, Value d_data) {
  if (g.params<SoftmaxParam>().dtype.value_or(g.in_dtype(0)) == g.in_dtype(0)) return d_data;
  return g.cast(std::move(d_data), g.in_dtype(0));
}

/// `sign` is -1 for softmin, which is softmax of the negated input.
template <int sign>
void softmax_gradient(GradContext& g) {
  const auto& p = g.params<SoftmaxParam>();
  const SoftmaxBackwardParam back{p.axis, sign / p.temperature.value_or(1.0)};
  g.set(0, cast_back(g, g.call("_backward_softmax", {g.d_out(), g.out(0)}, back)));
}

/// Elements behind the length are constants, which is not to be seen from their output, 0.
void log_softmax_gradient(GradContext& g) {
  const auto& p = g.params<SoftmaxParam>();
  const SoftmaxBackwardParam back{p.axis, 1 / p.temperature.value_or(1.0)};
  const auto gradient = [&](const Value& d) {
    return cast_back(g, g.call("_backward_log_softmax", {d, g.out(0)}, back));
  };
  if (g.num_in() < 2) return g.set(0, gradient(g.d_out()));
  const Value equal = g.call("softmax", {g.zeros_like(g.out(0)), g.in(1)},
                             SoftmaxParam{p.axis, std::nullopt, std::nullopt, true});
  const Value counts = g.call("_greater_scalar", {equal}, ScalarParam{0});
  g.set(0, g.mul(gradient(g.mul(g.d_out(), counts)), cast_back(g, counts)));
}

/// d_data = scale * (d_out - sum(d_out * out)) * out
void decompose_softmax_backward(DecomposeContext& c) {
  const auto& p = c.params<SoftmaxBackwardParam>();
  const Value product = c.mul(c.in(0), c.in(1));
  const Value total = c.sum(product, Shape{p.axis}, true);
  const Value d_data = c.sub(product, c.call("broadcast_mul", {c.in(1), total}));
  c.set(0, p.scale == 1.0 ? d_data : c.mul_scalar(d_data, p.scale));
}

/// d_data = scale * (d_out - sum(d_out) * exp(out))
void decompose_log_softmax_backward(DecomposeContext& c) {
  const auto& p = c.params<SoftmaxBackwardParam>();
  const Value total = c.sum(c.in(0), Shape{p.axis}, true);
  const Value probability = c.call("exp", {c.in(1)});
  const Value d_data = c.sub(c.in(0), c.call("broadcast_mul", {probability, total}));
  c.set(0, p.scale == 1.0 ? d_data : c.mul_scalar(d_data, p.scale));
}

OpBuilder softmax_like(const char* name) {
  return OpBuilder(name)
      .params<SoftmaxParam>()
      .input("data", "Array of any shape.")
      .input("length", "How many leading elements count; shape of data without the axis.")
      .input_used(uses_length)
      .infer_shape(infer_softmax_shape)
      .infer_dtype(infer_softmax_dtype)
      .inplace(0, 0);
}

const OpBuilder softmax = softmax_like("softmax")
                              .trait("method", "softmax")
                              .alias("_npx_softmax")
                              .doc("exp(data / temperature) along an axis, divided by its sum.")
                              .gradient(softmax_gradient<1>);

const OpBuilder softmin = softmax_like("softmin")
                              .trait("method", "softmin")
                              .doc("softmax of the negated input.")
                              .gradient(softmax_gradient<-1>);

const OpBuilder log_softmax = softmax_like("log_softmax")
                                  .trait("method", "log_softmax")
                                  .alias("_npx_log_softmax")
                                  .doc("Logarithm of softmax, computed without overflow.")
                                  .gradient(log_softmax_gradient);

const OpBuilder softmax_backward = OpBuilder("_backward_softmax")
                                       .doc("Gradient of softmax from its output.")
                                       .params<SoftmaxBackwardParam>()
                                       .input("d_out")
                                       .input("out")
                                       .decomposition(decompose_softmax_backward)
                                       .inplace(0, 0)
                                       .inplace(1, 0);

const OpBuilder log_softmax_backward = OpBuilder("_backward_log_softmax")
                                           .doc("Gradient of log_softmax from its output.")
                                           .params<SoftmaxBackwardParam>()
                                           .input("d_out")
                                           .input("out")
                                           .decomposition(decompose_log_softmax_backward)
                                           .inplace(0, 0)
                                           .inplace(1, 0);

}  // namespace
}  // namespace mx
