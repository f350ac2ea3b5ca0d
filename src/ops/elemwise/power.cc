// Powers and hypotenuses.
#include <cmath>

#include "ops/elemwise/promotion.h"

namespace mx::elemwise {
namespace {

/// a op b for inputs that may need broadcasting.
Value both(GradContext& g, const char* same, const char* broadcast, Value a, Value b) {
  return g.call(g.in_shape(0) == g.in_shape(1) ? same : broadcast, {std::move(a), std::move(b)});
}

/// out * log(lhs); of integers rounded once, for the logarithm alone would lose nearly all.
Value power_times_log(GradContext& g) {
  const bool rounds = is_integer(g.out_dtype(0));
  const auto real = [&](Value x) { return rounds ? g.cast(std::move(x), DType::kFloat64) : x; };
  const bool same = g.in_shape(0) == g.out_shape(0);
  const Value log = g.call("log", {real(g.in(0))});
  const Value product = g.call(same ? "elemwise_mul" : "broadcast_mul", {real(g.out(0)), log});
  return rounds ? g.cast(product, g.out_dtype(0)) : product;
}

/// d_lhs = d * rhs * lhs^(rhs - 1), d_rhs = d * out * log(lhs)
void power_gradient(GradContext& g) {
  const Value lower = both(g, "_power", "broadcast_power", g.in(0), g.add_scalar(g.in(1), -1.0));
  const Value slope = with_input(g, "elemwise_mul", "broadcast_mul", lower, 1);
  g.set(0, sum_to_input(g, g.mul(g.d_out(), slope), 0));
  g.set(1, sum_to_input(g, g.mul(g.d_out(), power_times_log(g)), 1));
}

void power_scalar_gradient(GradContext& g) {
  if (!keeps_dtype(g)) return;
  const Value lower = g.call("_power_scalar", {g.in(0)}, ScalarParam{number_of(g) - 1.0});
  g.set(0, g.mul(g.d_out(), g.mul_scalar(lower, number_of(g))));
}

void rpower_scalar_gradient(GradContext& g) {
  if (!keeps_dtype(g)) return;
  const bool rounds = is_integer(g.out_dtype(0));
  const Value out = rounds ? g.cast(g.out(0), DType::kFloat64) : g.out(0);
  const Value slope = g.mul_scalar(out, std::log(number_of(g)));
  g.set(0, g.mul(g.d_out(), rounds ? g.cast(slope, g.out_dtype(0)) : slope));
}

/// d_lhs = d * lhs / out
void hypot_gradient(GradContext& g) {
  const Value scaled = g.div(g.d_out(), g.out(0));
  for (size_t i = 0; i < 2; ++i)
    g.set(i, sum_to_input(g, with_input(g, "elemwise_mul", "broadcast_mul", scaled, i), i));
}

void hypot_scalar_gradient(GradContext& g) {
  if (keeps_dtype(g)) g.set(0, g.mul(g.div(g.d_out(), g.out(0)), g.in(0)));
}

const OpBuilder power =
    binary("_power", "lhs to the power of rhs.").alias("_Power").gradient(power_gradient);
const OpBuilder broadcast_power =
    broadcast("broadcast_power", "lhs to the power of rhs, with broadcasting.")
        .gradient(power_gradient);
const OpBuilder power_scalar = scalar("_power_scalar", "data to the power of scalar.")
                                   .alias("_PowerScalar")
                                   .gradient(power_scalar_gradient);
const OpBuilder rpower_scalar = scalar("_rpower_scalar", "scalar to the power of data.")
                                    .alias("_RPowerScalar")
                                    .gradient(rpower_scalar_gradient);
const OpBuilder hypot = binary("_hypot", "sqrt(lhs^2 + rhs^2).")
                            .infer_storage(infer::equal_storage)
                            .alias("_Hypot")
                            .gradient(hypot_gradient);
const OpBuilder broadcast_hypot =
    broadcast("broadcast_hypot", "sqrt(lhs^2 + rhs^2), with broadcasting.")
        .gradient(hypot_gradient);
const OpBuilder hypot_scalar = scalar("_hypot_scalar", "sqrt(data^2 + scalar^2).")
                                   .alias("_HypotScalar")
                                   .alias("_npi_hypot_scalar")
                                   .gradient(hypot_scalar_gradient);

const OpBuilder np_power =
    promoted("_npi_power", "broadcast_power", "lhs to the power of rhs, in the common dtype.");

const OpBuilder numpy_names[] = {
    numpy("_npi_power_scalar", "_power_scalar", {"data"}),
    numpy("_npi_rpower_scalar", "_rpower_scalar", {"data"}),
    numpy("_npi_hypot", "broadcast_hypot", {"x1", "x2"}),
};

}  // namespace
}  // namespace mx::elemwise
