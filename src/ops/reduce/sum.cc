// Sums and means.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void sum_gradient(GradContext& g) { g.set(0, expand_to_input(g, g.d_out(), axes_of(g))); }

void mean_gradient(GradContext& g) {
  const int64_t count =
      std::max<int64_t>(g.in_shape(0).size(), 1) / std::max<int64_t>(g.out_shape(0).size(), 1);
  const Value d = g.mul_scalar(g.d_out(), 1.0 / static_cast<double>(count));
  g.set(0, expand_to_input(g, d, axes_of(g)));
}

void nansum_gradient(GradContext& g) {
  const Value is_number = g.call("_equal", {g.in(0), g.in(0)});
  g.set(0, g.mul(expand_to_input(g, g.d_out(), axes_of(g)), is_number));
}

const OpBuilder sum = reduction("sum", "Sum along axes.")
                          .alias("_sparse_sum")
                          .alias("sum_axis")
                          .gradient(sum_gradient);
const OpBuilder mean =
    reduction("mean", "Mean along axes.").alias("_sparse_mean").gradient(mean_gradient);
const OpBuilder nansum =
    reduction("nansum", "Sum along axes of all that is not NaN.").gradient(nansum_gradient);

}  // namespace
}  // namespace mx::reduce
