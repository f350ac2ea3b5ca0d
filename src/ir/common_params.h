#pragma once
#include <optional>
#include <string>

#include "base/param.h"

/// Parameter structs that operators of many families share, and that graph builders fill in.
namespace mx {

/// Operators that combine an array with one number, for instance _mul_scalar.
struct ScalarParam {
  double scalar = 1.0;
  bool is_int = true;
  static void describe(ParamBuilder<ScalarParam>& fields) {
    fields.add("scalar", &ScalarParam::scalar, "The number.");
    fields.add("is_int", &ScalarParam::is_int, "Whether the number was written as an integer.");
  }
};

/// Reductions along axes: sum, mean, prod, max, min ...
struct ReduceParam {
  std::optional<Shape> axis;
  bool keepdims = false;
  bool exclude = false;
  static void describe(ParamBuilder<ReduceParam>& fields) {
    fields.add("axis", &ReduceParam::axis, "Axes to reduce; all when None or ().");
    fields.add("keepdims", &ReduceParam::keepdims, "Whether reduced axes stay with size 1.");
    fields.add("exclude", &ReduceParam::exclude, "Whether to reduce all axes but the given ones.");
  }
};

/// Cast and amp_cast.
struct CastParam {
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<CastParam>& fields) {
    fields.add("dtype", &CastParam::dtype, "Type of the result.").required();
  }
};

/// Operators that take a target shape and nothing else, for instance broadcast_to.
struct ShapeParam {
  Shape shape = Shape({});
  static void describe(ParamBuilder<ShapeParam>& fields) {
    fields.add("shape", &ShapeParam::shape, "Shape of the result.");
  }
};

/// Copies of an operator that meet: one on each of a number of devices (dispatch/meeting.h).
struct MeetingParam {
  int32_t ndev = 1;
  std::string key;
  static void describe(ParamBuilder<MeetingParam>& fields) {
    fields.add("ndev", &MeetingParam::ndev, "How many copies there are.").at_least(1);
    fields.add("key", &MeetingParam::key, "What copies that belong together have in common.");
  }
};

}  // namespace mx
