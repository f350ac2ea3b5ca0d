#include "ops/nn/activation/leaky_relu.h"

#include <numbers>

#include "ir/common_params.h"
#include "ir/op.h"
#include "ops/matrix/reshape.h"

namespace mx {

Shape prelu_gamma_shape(const Shape& gamma, const Shape& data) {
  if (gamma.size() == 1 || data.ndim() < 2) return gamma;
  Shape shape = Shape::filled(data.ndim(), 1);
  int next = gamma.ndim() - 1;
  for (int axis = 1; axis >= 0 && next >= 0; --axis)
    if (gamma[next] == 1 || gamma[next] == data[axis]) shape[axis] = gamma[next--];
  return next < 0 ? shape : gamma;
}

namespace {

void infer_leaky_relu_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.num_out() > 1) c.set_out(1, c.in(0));
  if (c.num_in() < 2 || !c.in(0).has_rank()) return;
  const Shape& data = c.in(0);
  if (!c.in(1).has_rank()) c.set_in(1, Shape{data.ndim() > 1 ? data[1] : 1});
  if (!data.is_known() || !c.in(1).is_known()) return;
  const Shape gamma = prelu_gamma_shape(c.in(1), data);
  if (broadcast_shapes(data, gamma, c.op_name()) != data)
    c.fail_in(1, "does not fit data=", data, "; expected one slope for each channel");
}

void infer_leaky_relu_dtype(DTypeContext& c) {
  c.unify_all();
  if (c.in(0) != DType::kUnknown && !is_floating(c.in(0)))
    fail(ErrorKind::kType, c.op_name(), ": data has dtype ", dtype_name(c.in(0)),
         "; expected a floating dtype");
}

bool is_kind(const Params& params, LeakyReluKind kind) {
  return params.as<LeakyReluParam>().act_type == kind;
}

Value positive(GraphBuilder& b, const Value& x) {
  return b.call("_greater_scalar", {x}, ScalarParam{0.0});
}
Value minimum_with_zero(GraphBuilder& b, const Value& x) {
  return b.call("_minimum_scalar", {x}, ScalarParam{0.0});
}

/// a where x > 0, else b.
Value blend(GraphBuilder& g, const Value& is_positive, double a, const Value& b) {
  const Value is_other = g.mul_scalar(g.add_scalar(is_positive, -1.0), -1.0);
  return g.add(a == 1.0 ? is_positive : g.mul_scalar(is_positive, a), g.mul(is_other, b));
}

/// Slope of elu and selu: `scale` for positive x, scale * alpha * e^x for others.
Value exponential_slope(GraphBuilder& g, const Value& x, double scale, double alpha) {
  const Value tail = g.call("exp", {minimum_with_zero(g, x)});
  return blend(g, positive(g, x), scale, g.mul_scalar(tail, scale * alpha));
}

/// Phi(x) + x * phi(x), with the normal distribution.
Value gelu_slope(GraphBuilder& g, const Value& x) {
  const double root = std::numbers::sqrt2, density = std::numbers::inv_sqrtpi / root;
  const Value erf = g.call("erf", {g.mul_scalar(x, 1 / root)});
  const Value bell = g.call("exp", {g.mul_scalar(g.call("square", {x}), -0.5)});
  return g.add(g.mul_scalar(g.add_scalar(erf, 1.0), 0.5), g.mul_scalar(g.mul(x, bell), density));
}

void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<LeakyReluParam>();
  const Value &d = c.in(0), &x = c.in(1);
  Value slope;
  switch (p.act_type) {
    case LeakyReluKind::kElu:
      slope = exponential_slope(c, x, 1.0, p.slope);
      break;
    case LeakyReluKind::kSelu:
      slope = exponential_slope(c, x, kSeluScale, kSeluAlpha);
      break;
    case LeakyReluKind::kGelu:
      slope = gelu_slope(c, x);
      break;
    default: {  // leaky, and rrelu with the mean slope
      const double s =
          p.act_type == LeakyReluKind::kLeaky ? p.slope : (p.lower_bound + p.upper_bound) / 2;
      slope = c.add_scalar(c.mul_scalar(positive(c, x), 1.0 - s), s);
    }
  }
  c.set(0, c.mul(d, slope));
}

Value as_broadcast(GradContext& g) {
  const Shape shape = prelu_gamma_shape(g.in_shape(1), g.in_shape(0));
  if (shape == g.in_shape(1)) return g.in(1);
  return g.call("Reshape", {g.in(1)}, ReshapeParam{shape});
}

/// out = max(x, 0) + gamma * min(x, 0)
void prelu_gradient(GradContext& g) {
  const Shape& data = g.in_shape(0);
  const Shape gamma = prelu_gamma_shape(g.in_shape(1), data);
  const Value is_positive = positive(g, g.in(0));
  const Value is_other = g.mul_scalar(g.add_scalar(is_positive, -1.0), -1.0);
  const Value slope = g.add(is_positive, g.call("broadcast_mul", {is_other, as_broadcast(g)}));
  g.set(0, g.mul(g.d_out(), slope));
  Value d_gamma = g.mul(g.d_out(), minimum_with_zero(g, g.in(0)));
  Shape axes{};
  const int missing = data.ndim() - gamma.ndim();
  for (int i = 0; i < data.ndim(); ++i)
    if (i < missing || (gamma[i - missing] == 1 && data[i] != 1)) axes.push_back(i);
  if (!axes.empty()) d_gamma = g.sum(d_gamma, axes, true);
  g.set(1, g.call("reshape_like", {d_gamma, g.in(1)}));
}

void leaky_relu_gradient(GradContext& g) {
  if (is_kind(g.raw_params(), LeakyReluKind::kPrelu)) return prelu_gradient(g);
  if (is_kind(g.raw_params(), LeakyReluKind::kRrelu) && g.is_train())
    return g.set(0, g.mul(g.d_out(), g.out(1)));
  g.set(0, g.call("_backward_LeakyReLU", {g.d_out(), g.in(0)}, g.raw_params()));
}

uint32_t count_outputs(const Params& params) {
  return is_kind(params, LeakyReluKind::kRrelu) ? 2 : 1;
}

const OpBuilder leaky_relu =
    OpBuilder("LeakyReLU")
        .alias("_npx_leaky_relu")
        .doc("Activations with a slope for negative inputs: leaky, elu, prelu, selu, gelu, rrelu.")
        .trait("low_precision", "follow")
        .params<LeakyReluParam>()
        .input("data", "Array of any shape.")
        .parameter("gamma", "Slopes of prelu: one for each channel, or one.")
        .input_used([](const Params& params, size_t input) {
          return input == 0 || is_kind(params, LeakyReluKind::kPrelu);
        })
        .outputs({"output", "mask"})
        .num_outputs(count_outputs)
        .output_names([](const Params& params) -> std::vector<std::string> {
          if (count_outputs(params) == 1) return {"output"};
          return {"output", "mask"};
        })
        .infer_shape(infer_leaky_relu_shape)
        .infer_dtype(infer_leaky_relu_dtype)
        .gradient(leaky_relu_gradient)
        .trait("init.gamma", R"(["Constant", {"value": 0.25}])")
        .uses_train_mode()
        .random()
        .trait("drawn_factor", "1")  // of rrelu; the other kinds draw nothing
        .inplace(0, 0);

const OpBuilder leaky_relu_backward =
    OpBuilder("_backward_LeakyReLU")
        .doc("d_out times the slope at data, for every kind but prelu.")
        .params<LeakyReluParam>()
        .input("d_out")
        .input("data")
        .decomposition(decompose_backward)
        .inplace(0, 0)
        .inplace(1, 0);

}  // namespace
}  // namespace mx
