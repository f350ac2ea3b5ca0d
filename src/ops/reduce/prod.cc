// Products.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

/// d_data = d * out / data
Value product_gradient(GradContext& g) {
  const Value scaled = expand_to_input(g, g.mul(g.d_out(), g.out(0)), axes_of(g));
  return g.div(scaled, g.in(0));
}

void nanprod_gradient(GradContext& g) {
  const Value is_number = g.call("_equal", {g.in(0), g.in(0)});
  g.set(0, g.call("where", {is_number, product_gradient(g), g.zeros_like(g.in(0))}));
}

const OpBuilder prod = reduction("prod", "Product along axes.").gradient([](GradContext& g) {
  g.set(0, product_gradient(g));
});
const OpBuilder nanprod =
    reduction("nanprod", "Product along axes of all that is not NaN.").gradient(nanprod_gradient);

}  // namespace
}  // namespace mx::reduce
