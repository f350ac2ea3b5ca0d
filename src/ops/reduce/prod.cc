// Products.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

/// d_data = d * product of the others. With P the product of all that is not zero, that is P / x
/// where nothing is zero, P at the only zero, and else 0.
Value product_gradient(GradContext& g, const Value& x) {
  const auto along = [&](const char* op, const Value& v) {
    return expand_to_input(g, g.call(op, {v}, g.raw_params()), axes_of(g));
  };
  const auto equals = [&](const Value& v, double number) {
    return g.call("_equal_scalar", {v}, ScalarParam{number});
  };
  const Value is_zero = equals(x, 0), zeros = along("sum", is_zero);
  const Value factor = g.add(x, is_zero);  // 1 in place of zero
  const Value product = along("prod", factor);
  const Value others = g.call("where", {is_zero, g.mul(product, equals(zeros, 1)),
                                        g.mul(g.div(product, factor), equals(zeros, 0))});
  return g.mul(expand_to_input(g, g.d_out(), axes_of(g)), others);
}

/// NaN counts as a factor of 1 that does not change.
void nanprod_gradient(GradContext& g) {
  const Value is_number = g.call("_equal", {g.in(0), g.in(0)});
  const Value x = g.call("where", {is_number, g.in(0), g.ones_like(g.in(0))});
  g.set(0, g.mul(product_gradient(g, x), is_number));
}

const OpBuilder prod = reduction("prod", "Product along axes.").gradient([](GradContext& g) {
  g.set(0, product_gradient(g, g.in(0)));
});
const OpBuilder nanprod =
    reduction("nanprod", "Product along axes of all that is not NaN.").gradient(nanprod_gradient);

}  // namespace
}  // namespace mx::reduce
