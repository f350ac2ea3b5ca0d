// A polynomial of degree 2.
#include "ops/elemwise/quadratic.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// d_data = d * (2 a data + b)
void quadratic_gradient(GradContext& g) {
  const auto& p = g.params<QuadraticParam>();
  g.set(0,
        g.mul(g.d_out(), g.call("_contrib_quadratic", {g.in(0)}, QuadraticParam{0, 2 * p.a, p.b})));
}

const OpBuilder quadratic =
    unary("_contrib_quadratic", "a * data^2 + b * data + c.")
        .params<QuadraticParam>()
        .keeps_zeros([](const Params& params) { return params.as<QuadraticParam>().c == 0; })
        .gradient(quadratic_gradient);

}  // namespace
}  // namespace mx::elemwise
