// The lower triangle of matrices.
// lint: no-kernel (a choice by the numbers of rows and columns)
#include "ops/matrix/tril.h"

#include "ops/elemwise/common.h"
#include "ops/elemwise/numpy_where.h"
#include "ops/init/arange.h"

namespace mx {
namespace {

void infer_tril(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() == 0) c.fail_in(0, "has no axis; expected at least one");
  if (data.ndim() == 1) return c.set_out(0, {data[0], data[0]});
  c.unify_all();
}

/// first, first + 1 ... in a shape of two axes, one of which has size 1.
Value numbers(DecomposeContext& c, int64_t first, const Shape& shape) {
  ArangeParam all;
  all.start = static_cast<double>(first);
  all.stop = static_cast<double>(first + shape.size());
  all.dtype = DType::kInt64;
  return c.call("_backward_reshape", {c.call("_npi_arange", {}, all)}, ShapeParam{shape});
}

/// A vector stands for a matrix that has it in every row.
void decompose_tril(DecomposeContext& c) {
  const Shape& data = c.in_shape(0);
  const int64_t columns = data.back(), rows = data.ndim() == 1 ? columns : data[data.ndim() - 2];
  const Value column = numbers(c, 0, {1, columns});
  const Value row = numbers(c, c.params<TrilParam>().k, {rows, 1});
  const Value stays = c.call("_npi_less_equal", {column, row});
  c.set(0, c.call("_npi_where_rscalar", {stays, c.in(0)}, WhereScalarParam{0}));
}

const OpBuilder tril = OpBuilder("_npi_tril")
                           .doc("Matrices with zeros above a diagonal.")
                           .params<TrilParam>()
                           .input("data", "Matrices in the last two axes, or a vector.")
                           .infer_shape(infer_tril)
                           .decomposition(decompose_tril);

}  // namespace
}  // namespace mx
