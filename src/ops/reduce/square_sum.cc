// Sums of squares, for row-sparse arrays without a dense copy.
#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void infer_square_sum_storage(StorageContext& c) {
  const auto& p = c.params<ReduceParam>();
  const bool by_row = p.axis && *p.axis == Shape{1} && !p.exclude;
  if (c.in(0) == StorageKind::kRowSparse && by_row && p.keepdims)
    c.set_out(0, StorageKind::kRowSparse);
}

/// d_data = 2 * data * d_out, repeated along the summed axes.
void decompose_backward(DecomposeContext& c) {
  const auto& p = c.params<ReduceParam>();
  const auto reduced = reduced_axes(p.axis, p.exclude, c.in_shape(1).ndim(), "_square_sum");
  ReshapeParam shape;
  shape.shape = reduced_shape(c.in_shape(1), reduced, true);
  const Value d = c.call("Reshape", {c.in(0)}, std::move(shape));
  c.set(0, c.call("broadcast_mul", {c.mul_scalar(c.in(1), 2.0), d}));
}

const OpBuilder square_sum =
    reduction("_square_sum", "Sum of squares along axes.")
        .infer_dtype(elemwise::numeric_dtype)
        .infer_storage(infer_square_sum_storage)
        .decomposition([](DecomposeContext& c) {
          c.set(0, c.call("sum", {c.call("square", {c.in(0)})}, c.raw_params()));
        })
        .gradient([](GradContext& g) {
          g.set(0, g.call("_backward_square_sum", {g.d_out(), g.in(0)}, g.raw_params()));
        });

const OpBuilder backward =
    OpBuilder("_backward_square_sum")
        .doc("Gradient of _square_sum.")
        .params<ReduceParam>()
        .input("d_out", "Gradient of the output.")
        .input("data", "Input of _square_sum.")
        .infer_shape([](ShapeContext& c) { c.set_out(0, c.in(1)); })
        .infer_storage([](StorageContext& c) {
          if (c.in(1) == StorageKind::kRowSparse && c.in(0) != StorageKind::kCsr)
            c.set_out(0, c.in(1));
        })
        .decomposition(decompose_backward);

}  // namespace
}  // namespace mx::reduce
