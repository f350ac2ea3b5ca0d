// Sums and means.
#include <algorithm>

#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void sum_gradient(GradContext& g) { g.set(0, expand_to_input(g, g.d_out(), axes_of(g))); }

void mean_gradient(GradContext& g) {
  const int64_t count =
      std::max<int64_t>(g.in_shape(0).size(), 1) / std::max<int64_t>(g.out_shape(0).size(), 1);
  const auto n = static_cast<double>(count);
  const Value d = is_integer(g.out_dtype(0)) ? g.call("_div_scalar", {g.d_out()}, ScalarParam{n})
                                             : g.mul_scalar(g.d_out(), 1.0 / n);
  g.set(0, expand_to_input(g, d, axes_of(g)));
}

void nansum_gradient(GradContext& g) {
  const Value is_number = g.call("_equal", {g.in(0), g.in(0)});
  g.set(0, g.mul(expand_to_input(g, g.d_out(), axes_of(g)), is_number));
}

const OpBuilder sum = reduction("sum", "Sum along axes.")
                          .trait("method", "sum")
                          .alias("_sparse_sum")
                          .alias("sum_axis")
                          .gradient(sum_gradient);
const OpBuilder mean = reduction("mean", "Mean along axes.")
                           .trait("method", "mean")
                           .alias("_sparse_mean")
                           .gradient(mean_gradient);
const OpBuilder nansum = reduction("nansum", "Sum along axes of all that is not NaN.")
                             .trait("method", "nansum")
                             .gradient(nansum_gradient);

}  // namespace
}  // namespace mx::reduce
