// Trigonometric functions, their inverses, and angles.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

Value one_plus_square(GradContext& g, const Value& x) {
  return g.add_scalar(g.call("square", {x}), 1.0);
}

/// d_data = d / sqrt(1 - data^2)
Value arcsin_gradient(GradContext& g) {
  const Value rest = g.call("_rminus_scalar", {g.call("square", {g.in(0)})}, ScalarParam{1.0});
  return g.mul(g.d_out(), g.call("rsqrt", {rest}));
}

const OpBuilder sin =
    unary("sin", "Sine of angles in radians.")
        .keeps_zeros()
        .alias("_sparse_sin")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("cos", {g.in(0)}))); });
const OpBuilder cos =
    unary("cos", "Cosine of angles in radians.").alias("_sparse_cos").gradient([](GradContext& g) {
      g.set(0, g.negative(g.mul(g.d_out(), g.call("sin", {g.in(0)}))));
    });
const OpBuilder tan =
    unary("tan", "Tangent of angles in radians.")
        .keeps_zeros()
        .alias("_sparse_tan")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), one_plus_square(g, g.out(0)))); });
const OpBuilder arcsin = unary("arcsin", "Inverse sine, in [-pi/2, pi/2].")
                             .keeps_zeros()
                             .alias("_sparse_arcsin")
                             .gradient([](GradContext& g) { g.set(0, arcsin_gradient(g)); });
const OpBuilder arccos =
    unary("arccos", "Inverse cosine, in [0, pi].")
        .alias("_sparse_arccos")
        .gradient([](GradContext& g) { g.set(0, g.negative(arcsin_gradient(g))); });
const OpBuilder arctan =
    unary("arctan", "Inverse tangent, in (-pi/2, pi/2).")
        .keeps_zeros()
        .alias("_sparse_arctan")
        .gradient([](GradContext& g) { g.set(0, g.div(g.d_out(), one_plus_square(g, g.in(0)))); });
const OpBuilder degrees =
    unary("degrees", "Radians as degrees.")
        .keeps_zeros()
        .alias("_sparse_degrees")
        .gradient([](GradContext& g) { g.set(0, g.call("degrees", {g.d_out()})); });
const OpBuilder radians =
    unary("radians", "Degrees as radians.")
        .keeps_zeros()
        .alias("_sparse_radians")
        .gradient([](GradContext& g) { g.set(0, g.call("radians", {g.d_out()})); });

}  // namespace
}  // namespace mx::elemwise
