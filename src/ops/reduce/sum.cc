// Sum, mean, product, and those that skip NaN.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

std::vector<bool> axes_of(GradContext& g) {
  const auto& p = g.params<ReduceParam>();
  return reduced_axes(p.axis, p.exclude, g.in_shape(0).ndim(), g.op().name);
}

void sum_gradient(GradContext& g) { g.set(0, expand_to_input(g, g.d_out(), axes_of(g))); }

OpBuilder reduction(const char* name, const char* doc) {
  return OpBuilder(name)
      .doc(doc)
      .params<ReduceParam>()
      .input("data", "Array of any shape.")
      .infer_shape(infer_reduced_shape);
}

const OpBuilder sum = reduction("sum", "Sum along axes.")
                          .alias("_sparse_sum")
                          .alias("sum_axis")
                          .gradient(sum_gradient);

}  // namespace
}  // namespace mx::reduce
