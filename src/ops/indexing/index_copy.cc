// index_copy: rows of an array replaced by those of another.
#include "ir/op.h"
#include "ops/indexing/take.h"

namespace mx {
namespace {

void infer_index_copy(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  const Shape& index = c.in(1);
  if (index.has_rank() && index.ndim() != 1)
    c.fail_in(1, "has ", index.ndim(), " axes; expected 1: a row for each number");
  if (!c.in(0).has_rank()) return;
  if (c.in(0).ndim() == 0) c.fail_in(0, "is a scalar; expected rows");
  Shape rows = c.in(0);
  rows[0] = index.has_rank() ? index[0] : Shape::kUnknownDim;
  c.set_in(2, rows);
  c.set_in(1, {c.in(2)[0]});
}

void infer_index_copy_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(2, c.in(0));
  if (c.in(1) == DType::kUnknown) c.set_in(1, DType::kInt32);
}

/// Rows that were replaced have no part in the result; of equal numbers all get the row's gradient,
/// as in 1.9.1.
void index_copy_gradient(GradContext& g) {
  const Value zero = g.zeros_like(g.in(2));
  g.set(0, g.call("_contrib_index_copy", {g.d_out(), g.in(1), zero}));
  g.set(2, g.call("take", {g.d_out(), g.in(1)}, TakeParam{}));
}

const OpBuilder index_copy =
    OpBuilder("_contrib_index_copy")
        .doc("old_tensor with row index_vector[i] replaced by row i of new_tensor.")
        .input("old_tensor", "Array of one axis or more, read as rows.")
        .input("index_vector", "For each row of new_tensor a row of old_tensor.")
        .input("new_tensor", "The new rows.")
        .infer_shape(infer_index_copy)
        .infer_dtype(infer_index_copy_dtype)
        .inplace(0, 0)
        .gradient(index_copy_gradient);

}  // namespace
}  // namespace mx
