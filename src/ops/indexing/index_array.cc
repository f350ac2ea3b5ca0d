#include "ops/indexing/index_array.h"

#include "ops/elemwise/common.h"

namespace mx {
namespace {

void infer_index_array(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  const auto& axes = c.params<IndexArrayParam>().axes;
  if (axes)
    for (const int64_t axis : *axes) normalize_axis(axis, data.ndim(), c.op_name(), "axes");
  Shape out = data;
  out.push_back(axes ? axes->ndim() : data.ndim());
  c.set_out(0, out);
}

const OpBuilder index_array =
    OpBuilder("_contrib_index_array")
        .doc("For each element of data its indices, along a new last axis, as int64.")
        .params<IndexArrayParam>()
        .input("data", "Array of any shape; its values do not matter.")
        .infer_shape(infer_index_array)
        .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kInt64); })
        .gradient(elemwise::zero_gradient);

}  // namespace
}  // namespace mx
