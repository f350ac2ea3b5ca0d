// Exponentials and logarithms.
#include <cmath>
#include <numbers>

#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// The derivative of c * 2^x is it times log(2).
Value times_out_and_log2(GradContext& g) {
  return g.mul_scalar(g.mul(g.d_out(), g.out(0)), std::numbers::ln2);
}

const OpBuilder exp = unary("exp", "e to the power of data.")
                          .trait("method", "exp")
                          .alias("_sparse_exp")
                          .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.out(0))); });
const OpBuilder expm1 =
    unary("expm1", "exp(data) - 1, exact near 0.")
        .trait("method", "expm1")
        .keeps_zeros()
        .alias("_sparse_expm1")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.add_scalar(g.out(0), 1.0))); });
const OpBuilder log = unary("log", "Natural logarithm.")
                          .trait("method", "log")
                          .alias("_sparse_log")
                          .gradient([](GradContext& g) { g.set(0, g.div(g.d_out(), g.in(0))); });
const OpBuilder log10 =
    unary("log10", "Logarithm to base 10.")
        .trait("method", "log10")
        .alias("_sparse_log10")
        .gradient([](GradContext& g) {
          g.set(0, g.mul_scalar(g.div(g.d_out(), g.in(0)), 0.43429448190325182));
        });
const OpBuilder log2 = unary("log2", "Logarithm to base 2.")
                           .trait("method", "log2")
                           .alias("_sparse_log2")
                           .gradient([](GradContext& g) {
                             g.set(0, g.mul_scalar(g.div(g.d_out(), g.in(0)), 1.4426950408889634));
                           });
const OpBuilder log1p =
    unary("log1p", "log(1 + data), exact near 0.")
        .trait("method", "log1p")
        .keeps_zeros()
        .alias("_sparse_log1p")
        .gradient([](GradContext& g) { g.set(0, g.div(g.d_out(), g.add_scalar(g.in(0), 1.0))); });

const OpBuilder ldexp = broadcast("_npi_ldexp", "lhs * 2^rhs.").gradient([](GradContext& g) {
  const Value scale = g.call("_rpower_scalar", {g.in(1)}, ScalarParam{2.0});
  g.set(0, sum_to_input(g, g.call("broadcast_mul", {g.d_out(), scale}), 0));
  g.set(1, sum_to_input(g, times_out_and_log2(g), 1));
});
const OpBuilder ldexp_scalar =
    scalar("_npi_ldexp_scalar", "data * 2^scalar.").gradient([](GradContext& g) {
      if (keeps_dtype(g)) g.set(0, g.mul_scalar(g.d_out(), std::exp2(number_of(g))));
    });
const OpBuilder rldexp_scalar =
    scalar("_npi_rldexp_scalar", "scalar * 2^data.").gradient([](GradContext& g) {
      if (keeps_dtype(g)) g.set(0, times_out_and_log2(g));
    });

const OpBuilder numpy_names[] = {
    numpy("_npi_exp", "exp"),     numpy("_npi_expm1", "expm1"), numpy("_npi_log", "log"),
    numpy("_npi_log10", "log10"), numpy("_npi_log2", "log2"),   numpy("_npi_log1p", "log1p"),
};

}  // namespace
}  // namespace mx::elemwise
