// lint: no-kernel (the same numbers for each axis)
#include "ops/elemwise/common.h"
#include "ops/init/arange.h"

namespace mx {
namespace {

void infer_diag_indices(ShapeContext& c) {
  const Shape& data = c.in(0);
  if (!data.has_rank()) return;
  if (data.ndim() < 2) c.fail_in(0, "has ", data.ndim(), " axes; expected at least two");
  for (int64_t size : data)
    if (size != data[0]) c.fail_in(0, "has axes of different sizes; expected equal ones");
  c.set_out(0, {data.ndim(), data[0]});
}

void decompose_diag_indices(DecomposeContext& c) {
  const Shape& data = c.in_shape(0);
  ArangeParam all;
  all.stop = static_cast<double>(data[0]);
  all.dtype = DType::kInt64;
  const Value places = c.call("_npi_arange", {}, all);
  c.set(0, c.call("_npi_broadcast_to", {places}, ShapeParam{Shape{data.ndim(), data[0]}}));
}

const OpBuilder diag_indices =
    OpBuilder("_npi_diag_indices_from")
        .doc("The places of the main diagonal: a row (int64) for each axis of data.")
        .input("data", "Array whose axes have one size; its values do not matter.")
        .infer_shape(infer_diag_indices)
        .infer_dtype([](DTypeContext& c) { c.set_out(0, DType::kInt64); })
        .zero_gradient("places do not depend on the values of data")
        .decomposition(decompose_diag_indices);

}  // namespace
}  // namespace mx
