// Marks an array as a loss, from which backward starts without a gradient from above.
#include "ops/elemwise/make_loss.h"

#include <algorithm>

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

/// The number of elements above the threshold, at least 1, repeated in the shape of data.
Value valid_count(GradContext& g, double threshold) {
  const Value valid = g.call("_greater_scalar", {g.in(0)}, ScalarParam{threshold});
  const Value count = g.call("_maximum_scalar", {g.sum(valid, Shape({}), true)}, ScalarParam{1.0});
  return g.call("broadcast_to", {count}, ShapeParam{g.in_shape(0)});
}

/// The number of rows, which are along the last axis; a vector is one row.
double count_rows(const Shape& data) {
  int64_t rows = 1;
  for (int axis = 0; axis + 1 < data.ndim(); ++axis) rows *= data[axis];
  return static_cast<double>(std::max<int64_t>(rows, 1));
}

void make_loss_gradient(GradContext& g) {
  const auto& p = g.params<MakeLossParam>();
  const bool by_batch = p.normalization == LossNormalization::kBatch;
  const double rows = by_batch ? count_rows(g.in_shape(0)) : 1.0;
  const Value scale = g.mul_scalar(g.ones_like(g.in(0)), p.grad_scale / rows);
  const bool by_valid = p.normalization == LossNormalization::kValid && g.in_shape(0).size() > 0;
  g.set(0, by_valid ? g.div(scale, valid_count(g, p.valid_thresh)) : scale);
}

const OpBuilder make_loss =
    OpBuilder("MakeLoss")
        .doc(
            "A copy of data that is a loss: its gradient is grad_scale, whatever comes from above.")
        .params<MakeLossParam>()
        .input("data", "Array of any shape.")
        .infer_dtype(numeric_dtype)
        .ignores_head_gradient()
        .trait("identity_at_inference")
        .inplace(0, 0)
        .gradient(make_loss_gradient);
const OpBuilder plain_make_loss =
    OpBuilder("make_loss")
        .alias("_sparse_make_loss")
        .doc("A copy of data that is a loss: its gradient is one, whatever comes from above.")
        .input("data", "Array of any shape.")
        .outputs({"loss"})
        .keeps_zeros()
        .ignores_head_gradient()
        .trait("identity_at_inference")
        .inplace(0, 0)
        .gradient([](GradContext& g) { g.set(0, g.ones_like(g.in(0))); });

}  // namespace
}  // namespace mx::elemwise
