#include "ops/indexing/one_hot.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_one_hot(ShapeContext& c) {
  if (!c.in(0).has_rank()) return;
  Shape out = c.in(0);
  out.push_back(c.params<OneHotParam>().depth);
  c.set_out(0, out);
}

void infer_one_hot_dtype(DTypeContext& c) {
  c.set_out(0, c.params<OneHotParam>().dtype);
  if (c.in(0) == DType::kUnknown) c.set_in(0, DType::kFloat32);
}

void infer_onehot_encode(ShapeContext& c) {
  c.set_out(0, c.in(1));
  c.set_in(1, c.out(0));
  if (c.in(1).ndim() == 2) c.set_in(0, {c.in(1)[0]});
}

const OpBuilder one_hot =
    OpBuilder("one_hot")
        .trait("method", "one_hot")
        .alias("_npx_one_hot")
        .doc("A new last axis with one number at the index, another elsewhere.")
        .params<OneHotParam>()
        .input("indices", "Indices of any shape; others leave the row off.")
        .infer_shape(infer_one_hot)
        .infer_dtype(infer_one_hot_dtype)
        .zero_gradient("the result does not change with the indices");

const OpBuilder onehot_encode =
    OpBuilder("_onehot_encode")
        .doc("Rows of zeros with a one at the index; old form of one_hot.")
        .input("lhs", "Index of each row.")
        .input("rhs", "Array whose shape (rows, classes) the result has.")
        .infer_shape(infer_onehot_encode)
        .zero_gradient("the result does not change with the indices");

}  // namespace
}  // namespace mx
