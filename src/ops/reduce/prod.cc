// Products.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

/// The gradient of a product as a graph of other operators, for its own gradients.
struct ProductGradient {
  DecomposeContext& c;

  Value equals(const Value& v, double number) const {
    return c.call("_equal_scalar", {v}, ScalarParam{number});
  }
  Value choose(const Value& condition, const Value& yes, const Value& no) const {
    return c.call("where", {condition, yes, no});
  }
  /// A value of the output's shape, repeated along the reduced axes.
  Value expanded(const Value& value) const {
    const auto& p = c.params<ReduceParam>();
    const Shape& data = c.in_shape(1);
    if (data.size() == 0) return c.zeros_like(c.in(1));
    const auto reduced = reduced_axes(p.axis, p.exclude, data.ndim(), "prod");
    const Value kept = elemwise::reshape_to(c, value, reduced_shape(data, reduced, true));
    return c.call("broadcast_to", {kept}, ShapeParam{data});
  }
  Value along(const char* op, const Value& v) const {
    return expanded(c.call(op, {v}, c.raw_params()));
  }

  /// d * product of the others. With P the product of all that is not zero, that is P / x where
  /// nothing is zero, P at the only zero, and else 0. The zeros stand in it as variables, so that
  /// its own gradient is right: Z is the product of the zeros, and of two of them the other one is
  /// what their sum leaves. Of three and more it is a constant, which is right up to the second
  /// derivative.
  Value of(const Value& x) const {
    const Value is_zero = equals(x, 0), zeros = along("sum", is_zero), ones = c.ones_like(x);
    const Value factor = choose(is_zero, ones, x);
    const Value product = along("prod", factor);
    const Value product_of_zeros = along("prod", choose(is_zero, x, ones));
    const Value sum_of_zeros = along("sum", choose(is_zero, x, c.zeros_like(x)));
    const Value other_zeros =
        c.add(equals(zeros, 1), c.mul(equals(zeros, 2), c.sub(sum_of_zeros, x)));
    const Value others = choose(is_zero, c.mul(product, other_zeros),
                                c.mul(c.div(product, factor), product_of_zeros));
    return c.mul(expanded(c.in(0)), others);
  }
};

void decompose_prod(DecomposeContext& c) { c.set(0, ProductGradient{c}.of(c.in(1))); }

/// NaN counts as a factor of 1 that does not change.
void decompose_nanprod(DecomposeContext& c) {
  const Value is_number = c.call("_equal", {c.in(1), c.in(1)});
  const Value x = c.call("where", {is_number, c.in(1), c.ones_like(c.in(1))});
  c.set(0, c.mul(ProductGradient{c}.of(x), is_number));
}

void infer_backward_shape(ShapeContext& c) {
  c.set_out(0, c.in(1));
  if (!c.in(1).has_rank()) return;
  const auto& p = c.params<ReduceParam>();
  const auto reduced = reduced_axes(p.axis, p.exclude, c.in(1).ndim(), c.op_name());
  c.set_in(0, reduced_shape(c.in(1), reduced, p.keepdims));
}

/// The gradient is `_backward_<name>`(d_out, data).
OpBuilder product(const std::string& name, const char* doc, Op::Decomposition decomposition) {
  const std::string backward = "_backward_" + name;
  OpBuilder(backward)
      .doc("Gradient of a product along axes for data.")
      .params<ReduceParam>()
      .input("d_out", "Gradient of the product.")
      .input("data", "What is multiplied.")
      .infer_shape(infer_backward_shape)
      .inplace(1, 0)
      .decomposition(std::move(decomposition));
  return reduction(name.c_str(), doc).trait("method", name).gradient([backward](GradContext& g) {
    g.set(0, g.call(backward, {g.d_out(), g.in(0)}, g.raw_params()));
  });
}

const OpBuilder prod = product("prod", "Product along axes.", decompose_prod);
const OpBuilder nanprod =
    product("nanprod", "Product along axes of all that is not NaN.", decompose_nanprod);

}  // namespace
}  // namespace mx::reduce
