#include "ops/init/indices.h"

#include "ir/op.h"

namespace mx {
namespace {

void infer_indices(ShapeContext& c) {
  const Shape& dimensions = c.params<IndicesParam>().dimensions;
  Shape out{dimensions.ndim()};
  for (int64_t size : dimensions) {
    require(size >= 0, c.op_name(), ": dimensions=", dimensions,
            " has a negative size; expected sizes of at least 0");
    out.push_back(size);
  }
  // Without a grid there is no number, and not one with rank 0.
  c.set_out(0, dimensions.ndim() == 0 ? Shape{0} : out);
}

const OpBuilder indices =
    OpBuilder("_npi_indices")
        .doc("The places of a grid: element (d, i, j ...) is the d-th one of i, j ...")
        .params<IndicesParam>()
        .infer_shape(infer_indices)
        .infer_dtype([](DTypeContext& c) { c.set_out(0, c.params<IndicesParam>().dtype); })
        .not_differentiable("the result is a constant");

}  // namespace
}  // namespace mx
