// lint: no-kernel (signs are a product, and columns are added up as in the gradient of take)
#include "ir/op.h"
#include "ops/indexing/take.h"
#include "ops/matrix/reshape.h"

namespace mx {
namespace {

struct CountSketchParam {
  int64_t out_dim = 1, processing_batch_size = 32;
  static void describe(ParamBuilder<CountSketchParam>& fields) {
    using P = CountSketchParam;
    fields.add("out_dim", &P::out_dim, "Length of a row of the result.").required().at_least(1);
    fields.add("processing_batch_size", &P::processing_batch_size,
               "How many rows 1.9.1 computes at a time; of no effect here.");
  }
};

void infer_count_sketch(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 1) c.fail_in(0, "is a scalar; expected rows");
  c.set_in(1, {1, data.back()});
  c.set_in(2, {1, data.back()});
  Shape out = data;
  out[data.ndim() - 1] = c.params<CountSketchParam>().out_dim;
  c.set_out(0, out);
}

Value as_vector(GraphBuilder& b, const Value& row) {
  return b.call("Reshape", {row}, ReshapeParam{Shape{-1}});
}

void decompose(DecomposeContext& c) {
  const Shape& data = c.in_shape(0);
  Shape whole = data;
  whole[data.ndim() - 1] = c.params<CountSketchParam>().out_dim;
  const Value signs = as_vector(c, c.in(2)), places = as_vector(c, c.in(1));
  const Value moved = c.call("broadcast_mul", {c.in(0), signs});
  c.set(0, c.call("_backward_take", {moved, places},
                  TakeBackwardParam{data.ndim() - 1, TakeMode::kClip, whole, false}));
}

const OpBuilder count_sketch =
    OpBuilder("_contrib_count_sketch")
        .doc(
            "Count sketch: element i of a row, times s[i], is added to element h[i] of the result.")
        .params<CountSketchParam>()
        .input("data", "(..., in_dim)")
        .input("h", "(1, in_dim) places in the result.")
        .input("s", "(1, in_dim) signs.")
        .infer_shape(infer_count_sketch)
        .infer_dtype([](DTypeContext& c) { c.unify_all(); })
        .decomposition(decompose);

}  // namespace
}  // namespace mx
