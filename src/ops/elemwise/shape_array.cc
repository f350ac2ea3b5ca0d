// Shapes and sizes as arrays.
#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void infer_shape_array(ShapeContext& c) {
  if (c.in(0).has_rank()) c.set_out(0, Shape{c.in(0).ndim()});
}
void one_number(ShapeContext& c) { c.set_out(0, Shape{1}); }
void int64_result(DTypeContext& c) { c.set_out(0, DType::kInt64); }

const OpBuilder shape_array = OpBuilder("shape_array")
                                  .trait("method", "shape_array")
                                  .alias("_npx_shape_array")
                                  .doc("The shape of data as an array of int64.")
                                  .input("data", "Array of any shape; its values do not matter.")
                                  .infer_shape(infer_shape_array)
                                  .infer_dtype(int64_result)
                                  .gradient(zero_gradient);
const OpBuilder size_array = OpBuilder("size_array")
                                 .trait("method", "size_array")
                                 .doc("The number of elements of data as an array of int64.")
                                 .input("data", "Array of any shape; its values do not matter.")
                                 .infer_shape(one_number)
                                 .infer_dtype(int64_result)
                                 .gradient(zero_gradient);

}  // namespace
}  // namespace mx::elemwise
