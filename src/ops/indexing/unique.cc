// Each element or slice once, in rising order.
#include "ops/indexing/unique.h"

#include "ir/op.h"

namespace mx {
namespace {

uint32_t count_outputs(const Params& params) {
  const auto& p = params.as<UniqueParam>();
  return 1u + p.return_index + p.return_inverse + p.return_counts;
}

void infer_unique(ShapeContext& c) {
  const auto& p = c.params<UniqueParam>();
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  Shape values{Shape::kUnknownDim};
  int64_t all = data.is_known() ? data.size() : Shape::kUnknownDim;
  if (p.axis) {
    const int axis = normalize_axis(*p.axis, data.ndim(), c.op_name());
    values = data;
    values[axis] = Shape::kUnknownDim;
    all = data[axis];
  }
  c.set_out(0, values);
  size_t next = 1;
  if (p.return_index) c.set_out(next++, {Shape::kUnknownDim});
  if (p.return_inverse) c.set_out(next++, {all});
  if (p.return_counts) c.set_out(next++, {Shape::kUnknownDim});
}

void infer_unique_dtype(DTypeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  for (size_t i = 1; i < c.num_out(); ++i) c.set_out(i, DType::kInt64);
}

const OpBuilder unique =
    OpBuilder("_npi_unique")
        .doc("Each element or slice of data once, in rising order; NaN is one number, the last.")
        .params<UniqueParam>()
        .input("data", "Array of any shape.")
        .num_outputs(count_outputs)
        .infer_shape(infer_unique)
        .infer_dtype(infer_unique_dtype)
        .trait("shape_from_data")
        .not_differentiable("which elements are equal has no gradient");

}  // namespace
}  // namespace mx
