// Remainders with the sign of the divisor.
#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

// Remainders of integers are steps: their gradient counts as zero.

/// d_lhs = d, d_rhs = -d * floor(lhs / rhs)
void mod_gradient(GradContext& g) {
  if (!is_floating(g.out_dtype(0))) return;
  const bool equal = g.in_shape(0) == g.in_shape(1);
  const Value ratio = g.call(equal ? "elemwise_div" : "broadcast_div", {g.in(0), g.in(1)});
  g.set(0, sum_to_input(g, g.d_out(), 0));
  const Value slope = g.mul(g.d_out(), g.call("floor", {ratio}));
  g.set(1, g.negative(sum_to_input(g, slope, 1)));
}

void mod_scalar_gradient(GradContext& g) {
  if (is_floating(g.out_dtype(0))) g.set(0, cast_to_input(g, g.d_out()));
}

void rmod_scalar_gradient(GradContext& g) {
  if (g.in_dtype(0) != g.out_dtype(0) || !is_floating(g.out_dtype(0))) return;
  const Value ratio = g.call("_rdiv_scalar", {g.in(0)}, g.raw_params());
  g.set(0, g.negative(g.mul(g.d_out(), g.call("floor", {ratio}))));
}

const OpBuilder mod =
    binary("_mod", "Remainder of lhs / rhs with the sign of rhs; 0 where rhs is 0.")
        .alias("_Mod")
        .gradient(mod_gradient);
const OpBuilder broadcast_mod =
    broadcast("broadcast_mod", "Remainder of lhs / rhs with the sign of rhs, with broadcasting.")
        .gradient(mod_gradient);
const OpBuilder mod_scalar =
    scalar("_mod_scalar", "Remainder of data / scalar with the sign of scalar.")
        .alias("_ModScalar")
        .gradient(mod_scalar_gradient);
const OpBuilder rmod_scalar =
    scalar("_rmod_scalar", "Remainder of scalar / data with the sign of data.")
        .alias("_RModScalar")
        .gradient(rmod_scalar_gradient);

const OpBuilder np_mod =
    promoted("_npi_mod", "broadcast_mod",
             "Remainder of lhs / rhs with the sign of rhs, in the common dtype.");

const OpBuilder numpy_names[] = {
    numpy("_npi_mod_scalar", "_mod_scalar", {"data"}),
    numpy("_npi_rmod_scalar", "_rmod_scalar", {"data"}),
};

}  // namespace
}  // namespace mx::elemwise
