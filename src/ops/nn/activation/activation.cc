#include "ops/nn/activation/activation.h"

#include "ir/op.h"

namespace mx {
namespace {

void activation_gradient(GradContext& g) {
  switch (g.params<ActivationParam>().act_type) {
    case ActivationKind::kRelu:
      return g.set(0, g.call("_backward_relu", {g.d_out(), g.out(0)}));
    case ActivationKind::kSigmoid:
      return g.set(0, g.call("_backward_sigmoid", {g.d_out(), g.out(0)}));
    case ActivationKind::kTanh:
      return g.set(0, g.call("_backward_tanh", {g.d_out(), g.out(0)}));
    case ActivationKind::kSoftrelu:  // the derivative of log(1 + e^x) is sigmoid(x)
      return g.set(0, g.mul(g.d_out(), g.call("sigmoid", {g.in(0)})));
    case ActivationKind::kSoftsign: {  // x / (1 + |x|): 1 / (1 + |x|)^2
      const Value base = g.add_scalar(g.call("abs", {g.in(0)}), 1.0);
      return g.set(0, g.div(g.d_out(), g.call("square", {base})));
    }
  }
}

/// log(1 + e^x) without overflow.
Value softrelu(DecomposeContext& c, const Value& x) {
  const Value tail = c.call("exp", {c.negative(c.call("abs", {x}))});
  return c.add(c.call("relu", {x}), c.call("log1p", {tail}));
}

void decompose_activation(DecomposeContext& c) {
  const Value& x = c.in(0);
  switch (c.params<ActivationParam>().act_type) {
    case ActivationKind::kRelu:
      return c.set(0, c.call("relu", {x}));
    case ActivationKind::kSigmoid:
      return c.set(0, c.call("sigmoid", {x}));
    case ActivationKind::kTanh:
      return c.set(0, c.call("tanh", {x}));
    case ActivationKind::kSoftrelu:
      return c.set(0, softrelu(c, x));
    case ActivationKind::kSoftsign:
      return c.set(0, c.div(x, c.add_scalar(c.call("abs", {x}), 1.0)));
  }
}

const OpBuilder activation =
    OpBuilder("Activation")
        .alias("_npx_activation")
        .doc(
            "relu, sigmoid, tanh, softrelu log(1 + e^x) or softsign x / (1 + |x|) of each element.")
        .params<ActivationParam>()
        .input("data", "Array of any shape.")
        .gradient(activation_gradient)
        .decomposition(decompose_activation)
        .inplace(0, 0)
        .trait("pointwise")
        .trait("low_precision", "follow");

}  // namespace
}  // namespace mx
