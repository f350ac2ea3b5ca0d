#include "ops/quantization/elemwise.h"

#include "ops/quantization/ranges.h"

namespace mx {
namespace {

constexpr size_t kRanges = 2;  ///< number of lhs_min

void infer_shape(ShapeContext& c) {
  for (size_t i : {0, 1}) c.set_out(0, c.in(i));
  for (size_t i : {0, 1}) c.set_in(i, c.out(0));
  ranges_in(c, kRanges);
  range_out(c);
}

/// uint8 when both inputs are, else int8.
void infer_add_dtype(DTypeContext& c) {
  for (size_t i : {0, 1}) require_quantized(c, i);
  ranges_in(c, kRanges);
  range_out(c);
  if (!c.params<QuantizedAddParam>().is_calibrated()) return c.set_out(0, DType::kInt32);
  if (c.in(0) == DType::kUnknown || c.in(1) == DType::kUnknown) return;
  const bool is_unsigned = c.in(0) == DType::kUint8 && c.in(1) == DType::kUint8;
  c.set_out(0, is_unsigned ? DType::kUint8 : DType::kInt8);
}

void infer_mul_dtype(DTypeContext& c) {
  const auto& p = c.params<QuantizedMulParam>();
  for (size_t i : {0, 1}) require_quantized(c, i);
  ranges_in(c, kRanges);
  range_out(c);
  c.set_out(0, p.enable_float_output ? DType::kFloat32
               : p.is_calibrated()   ? DType::kInt8
                                     : DType::kInt32);
}

OpBuilder of_two_tensors(const char* name) {
  return OpBuilder(name)
      .input("lhs", "int8 or uint8.")
      .input("rhs", "int8 or uint8, of the same shape.")
      .parameter("lhs_min")
      .parameter("lhs_max")
      .parameter("rhs_min")
      .parameter("rhs_max")
      .outputs({"output", "min_output", "max_output"})
      .infer_shape(infer_shape)
      .zero_gradient(kWholeNumbers);
}

const OpBuilder quantized_add =
    of_two_tensors("_contrib_quantized_elemwise_add")
        .doc("Sum in 8 bits when its range was calibrated, else in int32.")
        .params<QuantizedAddParam>()
        .infer_dtype(infer_add_dtype);

const OpBuilder quantized_mul =
    of_two_tensors("_contrib_quantized_elemwise_mul")
        .doc("Product in int8 when its range was calibrated, else in int32, or as float32.")
        .params<QuantizedMulParam>()
        .num_outputs([](const Params& params) -> uint32_t {
          return params.as<QuantizedMulParam>().enable_float_output ? 1 : 3;
        })
        .infer_dtype(infer_mul_dtype);

}  // namespace
}  // namespace mx
