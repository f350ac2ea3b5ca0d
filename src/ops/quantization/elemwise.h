#pragma once
#include "ops/quantization/quantize.h"

namespace mx {

/// Of _contrib_quantized_elemwise_add.
struct QuantizedAddParam : CalibratedRange {
  static void describe(ParamBuilder<QuantizedAddParam>& fields) {
    CalibratedRange::describe_as(fields);
  }
  void validate(std::string_view op) const { check_range(op); }
};

/// Of _contrib_quantized_elemwise_mul.
struct QuantizedMulParam : CalibratedRange {
  bool enable_float_output = false;

  static void describe(ParamBuilder<QuantizedMulParam>& fields) {
    CalibratedRange::describe_as(fields);
    fields.add("enable_float_output", &QuantizedMulParam::enable_float_output,
               "Whether the result is float32, without a range.");
  }
  void validate(std::string_view op) const { check_range(op); }
};

}  // namespace mx
