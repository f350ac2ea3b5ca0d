// Hyperbolic functions and their inverses; tanh is with the activation functions.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// d_data = d / sqrt(data^2 + shift)
Value over_root(GradContext& g, double shift) {
  const Value shifted = g.add_scalar(g.call("square", {g.in(0)}), shift);
  return g.mul(g.d_out(), g.call("rsqrt", {shifted}));
}

const OpBuilder sinh =
    unary("sinh", "Hyperbolic sine.")
        .trait("method", "sinh")
        .keeps_zeros()
        .alias("_sparse_sinh")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("cosh", {g.in(0)}))); });
const OpBuilder cosh =
    unary("cosh", "Hyperbolic cosine.")
        .trait("method", "cosh")
        .alias("_sparse_cosh")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("sinh", {g.in(0)}))); });
const OpBuilder arcsinh = unary("arcsinh", "Inverse hyperbolic sine.")
                              .trait("method", "arcsinh")
                              .keeps_zeros()
                              .alias("_sparse_arcsinh")
                              .gradient([](GradContext& g) { g.set(0, over_root(g, 1.0)); });
const OpBuilder arccosh = unary("arccosh", "Inverse hyperbolic cosine.")
                              .trait("method", "arccosh")
                              .alias("_sparse_arccosh")
                              .gradient([](GradContext& g) { g.set(0, over_root(g, -1.0)); });
const OpBuilder arctanh =
    unary("arctanh", "Inverse hyperbolic tangent.")
        .trait("method", "arctanh")
        .keeps_zeros()
        .alias("_sparse_arctanh")
        .gradient([](GradContext& g) {
          g.set(0, g.div(g.d_out(), g.call("_rminus_scalar", {g.call("square", {g.in(0)})},
                                           ScalarParam{1.0})));
        });

const OpBuilder numpy_names[] = {
    numpy("_npi_sinh", "sinh"),       numpy("_npi_cosh", "cosh"),
    numpy("_npi_arcsinh", "arcsinh"), numpy("_npi_arccosh", "arccosh"),
    numpy("_npi_arctanh", "arctanh"),
};

}  // namespace
}  // namespace mx::elemwise
