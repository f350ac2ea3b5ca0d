// Trigonometric functions, their inverses, and angles.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// d_lhs = d * rhs / r^2, d_rhs = -d * lhs / r^2
void arctan2_gradient(GradContext& g) {
  const Value radius = g.call("broadcast_hypot", {g.in(0), g.in(1)});
  const Value scaled = g.div(g.d_out(), g.call("square", {radius}));
  for (size_t i = 0; i < 2; ++i) {
    const Value d = with_input(g, "elemwise_mul", "broadcast_mul", scaled, 1 - i);
    g.set(i, sum_to_input(g, i == 0 ? d : g.negative(d), i));
  }
}

/// d_data = sign * d * scalar / r^2
void arctan2_scalar_gradient(GradContext& g, double sign) {
  if (!keeps_dtype(g)) return;
  const double number = number_of(g);
  const Value square = g.add_scalar(g.call("square", {g.in(0)}), number * number);
  g.set(0, g.mul_scalar(g.div(g.d_out(), square), sign * number));
}

Value one_plus_square(GradContext& g, const Value& x) {
  return g.add_scalar(g.call("square", {x}), 1.0);
}

/// d_data = d / sqrt(1 - data^2)
Value arcsin_gradient(GradContext& g) {
  const Value rest = g.call("_rminus_scalar", {g.call("square", {g.in(0)})}, ScalarParam{1.0});
  return g.mul(g.d_out(), g.call("rsqrt", {rest}));
}

/// Depends on data, with slope 0, so that its own gradient is zeros, as in 1.9.1, and no error.
Value radians_gradient(GradContext& g) {
  return g.mul(g.d_out(), g.call("radians", {g.ones_like(g.in(0))}));
}

const OpBuilder sin =
    unary("sin", "Sine of angles in radians.")
        .trait("method", "sin")
        .keeps_zeros()
        .alias("_sparse_sin")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("cos", {g.in(0)}))); });
const OpBuilder cos = unary("cos", "Cosine of angles in radians.")
                          .trait("method", "cos")
                          .alias("_sparse_cos")
                          .gradient([](GradContext& g) {
                            g.set(0, g.negative(g.mul(g.d_out(), g.call("sin", {g.in(0)}))));
                          });
const OpBuilder tan =
    unary("tan", "Tangent of angles in radians.")
        .trait("method", "tan")
        .keeps_zeros()
        .alias("_sparse_tan")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), one_plus_square(g, g.out(0)))); });
const OpBuilder arcsin = unary("arcsin", "Inverse sine, in [-pi/2, pi/2].")
                             .trait("method", "arcsin")
                             .keeps_zeros()
                             .alias("_sparse_arcsin")
                             .gradient([](GradContext& g) { g.set(0, arcsin_gradient(g)); });
const OpBuilder arccos =
    unary("arccos", "Inverse cosine, in [0, pi].")
        .trait("method", "arccos")
        .alias("_sparse_arccos")
        .gradient([](GradContext& g) { g.set(0, g.negative(arcsin_gradient(g))); });
const OpBuilder arctan =
    unary("arctan", "Inverse tangent, in (-pi/2, pi/2).")
        .trait("method", "arctan")
        .keeps_zeros()
        .alias("_sparse_arctan")
        .gradient([](GradContext& g) { g.set(0, g.div(g.d_out(), one_plus_square(g, g.in(0)))); });
const OpBuilder degrees =
    unary("degrees", "Radians as degrees.")
        .trait("method", "degrees")
        .keeps_zeros()
        .alias("_sparse_degrees")
        .gradient([](GradContext& g) { g.set(0, g.call("degrees", {g.d_out()})); });
const OpBuilder radians = unary("radians", "Degrees as radians.")
                              .trait("method", "radians")
                              .keeps_zeros()
                              .alias("_sparse_radians")
                              .gradient([](GradContext& g) { g.set(0, radians_gradient(g)); });

const OpBuilder arctan2 =
    broadcast("_npi_arctan2", "Angle of the point (x2, x1), in [-pi, pi].", "x1", "x2")
        .gradient(arctan2_gradient);
const OpBuilder arctan2_scalar =
    scalar("_npi_arctan2_scalar", "Angle of the point (scalar, data), in [-pi, pi].")
        .gradient([](GradContext& g) { arctan2_scalar_gradient(g, 1.0); });
const OpBuilder rarctan2_scalar =
    scalar("_npi_rarctan2_scalar", "Angle of the point (data, scalar), in [-pi, pi].")
        .gradient([](GradContext& g) { arctan2_scalar_gradient(g, -1.0); });

const OpBuilder numpy_names[] = {
    numpy("_npi_sin", "sin"),         numpy("_npi_cos", "cos"),
    numpy("_npi_tan", "tan"),         numpy("_npi_arcsin", "arcsin"),
    numpy("_npi_arccos", "arccos"),   numpy("_npi_arctan", "arctan"),
    numpy("_npi_degrees", "degrees"), numpy("_npi_radians", "radians"),
};

}  // namespace
}  // namespace mx::elemwise
