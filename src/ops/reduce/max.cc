// Largest and smallest elements.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

/// The gradient goes to every element that equals the result.
void extremum_gradient(GradContext& g) {
  const std::vector<bool> axes = axes_of(g);
  const Value chosen = g.call("_equal", {g.in(0), expand_to_input(g, g.out(0), axes)});
  g.set(0, g.mul(expand_to_input(g, g.d_out(), axes), chosen));
}

const OpBuilder max = reduction("max", "Largest element along axes; NaN if there is one.")
                          .trait("method", "max")
                          .alias("max_axis")
                          .gradient(extremum_gradient);
const OpBuilder min = reduction("min", "Smallest element along axes; NaN if there is one.")
                          .trait("method", "min")
                          .alias("min_axis")
                          .gradient(extremum_gradient);

}  // namespace
}  // namespace mx::reduce
