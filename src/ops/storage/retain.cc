// Some of the rows of a row-sparse array.
#include "ir/op.h"

namespace mx {
namespace {

void infer_retain_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(1).has_rank() && c.in(1).ndim() != 1)
    c.fail_in(1, "has ", c.in(1).ndim(), " axes; expected one");
}

void infer_retain_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  if (c.in(1) == DType::kUnknown) c.set_in(1, DType::kInt64);
}

const OpBuilder retain =
    OpBuilder("_sparse_retain")
        .doc("Rows with the given numbers as a row-sparse array; the others are zero.")
        .input("data", "Row-sparse or dense array.")
        .input("indices", "Numbers of the rows to keep.")
        .infer_shape(infer_retain_shape)
        .infer_dtype(infer_retain_dtype)
        .infer_storage([](StorageContext& c) { c.set_out(0, StorageKind::kRowSparse); })
        .gradient([](GradContext& g) {
          g.set(0, g.call("_sparse_retain", {g.d_out(), g.in(1)}));
        });

}  // namespace
}  // namespace mx
