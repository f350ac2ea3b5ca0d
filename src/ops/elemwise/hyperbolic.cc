// Hyperbolic functions and their inverses; tanh is with the activation functions.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// d_data = d / sqrt(data^2 + shift)
Value over_root(GradContext& g, double shift) {
  const Value shifted = g.add_scalar(g.call("square", {g.in(0)}), shift);
  return g.mul(g.d_out(), g.call("rsqrt", {shifted}));
}

const OpBuilder sinh =
    unary("sinh", "Hyperbolic sine.")
        .alias("_npi_sinh")
        .keeps_zeros()
        .alias("_sparse_sinh")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("cosh", {g.in(0)}))); });
const OpBuilder cosh =
    unary("cosh", "Hyperbolic cosine.")
        .alias("_npi_cosh")
        .alias("_sparse_cosh")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("sinh", {g.in(0)}))); });
const OpBuilder arcsinh = unary("arcsinh", "Inverse hyperbolic sine.")
                              .alias("_npi_arcsinh")
                              .keeps_zeros()
                              .alias("_sparse_arcsinh")
                              .gradient([](GradContext& g) { g.set(0, over_root(g, 1.0)); });
const OpBuilder arccosh = unary("arccosh", "Inverse hyperbolic cosine.")
                              .alias("_npi_arccosh")
                              .alias("_sparse_arccosh")
                              .gradient([](GradContext& g) { g.set(0, over_root(g, -1.0)); });
const OpBuilder arctanh =
    unary("arctanh", "Inverse hyperbolic tangent.")
        .alias("_npi_arctanh")
        .keeps_zeros()
        .alias("_sparse_arctanh")
        .gradient([](GradContext& g) {
          g.set(0, g.div(g.d_out(), g.call("_rminus_scalar", {g.call("square", {g.in(0)})},
                                           ScalarParam{1.0})));
        });

}  // namespace
}  // namespace mx::elemwise
