// Sums of squares of many arrays, for norms over all parameters of a model.
#include "ops/reduce/multi_sum_sq.h"

#include "ops/reduce/common.h"

namespace mx::reduce {
namespace {

void infer_shape(ShapeContext& c) { c.set_out(0, Shape{static_cast<int64_t>(c.num_in())}); }

void infer_dtype(DTypeContext& c) {
  for (size_t i = 0; i < c.num_in(); ++i) c.set_in(i, c.in(0));
  c.set_out(0, DType::kFloat32);
}

const OpBuilder multi_sum_sq = OpBuilder("multi_sum_sq")
                                   .doc("Sum of squares of each array, as one vector of float32.")
                                   .params<MultiSumSqParam>()
                                   .variadic("num_arrays", "data")
                                   .infer_shape(infer_shape)
                                   .infer_dtype(infer_dtype)
                                   .not_differentiable("it is for optimizers only");

}  // namespace
}  // namespace mx::reduce
