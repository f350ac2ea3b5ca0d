// Largest and smallest elements.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void infer_extremum_shape(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  const auto& p = c.params<ReduceParam>();
  require_choice(c, reduced_axes(p.axis, p.exclude, c.in(0).ndim(), c.op_name()));
  infer_reduced_shape(c);
}

/// The gradient goes to every element that equals the result.
void extremum_gradient(GradContext& g) {
  const std::vector<bool> axes = axes_of(g);
  const Value chosen = g.call("_equal", {g.in(0), expand_to_input(g, g.out(0), axes)});
  g.set(0, g.mul(expand_to_input(g, g.d_out(), axes), chosen));
}

const OpBuilder max = reduction("max", "Largest element along axes; NaN if there is one.")
                          .trait("method", "max")
                          .alias("max_axis")
                          .infer_shape(infer_extremum_shape)
                          .gradient(extremum_gradient);
const OpBuilder min = reduction("min", "Smallest element along axes; NaN if there is one.")
                          .trait("method", "min")
                          .alias("min_axis")
                          .infer_shape(infer_extremum_shape)
                          .gradient(extremum_gradient);

}  // namespace
}  // namespace mx::reduce
