#include "ops/indexing/rows.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_rows_shape(ShapeContext& c) { c.set_out(0, c.params<ShapeParam>().shape); }

void infer_rows_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  c.set_in(1, DType::kInt64);
}

/// Each of the two is the other's gradient.
void rows_gradient(GradContext& g, const char* other) {
  g.set(0, g.call(other, {g.d_out(), g.in(1)}, ShapeParam{g.in_shape(0)}));
}

const OpBuilder take_rows =
    OpBuilder("_take_rows")
        .doc("Row i is row index[i] of data, or zeros where the index is negative.")
        .params<ShapeParam>()
        .input("data", "Array of any shape, read as rows.")
        .input("index", "For each row of the result a row of data.")
        .infer_shape(infer_rows_shape)
        .infer_dtype(infer_rows_dtype)
        .gradient([](GradContext& g) { rows_gradient(g, "_add_rows"); });

const OpBuilder add_rows =
    OpBuilder("_add_rows")
        .doc("Zeros, with row i of data added to row index[i] unless the index is negative.")
        .params<ShapeParam>()
        .input("data", "Array of any shape, read as rows.")
        .input("index", "For each row of data a row of the result.")
        .infer_shape(infer_rows_shape)
        .infer_dtype(infer_rows_dtype)
        .gradient([](GradContext& g) { rows_gradient(g, "_take_rows"); });

}  // namespace
}  // namespace mx
