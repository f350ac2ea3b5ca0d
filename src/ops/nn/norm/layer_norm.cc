#include "ops/nn/norm/layer_norm.h"

#include <algorithm>

#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

int axis_of(const LayerNormParam& p, const Shape& data) {
  return normalize_axis(p.axis, data.ndim(), "LayerNorm");
}

void infer_layer_norm_shape(ShapeContext& c) {
  const auto& p = c.params<LayerNormParam>();
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (!c.in(0).has_rank()) return;
  const int axis = normalize_axis(p.axis, c.in(0).ndim(), c.op_name());
  c.set_in(1, Shape{c.in(0)[axis]});
  c.set_in(2, Shape{c.in(0)[axis]});
  Shape rows = c.in(0);
  rows[axis] = 1;
  c.set_out(1, rows);
  c.set_out(2, rows);
}

void require_floating(DTypeContext& c) {
  c.unify_all();
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": ", c.in_name(0), " has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

void layer_norm_gradient(GradContext& g) {
  const NodePtr node =
      g.call_node("_backward_LayerNorm", {g.d_out(), g.in(0), g.in(1)}, g.raw_params());
  for (uint32_t i = 0; i < 3; ++i) g.set(i, {node, i});
}

void infer_backward_shape(ShapeContext& c) {
  c.set_in(0, c.in(1));
  c.set_in(1, c.in(0));
  c.set_out(0, c.in(1));
  if (!c.in(1).has_rank()) return;
  const int axis = normalize_axis(c.params<LayerNormParam>().axis, c.in(1).ndim(), c.op_name());
  const Shape features{c.in(1)[axis]};
  c.set_in(2, features);
  c.set_out(1, features);
  c.set_out(2, features);
}

/// d_data = inverse * (d - mean(d) - normal * mean(d * normal)) with d = d_out * gamma
void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<LayerNormParam>();
  const Shape& data = c.in_shape(1);
  const int axis = axis_of(p, data);
  const Shape along{axis};
  Shape others{};
  for (int i = 0; i < data.ndim(); ++i)
    if (i != axis) others.push_back(i);
  const double share = 1.0 / static_cast<double>(std::max<int64_t>(data[axis], 1));
  const auto mean_of = [&](const Value& v) { return c.mul_scalar(c.sum(v, along, true), share); };
  Value gamma = c.in(2);
  for (int i = axis + 1; i < data.ndim(); ++i)
    gamma = c.call("expand_dims", {gamma}, ExpandDimsParam{-1});
  const Value centred = c.call("broadcast_sub", {c.in(1), mean_of(c.in(1))});
  const Value variance = mean_of(c.call("square", {centred}));
  const Value inverse = c.call("rsqrt", {c.add_scalar(variance, p.eps)});
  const Value normal = c.call("broadcast_mul", {centred, inverse});
  const Value d = c.call("broadcast_mul", {c.in(0), gamma});
  const Value slope = c.call("broadcast_mul", {normal, mean_of(c.mul(d, normal))});
  const Value inner = c.sub(c.call("broadcast_sub", {d, mean_of(d)}), slope);
  c.set(0, c.call("broadcast_mul", {inner, inverse}));
  const Value product = c.mul(c.in(0), normal);
  c.set(1, others.empty() ? product : c.sum(product, others, false));
  c.set(2, others.empty() ? c.in(0) : c.sum(c.in(0), others, false));
}

const OpBuilder layer_norm =
    OpBuilder("LayerNorm")
        .alias("_npx_layer_norm")
        .doc("(data - mean) / sqrt(variance + eps) * gamma + beta along one axis.")
        .params<LayerNormParam>()
        .input("data", "Array of any shape.")
        .parameter("gamma", "(features,) scale")
        .parameter("beta", "(features,) shift")
        .outputs({"output", "mean", "std"})
        .num_visible_outputs([](const Params& params) -> uint32_t {
          return params.as<LayerNormParam>().output_mean_var ? 3 : 1;
        })
        .infer_shape(infer_layer_norm_shape)
        .infer_dtype(require_floating)
        .gradient(layer_norm_gradient);

const OpBuilder layer_norm_backward = OpBuilder("_backward_LayerNorm")
                                          .doc("Gradients of LayerNorm.")
                                          .params<LayerNormParam>()
                                          .input("d_out")
                                          .input("data")
                                          .input("gamma")
                                          .outputs({"d_data", "d_gamma", "d_beta"})
                                          .infer_shape(infer_backward_shape)
                                          .decomposition(decompose_backward);

}  // namespace
}  // namespace mx
