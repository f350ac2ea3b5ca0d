// Tells whether two arrays are nearly equal.
#include "ops/elemwise/allclose.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

void infer_allclose_shape(ShapeContext& c) {
  c.set_in(1, c.in(0));
  c.set_in(0, c.in(1));
  c.set_out(0, Shape({}));
}

void infer_allclose_dtype(DTypeContext& c) {
  c.set_in(1, c.in(0));
  c.set_in(0, c.in(1));
  c.set_out(0, DType::kUint8);
}

const OpBuilder allclose = OpBuilder("_contrib_allclose")
                               .doc("1 if |a - b| <= atol + rtol * |b| for all elements, else 0.")
                               .params<AllcloseParam>()
                               .input("a", "Array of any shape.")
                               .input("b", "Array of the same shape and dtype.")
                               .infer_shape(infer_allclose_shape)
                               .infer_dtype(infer_allclose_dtype)
                               .zero_gradient("it is a decision");

}  // namespace
}  // namespace mx::elemwise
