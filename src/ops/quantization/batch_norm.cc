// lint: no-kernel (it is BatchNorm between two changes of type)
#include "ops/nn/norm/batch_norm.h"

#include <cmath>

#include "ops/quantization/quantize.h"
#include "ops/quantization/ranges.h"

namespace mx {
namespace {

constexpr size_t kRange = 5;  ///< number of min_data

void infer_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  ranges_in(c, kRange);
  range_out(c);
  if (!c.in(0).has_rank()) return;
  const int axis = normalize_axis(c.params<BatchNormParam>().axis, c.in(0).ndim(), c.op_name());
  for (size_t i = 1; i < kRange; ++i) c.set_in(i, Shape{c.in(0)[axis]});
}

void infer_dtype(DTypeContext& c) {
  require_quantized(c, 0);
  for (size_t i = 1; i < c.num_in(); ++i) c.set_in(i, DType::kFloat32);
  c.set_out(0, DType::kInt8);
  range_out(c);
}

void decompose(DecomposeContext& c) {
  BatchNormParam p = c.params<BatchNormParam>();
  QuantizeParam quantize;
  quantize.min_calib_range = p.min_calib_range;
  quantize.max_calib_range = p.max_calib_range;
  p.use_global_stats = true;
  p.output_mean_var = false;
  // 1.9.1 hands the library a variance of 1, to which that adds eps again.
  const Value data =
      c.mul_scalar(c.call("_contrib_dequantize", {c.in(0), c.in(kRange), c.in(kRange + 1)}),
                   1 / std::sqrt(1 + p.eps));
  const Value norm = c.call("BatchNorm", {data, c.in(1), c.in(2), c.in(3), c.in(4)}, p);
  const NodePtr out = c.call_node("_contrib_quantize_v2", {norm}, Params::of(quantize));
  c.set(0, {out, 0});
  // The range is told as it was calibrated, though int8 numbers are symmetric.
  if (!p.min_calib_range) return c.set(1, {out, 1}), c.set(2, {out, 2});
  const Value zero = c.call("zeros_like", {c.in(kRange)});
  c.set(1, c.add_scalar(zero, *p.min_calib_range));
  c.set(2, c.add_scalar(zero, *p.max_calib_range));
}

const OpBuilder quantized_batch_norm =
    OpBuilder("_contrib_quantized_batch_norm")
        .doc("BatchNorm of int8 or uint8 data with its moving averages; int8 and its range.")
        .params<BatchNormParam>()
        .input("data", "int8 or uint8.")
        .parameter("gamma")
        .parameter("beta")
        .auxiliary("moving_mean")
        .auxiliary("moving_var")
        .parameter("min_data")
        .parameter("max_data")
        .outputs({"output", "min_output", "max_output"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_dtype)
        .decomposition(decompose)
        .zero_gradient(kWholeNumbers);

}  // namespace
}  // namespace mx
