// Refuses to go on where a condition does not hold.
#include "ops/elemwise/constraint_check.h"

#include "ops/elemwise/common.h"

namespace mx::elemwise {
namespace {

const OpBuilder constraint_check =
    OpBuilder("_npx_constraint_check")
        .doc("True, shape (); an error when an element of input is false.")
        .params<ConstraintCheckParam>()
        .input("input", "Array of any shape, bool.")
        .infer_shape([](ShapeContext& c) { c.set_out(0, Shape({})); })
        .infer_dtype([](DTypeContext& c) {
          c.set_in(0, DType::kBool);
          c.set_out(0, DType::kBool);
        })
        .zero_gradient("it is a decision");

}  // namespace
}  // namespace mx::elemwise
