// relu, sigmoid and tanh as operators of their own, with fused gradients from the output.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// The gradient is `_backward_<name>`(d_out, out).
void gradient_from_output(GradContext& g) {
  g.set(0, g.call("_backward_" + g.op().name, {g.d_out(), g.out(0)}));
}

OpBuilder activation(const char* name, const char* doc) {
  return unary(name, doc).alias(std::string("_sparse_") + name).gradient(gradient_from_output);
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

const OpBuilder relu = activation("relu", "max(data, 0).");
const OpBuilder sigmoid = activation("sigmoid", "1 / (1 + exp(-data)).");
const OpBuilder tanh = activation("tanh", "Hyperbolic tangent.");

const OpBuilder relu_backward = backward("_backward_relu", "d_out where out is positive, else 0.")
                                    .decomposition([](DecomposeContext& c) {
                                      c.set(0, c.mul(c.in(0), c.call("sign", {c.in(1)})));
                                    });
const OpBuilder sigmoid_backward =
    backward("_backward_sigmoid", "d_out * out * (1 - out).")
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.mul(c.in(0), c.sub(c.in(1), c.call("square", {c.in(1)}))));
        });
const OpBuilder tanh_backward =
    backward("_backward_tanh", "d_out * (1 - out^2).").decomposition([](DecomposeContext& c) {
      c.set(0, c.sub(c.in(0), c.mul(c.in(0), c.call("square", {c.in(1)}))));
    });

}  // namespace
}  // namespace mx::elemwise
