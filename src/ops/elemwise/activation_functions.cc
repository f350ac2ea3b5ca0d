// Activation functions as operators of their own; relu, sigmoid and tanh have fused gradients from
// the output.
#include "ops/elemwise/activation_functions.h"

#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// The gradient is `_backward_<name>`(d_out, out).
OpBuilder activation(const char* name, const char* doc) {
  const std::string backward = std::string("_backward_") + name;
  return unary(name, doc)
      .alias(std::string("_sparse_") + name)
      .gradient([backward](GradContext& g) {
        g.set(0, g.call(backward, {g.d_out(), g.out(0)}));
      })
      .trait("low_precision", "follow")
      .trait("post_op", name);
}

OpBuilder backward(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .input("d_out", "Gradient of the output.")
      .input("out", "The output.")
      .inplace(0, 0)
      .inplace(1, 0)
      .trait("pointwise");
}

const OpBuilder relu = activation("relu", "max(data, 0).").trait("method", "relu").keeps_zeros();
const OpBuilder sigmoid = activation("sigmoid", "1 / (1 + exp(-data)).").trait("method", "sigmoid");
const OpBuilder tanh =
    activation("tanh", "Hyperbolic tangent.").trait("method", "tanh").keeps_zeros();

const OpBuilder relu_backward =
    backward("_backward_relu", "d_out times the slope of relu at out, which is 1, 0 or NaN.")
        .decomposition(
            [](DecomposeContext& c) { c.set(0, c.mul(c.in(0), c.call("sign", {c.in(1)}))); });
const OpBuilder sigmoid_backward =
    backward("_backward_sigmoid", "d_out * out * (1 - out).")
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.mul(c.in(0), c.sub(c.in(1), c.call("square", {c.in(1)}))));
        });
const OpBuilder tanh_backward =
    backward("_backward_tanh", "d_out * (1 - out^2).").decomposition([](DecomposeContext& c) {
      c.set(0, c.sub(c.in(0), c.mul(c.in(0), c.call("square", {c.in(1)}))));
    });

/// d_data = d / (1 + |data|)^2
void softsign_gradient(GradContext& g) {
  const Value root = g.add_scalar(g.call("abs", {g.in(0)}), 1.0);
  g.set(0, g.div(g.d_out(), g.call("square", {root})));
}

/// d_data = alpha * d where the line is not cut off.
void hard_sigmoid_gradient(GradContext& g) {
  const Value above = g.call("_greater_scalar", {g.out(0)}, ScalarParam{0.0});
  const Value below = g.call("_lesser_scalar", {g.out(0)}, ScalarParam{1.0});
  const Value slope = g.mul_scalar(g.mul(above, below), g.params<HardSigmoidParam>().alpha);
  g.set(0, g.mul(g.d_out(), slope));
}

/// d_data = d * clip(scalar^2 * data, -1, 1)
void smooth_l1_gradient(GradContext& g) {
  const double scalar = g.params<SmoothL1Param>().scalar;
  const Value line = g.mul_scalar(g.in(0), scalar * scalar);
  const Value cut = g.call("_maximum_scalar", {line}, ScalarParam{-1.0});
  g.set(0, g.mul(g.d_out(), g.call("_minimum_scalar", {cut}, ScalarParam{1.0})));
}

const OpBuilder softsign = unary("softsign", "data / (1 + |data|).").gradient(softsign_gradient);
const OpBuilder hard_sigmoid =
    unary("hard_sigmoid", "alpha * data + beta, cut off below 0 and above 1.")
        .params<HardSigmoidParam>()
        .gradient(hard_sigmoid_gradient);
const OpBuilder smooth_l1 =
    unary("smooth_l1",
          "(scalar * data)^2 / 2 where |data| < 1 / scalar^2, else |data| - 0.5 / scalar^2.")
        .alias("_npx_smooth_l1")
        .params<SmoothL1Param>()
        .gradient(smooth_l1_gradient);

const OpBuilder numpy_names[] = {
    numpy("_npx_relu", "relu", {"data"}),
    numpy("_npx_sigmoid", "sigmoid", {"data"}),
    numpy("_npi_tanh", "tanh"),
};

}  // namespace
}  // namespace mx::elemwise
