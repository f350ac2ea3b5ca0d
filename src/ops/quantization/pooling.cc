#include "ops/nn/pool/pooling.h"

#include "ops/quantization/ranges.h"

namespace mx {
namespace {

void infer_shape(ShapeContext& c) {
  infer_shape_as(c, "Pooling", 1);
  ranges_in(c, 1);
  range_out(c);
}

void infer_dtype(DTypeContext& c) {
  const auto kind = c.params<PoolingParam>().pool_type;
  require(kind == PoolKind::kMax || kind == PoolKind::kAvg, c.op_name(),
          ": pool_type=", kind == PoolKind::kSum ? "sum" : "lp",
          " is not known for whole numbers; expected max or avg");
  require_quantized(c, 0);
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  ranges_in(c, 1);
  range_out(c);
}

const OpBuilder quantized_pooling =
    OpBuilder("_contrib_quantized_pooling")
        .doc(
            "Maximum or average of windows of int8 or uint8 data, which keep their range. Averages "
            "are rounded.")
        .params<PoolingParam>()
        .input("data", "(batch, channels, spatial...), or channels last as `layout` says.")
        .parameter("min_data")
        .parameter("max_data")
        .outputs({"output", "min_output", "max_output"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_dtype)
        .zero_gradient(kWholeNumbers);

}  // namespace
}  // namespace mx
