// The places of elements that are not zero: as many as the data says.
#include <algorithm>

#include "ir/op.h"

namespace mx {
namespace {

void infer_nonzero(ShapeContext& c) {
  if (c.in(0).has_rank())
    c.set_out(0, Shape{Shape::kUnknownDim, std::max<int64_t>(c.in(0).ndim(), 1)});
}

const OpBuilder nonzero = OpBuilder("_npx_nonzero")
                              .alias("_npi_nonzero")
                              .doc(
                                  "Row i of the result (int64) holds the index, one number for "
                                  "each axis, of the i-th element that is not zero.")
                              .input("x", "Array of any shape.")
                              .infer_shape(infer_nonzero)
                              .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kInt64); })
                              .trait("shape_from_data")
                              .not_differentiable("places have no gradient");

}  // namespace
}  // namespace mx
