#pragma once
#include <optional>
#include <string>

#include "base/param.h"

namespace mx {

/// _zeros and _ones.
struct InitParam {
  Shape shape = Shape({});
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<InitParam>& fields) {
    fields.add("shape", &InitParam::shape, "Shape of the result; 0 is a size told by its users.");
    fields.add("ctx", &InitParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &InitParam::dtype, "Type of the result.");
  }
};

struct FullParam {
  Shape shape;
  std::string ctx;
  DType dtype = DType::kFloat32;
  double value = 0;
  static void describe(ParamBuilder<FullParam>& fields) {
    fields.add("shape", &FullParam::shape, "Shape of the result; 0 is a size told by its users.");
    fields.add("ctx", &FullParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &FullParam::dtype, "Type of the result.");
    fields.add("value", &FullParam::value, "Every element.").required();
  }
};

struct SetValueParam {
  double src = 0;
  static void describe(ParamBuilder<SetValueParam>& fields) {
    fields.add("src", &SetValueParam::src, "Every element.");
  }
};

struct FullLikeParam {
  double fill_value = 0;
  std::string ctx;
  std::optional<DType> dtype;
  static void describe(ParamBuilder<FullLikeParam>& fields) {
    fields.add("fill_value", &FullLikeParam::fill_value, "Every element.").required();
    fields.add("ctx", &FullLikeParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &FullLikeParam::dtype, "Type of the result; that of a when None.");
  }
};

/// _zeros_without_dtype: -1 lets the users of the result decide.
struct ZerosWithoutDTypeParam {
  Shape shape;
  std::string ctx;
  int64_t dtype = -1;
  static void describe(ParamBuilder<ZerosWithoutDTypeParam>& fields) {
    using P = ZerosWithoutDTypeParam;
    fields.add("shape", &P::shape, "Shape of the result; 0 is a size told by its users.");
    fields.add("ctx", &P::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &P::dtype, "Number of the type; -1 lets the users of the result decide.");
  }
};

}  // namespace mx
