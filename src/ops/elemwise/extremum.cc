// The larger and the smaller of two.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// The gradient goes to lhs where `wins` holds, to rhs where `loses` does: ties go to lhs, and
/// where one of them is NaN neither gets any.
void split_gradient(GradContext& g, const char* wins, const char* loses) {
  const std::string prefix = g.in_shape(0) == g.in_shape(1) ? "_" : "broadcast_";
  const char* const comparisons[] = {wins, loses};
  for (size_t i = 0; i < 2; ++i) {
    const Value chosen = g.call(prefix + comparisons[i], {g.in(0), g.in(1)});
    g.set(i, sum_to_input(g, g.mul(g.d_out(), chosen), i));
  }
}
void maximum_gradient(GradContext& g) { split_gradient(g, "greater_equal", "lesser"); }
void minimum_gradient(GradContext& g) { split_gradient(g, "lesser_equal", "greater"); }

/// A comparison with a number has the dtype of the larger or smaller one.
Value masked_by_scalar(GradContext& g, const char* comparison) {
  return cast_to_input(g, g.mul(g.d_out(), g.call(comparison, {g.in(0)}, g.raw_params())));
}

const OpBuilder maximum = binary("_maximum", "The larger of lhs and rhs.")
                              .infer_storage(infer::equal_storage)
                              .alias("_Maximum")
                              .gradient(maximum_gradient);
const OpBuilder broadcast_maximum =
    broadcast("broadcast_maximum", "The larger of lhs and rhs, with broadcasting.")
        .alias("_npi_maximum")
        .gradient(maximum_gradient);
const OpBuilder maximum_scalar =
    scalar("_maximum_scalar", "The larger of data and scalar.")
        .alias("_MaximumScalar")
        .alias("_npi_maximum_scalar")
        .gradient([](GradContext& g) { g.set(0, masked_by_scalar(g, "_greater_equal_scalar")); });
const OpBuilder minimum = binary("_minimum", "The smaller of lhs and rhs.")
                              .infer_storage(infer::equal_storage)
                              .alias("_Minimum")
                              .gradient(minimum_gradient);
const OpBuilder broadcast_minimum =
    broadcast("broadcast_minimum", "The smaller of lhs and rhs, with broadcasting.")
        .alias("_npi_minimum")
        .gradient(minimum_gradient);
const OpBuilder minimum_scalar =
    scalar("_minimum_scalar", "The smaller of data and scalar.")
        .alias("_MinimumScalar")
        .alias("_npi_minimum_scalar")
        .gradient([](GradContext& g) { g.set(0, masked_by_scalar(g, "_lesser_equal_scalar")); });

}  // namespace
}  // namespace mx::elemwise
