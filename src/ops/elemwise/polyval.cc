// lint: no-kernel (Horner's scheme is a chain of products and sums, which is fused)
#include "ops/matrix/slice.h"
#include "ops/reduce/numpy.h"

namespace mx::elemwise {
namespace {

void infer_polyval_shape(ShapeContext& c) {
  if (c.in(0).has_rank() && c.in(0).ndim() != 1) c.fail_in(0, "has not one axis; expected (n,)");
  c.set_out(0, c.in(1));
  c.set_in(1, c.out(0));
}

/// Horner's scheme on x as a vector.
void decompose(DecomposeContext& c) {
  const Shape& shape = c.in_shape(1);
  const Value x = reduce::in_shape_of(c, c.in(1), {shape.size()});
  const auto coefficient = [&](int64_t i) {
    return c.call("slice_axis", {c.in(0)}, SliceAxisParam{0, i, i + 1});
  };
  Value result = c.zeros_like(x);
  for (int64_t i = 0; i < c.in_shape(0)[0]; ++i) {
    if (i > 0) result = c.mul(result, x);
    result = c.call("broadcast_add", {result, coefficient(i)});
  }
  c.set(0, reduce::in_shape_of(c, result, shape));
}

const OpBuilder polyval = OpBuilder("_npi_polyval")
                              .doc("A polynomial at each element of x.")
                              .input("p", "Coefficients (n,), that of the highest power first.")
                              .input("x", "Array of any shape.")
                              .infer_shape(infer_polyval_shape)
                              .infer_dtype(numeric_dtype)
                              .decomposition(decompose);

}  // namespace
}  // namespace mx::elemwise
