// lint: no-kernel (it is a product with broadcasting of reshaped matrices)
#include "base/checked.h"
#include "ops/elemwise/common.h"

namespace mx {
namespace {

struct KhatriRaoParam {
  int64_t num_args = 1;
  static void describe(ParamBuilder<KhatriRaoParam>& fields) {
    fields.add("num_args", &KhatriRaoParam::num_args, "Number of matrices.").required().at_least(1);
  }
};

void infer_khatri_rao(ShapeContext& c) {
  int64_t columns = c.out(0).ndim() == 2 ? c.out(0)[1] : Shape::kUnknownDim;
  Checked rows = 1;
  bool known = true;
  for (size_t i = 0; i < c.num_in(); ++i) {
    const Shape& matrix = c.in(i);
    if (matrix.has_rank() && matrix.ndim() != 2)
      c.fail_in(i, "has ", matrix.ndim(), " axes; expected a matrix");
    known &= matrix.has_rank() && matrix[0] >= 0;
    if (known) rows *= matrix[0];
    if (matrix.has_rank() && matrix[1] >= 0 && columns < 0) columns = matrix[1];
  }
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, {Shape::kUnknownDim, columns});
  c.set_out(0, {known ? rows.get(c.op_name(), "rows", "product") : Shape::kUnknownDim, columns});
}

/// (m, k) and (n, k) make (m, 1, k) * (1, n, k), read as (m * n, k).
void decompose(DecomposeContext& c) {
  Value product = c.in(0);
  int64_t rows = c.in_shape(0)[0];
  const int64_t columns = c.in_shape(0)[1];
  for (size_t i = 1; i < c.num_in(); ++i) {
    const int64_t more = c.in_shape(i)[0];
    const Value left = elemwise::reshape_to(c, product, {rows, 1, columns});
    const Value right = elemwise::reshape_to(c, c.in(i), {1, more, columns});
    rows *= more;
    product = elemwise::reshape_to(c, c.call("broadcast_mul", {left, right}), Shape{rows, columns});
  }
  c.set(0, c.num_in() > 1 ? product : c.call("_copy", {product}));
}

const OpBuilder khatri_rao =
    OpBuilder("khatri_rao")
        .doc("Column by column the Kronecker product of matrices with equally many columns.")
        .params<KhatriRaoParam>()
        .variadic("num_args")
        .infer_shape(infer_khatri_rao)
        .infer_dtype(elemwise::numeric_dtype)
        .decomposition(decompose);

}  // namespace
}  // namespace mx
