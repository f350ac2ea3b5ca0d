// Products.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

/// d_data = d * product of the others. With P the product of all that is not zero, that is P / x
/// where nothing is zero, P at the only zero, and else 0. The zeros stand in it as variables, so
/// that its own gradient is right: Z is the product of the zeros, and of two of them the other one
/// is what their sum leaves. Of three and more it is a constant, which is right up to the second
/// derivative.
Value product_gradient(GradContext& g, const Value& x) {
  const auto along = [&](const char* op, const Value& v) {
    return expand_to_input(g, g.call(op, {v}, g.raw_params()), axes_of(g));
  };
  const auto equals = [&](const Value& v, double number) {
    return g.call("_equal_scalar", {v}, ScalarParam{number});
  };
  const auto choose = [&](const Value& condition, const Value& yes, const Value& no) {
    return g.call("where", {condition, yes, no});
  };
  const Value is_zero = equals(x, 0), zeros = along("sum", is_zero), ones = g.ones_like(x);
  const Value factor = choose(is_zero, ones, x);
  const Value product = along("prod", factor);
  const Value product_of_zeros = along("prod", choose(is_zero, x, ones));
  const Value sum_of_zeros = along("sum", choose(is_zero, x, g.zeros_like(x)));
  const Value other_zeros =
      g.add(equals(zeros, 1), g.mul(equals(zeros, 2), g.sub(sum_of_zeros, x)));
  const Value others =
      choose(is_zero, g.mul(product, other_zeros), g.mul(g.div(product, factor), product_of_zeros));
  return g.mul(expand_to_input(g, g.d_out(), axes_of(g)), others);
}

/// NaN counts as a factor of 1 that does not change.
void nanprod_gradient(GradContext& g) {
  const Value is_number = g.call("_equal", {g.in(0), g.in(0)});
  const Value x = g.call("where", {is_number, g.in(0), g.ones_like(g.in(0))});
  g.set(0, g.mul(product_gradient(g, x), is_number));
}

const OpBuilder prod =
    reduction("prod", "Product along axes.").trait("method", "prod").gradient([](GradContext& g) {
      g.set(0, product_gradient(g, g.in(0)));
    });
const OpBuilder nanprod = reduction("nanprod", "Product along axes of all that is not NaN.")
                              .trait("method", "nanprod")
                              .gradient(nanprod_gradient);

}  // namespace
}  // namespace mx::reduce
