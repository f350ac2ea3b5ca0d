#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

/// What real numbers become.
enum class QuantizedType : int32_t { kAuto, kInt8, kUint8 };

/// A range that calibration found; both ends or none.
struct CalibratedRange {
  std::optional<float> min_calib_range, max_calib_range;

  bool is_calibrated() const { return min_calib_range && max_calib_range; }
  /// Throws: ValueError for one end without the other, or in the wrong order.
  void check_range(std::string_view op) const {
    require(min_calib_range.has_value() == max_calib_range.has_value(), op,
            ": min_calib_range and max_calib_range belong together; expected both or neither");
    require(!is_calibrated() || *min_calib_range <= *max_calib_range, op,
            ": min_calib_range=", min_calib_range.value_or(0),
            " is above max_calib_range=", max_calib_range.value_or(0), "; expected it below");
  }
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields.template add<std::optional<float>>("min_calib_range", &P::min_calib_range,
                                              "Least value, found by calibration.");
    fields.template add<std::optional<float>>("max_calib_range", &P::max_calib_range,
                                              "Greatest value, found by calibration.");
  }
};

/// Of _contrib_quantize_v2 and _contrib_requantize.
struct QuantizeParam : CalibratedRange {
  QuantizedType out_type = QuantizedType::kInt8;

  static void describe(ParamBuilder<QuantizeParam>& fields) {
    fields
        .add<QuantizedType>("out_type", &QuantizeParam::out_type,
                            "auto: uint8 when the calibrated range has no negative numbers.")
        .choice("auto", QuantizedType::kAuto)
        .choice("int8", QuantizedType::kInt8)
        .choice("uint8", QuantizedType::kUint8);
    CalibratedRange::describe_as(fields);
  }
  void validate(std::string_view op) const { check_range(op); }
  DType dtype() const {
    if (out_type != QuantizedType::kAuto)
      return out_type == QuantizedType::kInt8 ? DType::kInt8 : DType::kUint8;
    return is_calibrated() && *min_calib_range >= 0 ? DType::kUint8 : DType::kInt8;
  }
};

/// Of _contrib_quantize.
struct QuantizeRangeParam {
  QuantizedType out_type = QuantizedType::kUint8;

  static void describe(ParamBuilder<QuantizeRangeParam>& fields) {
    fields.add("out_type", &QuantizeRangeParam::out_type, "Type of the result.")
        .choice("int8", QuantizedType::kInt8)
        .choice("uint8", QuantizedType::kUint8);
  }
  DType dtype() const { return out_type == QuantizedType::kInt8 ? DType::kInt8 : DType::kUint8; }
};

/// Of _contrib_quantize_asym.
struct QuantizeAsymParam : CalibratedRange {
  static void describe(ParamBuilder<QuantizeAsymParam>& fields) {
    CalibratedRange::describe_as(fields);
  }
  void validate(std::string_view op) const { check_range(op); }
};

enum class RealType : int32_t { kFloat32 };

struct DequantizeParam {
  RealType out_type = RealType::kFloat32;

  static void describe(ParamBuilder<DequantizeParam>& fields) {
    fields.add("out_type", &DequantizeParam::out_type, "Type of the result.")
        .choice("float32", RealType::kFloat32);
  }
};

}  // namespace mx
