// Square, roots and their reciprocals.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

const OpBuilder square =
    unary("square", "data * data.")
        .trait("method", "square")
        .keeps_zeros()
        .alias("_sparse_square")
        .gradient([](GradContext& g) { g.set(0, g.mul_scalar(g.mul(g.d_out(), g.in(0)), 2.0)); });
const OpBuilder sqrt =
    unary("sqrt", "Square root.")
        .trait("method", "sqrt")
        .keeps_zeros()
        .alias("_sparse_sqrt")
        .gradient([](GradContext& g) { g.set(0, g.div(g.mul_scalar(g.d_out(), 0.5), g.out(0))); });
const OpBuilder rsqrt =
    unary("rsqrt", "1 / sqrt(data).")
        .trait("method", "rsqrt")
        .alias("_sparse_rsqrt")
        .gradient([](GradContext& g) {
          g.set(0, g.mul_scalar(g.div(g.mul(g.d_out(), g.out(0)), g.in(0)), -0.5));
        });
const OpBuilder cbrt =
    unary("cbrt", "Cube root.")
        .trait("method", "cbrt")
        .keeps_zeros()
        .alias("_sparse_cbrt")
        .gradient([](GradContext& g) {
          g.set(0, g.mul_scalar(g.div(g.d_out(), g.call("square", {g.out(0)})), 1.0 / 3));
        });
const OpBuilder rcbrt =
    unary("rcbrt", "1 / cbrt(data).").trait("method", "rcbrt").gradient([](GradContext& g) {
      g.set(0, g.mul_scalar(g.div(g.mul(g.d_out(), g.out(0)), g.in(0)), -1.0 / 3));
    });
const OpBuilder reciprocal =
    unary("reciprocal", "1 / data.").trait("method", "reciprocal").gradient([](GradContext& g) {
      g.set(0, g.negative(g.mul(g.d_out(), g.call("square", {g.out(0)}))));
    });

const OpBuilder numpy_names[] = {
    numpy("_npi_square", "square"),
    numpy("_npi_sqrt", "sqrt"),
    numpy("_npi_cbrt", "cbrt"),
    numpy("_npi_reciprocal", "reciprocal"),
};

}  // namespace
}  // namespace mx::elemwise
