// Sign and absolute value.
#include <cmath>

#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

Value is_positive(GradContext& g, size_t i) {
  return g.call("_greater_equal_scalar", {g.in(i)}, ScalarParam{0.0});
}

/// d where the condition is 1, -d where it is 0.
Value signed_by(GradContext& g, Value condition) {
  return g.mul(g.d_out(), g.add_scalar(g.mul_scalar(std::move(condition), 2.0), -1.0));
}

const OpBuilder sign = unary("sign", "-1, 0 or 1; 0 for NaN.")
                           .trait("method", "sign")
                           .keeps_zeros()
                           .alias("_sparse_sign")
                           .gradient(zero_gradient);
const OpBuilder sign_ste =
    unary("_contrib_sign_ste", "sign, which gradients pass as if it changed nothing.")
        .keeps_zeros()
        .alias("_sparse__contrib_sign_ste")
        .gradient([](GradContext& g) { g.set(0, g.d_out()); });
const OpBuilder abs =
    unary("abs", "Absolute value.")
        .trait("method", "abs")
        .keeps_zeros()
        .alias("_sparse_abs")
        .gradient([](GradContext& g) { g.set(0, g.mul(g.d_out(), g.call("sign", {g.in(0)}))); });

const OpBuilder copysign =
    broadcast("_npi_copysign", "The magnitude of lhs with the sign of rhs.")
        .gradient([](GradContext& g) {
          const Value same = g.call("broadcast_equal", {is_positive(g, 0), is_positive(g, 1)});
          g.set(0, sum_to_input(g, signed_by(g, same), 0));
        });
const OpBuilder copysign_scalar =
    scalar("_npi_copysign_scalar", "The magnitude of data with the sign of scalar.")
        .gradient([](GradContext& g) {
          if (!keeps_dtype(g)) return;
          const Value d = signed_by(g, is_positive(g, 0));
          g.set(0, std::signbit(number_of(g)) ? g.negative(d) : d);
        });
const OpBuilder rcopysign_scalar =
    scalar("_npi_rcopysign_scalar", "The magnitude of scalar with the sign of data.")
        .gradient(zero_gradient);

const OpBuilder numpy_names[] = {
    numpy("_npi_sign", "sign"),
    numpy("_npi_absolute", "abs").alias("_npi_abs"),
};

}  // namespace
}  // namespace mx::elemwise
