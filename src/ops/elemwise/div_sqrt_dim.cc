// lint: no-kernel (it is a product with a number)
#include <cmath>

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void decompose(DecomposeContext& c) {
  const double root = std::sqrt(static_cast<double>(c.in_shape(0).back()));
  c.set(0, c.call("_div_scalar", {c.in(0)}, ScalarParam{root}));
}

const OpBuilder div_sqrt_dim =
    OpBuilder("_contrib_div_sqrt_dim")
        .doc("data divided by the root of the size of its last axis, as attention scales scores.")
        .input("data", "Array of one axis or more.")
        .infer_shape([](ShapeContext& c) {
          infer::same_shape(c);
          if (c.in(0).has_rank() && c.in(0).ndim() == 0)
            c.fail_in(0, "is a scalar; expected an axis");
        })
        .infer_dtype(numeric_dtype)
        .decomposition(decompose);

}  // namespace
}  // namespace mx::elemwise
