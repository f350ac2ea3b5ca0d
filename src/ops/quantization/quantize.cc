// Real numbers to 8 bits, sums of 32 bits to 8 bits, and back.
#include "ops/quantization/quantize.h"

#include "ir/op.h"
#include "ops/quantization/ranges.h"

namespace mx {
namespace {

/// One tensor in and out, all other arrays are ends of ranges.
void infer_shape(ShapeContext& c) {
  c.set_out(0, c.in(0));
  c.set_in(0, c.out(0));
  ranges_in(c, 1);
  range_out(c);
}

template <typename P>
void infer_quantize_dtype(DTypeContext& c) {
  c.set_in(0, DType::kFloat32);
  ranges_in(c, 1);
  c.set_out(0, c.params<P>().dtype());
  range_out(c);
}

/// Data that is in 8 bits already passes through.
void infer_quantize_v2_dtype(DTypeContext& c) {
  const DType in = c.in(0);
  if (in != DType::kInt8 && in != DType::kUint8) c.set_in(0, DType::kFloat32);
  c.set_out(0, c.params<QuantizeParam>().dtype());
  range_out(c);
}

void infer_requantize_dtype(DTypeContext& c) {
  c.set_in(0, DType::kInt32);
  ranges_in(c, 1);
  c.set_out(0, c.params<QuantizeParam>().dtype());
  range_out(c);
}

void infer_dequantize_dtype(DTypeContext& c) {
  if (c.in(0) != DType::kInt32) require_quantized(c, 0);
  ranges_in(c, 1);
  c.set_out(0, DType::kFloat32);
}

void infer_asym_dtype(DTypeContext& c) {
  c.set_in(0, DType::kFloat32);
  c.set_out(0, DType::kUint8);
  range_out(c);
}

OpBuilder with_range(const char* name) {
  return OpBuilder(name)
      .input("data")
      .parameter("min_range", "Least value that data stands for, shape (1,).")
      .parameter("max_range", "Greatest value that data stands for, shape (1,).")
      .infer_shape(infer_shape);
}

const OpBuilder quantize =
    with_range("_contrib_quantize")
        .doc("Float32 numbers in a given range as int8 or uint8, with their range.")
        .params<QuantizeRangeParam>()
        .outputs({"output0", "output1", "output2"})
        .infer_dtype(infer_quantize_dtype<QuantizeRangeParam>)
        .zero_gradient(kWholeNumbers);

const OpBuilder quantize_v2 =
    OpBuilder("_contrib_quantize_v2")
        .doc(
            "Float32 numbers as int8 or uint8, with their range: the calibrated one, or that of "
            "the data.")
        .params<QuantizeParam>()
        .input("data")
        .outputs({"output0", "output1", "output2"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_quantize_v2_dtype)
        .zero_gradient(kWholeNumbers);

const OpBuilder quantize_asym =
    OpBuilder("_contrib_quantize_asym")
        .doc("Float32 numbers as uint8: data * scale + shift, with scale and shift.")
        .params<QuantizeAsymParam>()
        .input("data")
        .outputs({"output", "scale", "shift"})
        .infer_shape(infer_shape)
        .infer_dtype(infer_asym_dtype)
        .zero_gradient(kWholeNumbers);

const OpBuilder requantize =
    with_range("_contrib_requantize")
        .doc(
            "Sums in int32 as int8 or uint8, with their range: the calibrated one, or that of "
            "the data.")
        .params<QuantizeParam>()
        .outputs({"output0", "output1", "output2"})
        .infer_dtype(infer_requantize_dtype)
        .zero_gradient(kWholeNumbers);

const OpBuilder dequantize = with_range("_contrib_dequantize")
                                 .doc("The float32 numbers that whole ones stand for.")
                                 .params<DequantizeParam>()
                                 .infer_dtype(infer_dequantize_dtype)
                                 .zero_gradient("data are whole numbers");

}  // namespace
}  // namespace mx
