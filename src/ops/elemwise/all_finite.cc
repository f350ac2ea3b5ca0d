// Tells whether arrays hold infinities or NaN, for loss scaling.
#include "ops/elemwise/all_finite.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void one_number(ShapeContext& c) { c.set_out(0, Shape{1}); }
void float32_result(DTypeContext& c) { c.set_out(0, DType::kFloat32); }

const OpBuilder all_finite = OpBuilder("all_finite")
                                 .doc("1 if every element is finite, else 0.")
                                 .params<AllFiniteParam>()
                                 .input("data", "Array of any shape.")
                                 .infer_shape(one_number)
                                 .infer_dtype(float32_result)
                                 .zero_gradient("it is a decision");
const OpBuilder multi_all_finite = OpBuilder("multi_all_finite")
                                       .doc("1 if every element of all arrays is finite, else 0.")
                                       .params<MultiAllFiniteParam>()
                                       .variadic("num_arrays", "data")
                                       .infer_shape(one_number)
                                       .infer_dtype(float32_result)
                                       .zero_gradient("it is a decision");

}  // namespace
}  // namespace mx::elemwise
