#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/param.h"

namespace mx {

struct ReshapeParam {
  Shape shape = Shape({});
  bool reverse = false;
  Shape target_shape = Shape({});
  bool keep_highest = false;
  static void describe(ParamBuilder<ReshapeParam>& fields) {
    fields.add(
        "shape", &ReshapeParam::shape,
        "Sizes of the result. 0 copies a size of data, -1 is told from the others, -2 copies "
        "all that remain, -3 joins two, -4 splits one into the two numbers that follow.");
    fields.add("reverse", &ReshapeParam::reverse, "Whether `shape` is read from its end.");
    fields.add("target_shape", &ReshapeParam::target_shape,
               "Old way of writing `shape`, in which 0 is told from the others.");
    fields.add("keep_highest", &ReshapeParam::keep_highest,
               "With `target_shape`: whether the first size is that of data.");
  }
};

/// What mx.np knows of the order of elements.
inline void require_c_order(const std::string& order, std::string_view op) {
  require(order == "C", op, ": order=", order,
          " is not supported; expected C, the last axis first");
}

struct NumpyReshapeParam {
  Shape newshape = Shape({});
  std::string order = "C";
  static void describe(ParamBuilder<NumpyReshapeParam>& fields) {
    fields
        .add("newshape", &NumpyReshapeParam::newshape,
             "Sizes of the result; -1 is told from the others.")
        .required();
    fields.add("order", &NumpyReshapeParam::order, "C, in which the last axis changes first.");
  }
  void validate(std::string_view op) const { require_c_order(order, op); }
};

struct NumpyCodedReshapeParam {
  Shape newshape = Shape({});
  bool reverse = false;
  std::string order = "C";
  static void describe(ParamBuilder<NumpyCodedReshapeParam>& fields) {
    using P = NumpyCodedReshapeParam;
    fields
        .add("newshape", &P::newshape,
             "Sizes of the result. -1 is told from the others, -2 copies a size of a, -3 leaves "
             "out a size of 1, -4 copies all that remain, -5 joins two, -6 splits one into the "
             "two numbers that follow.")
        .required();
    fields.add("reverse", &P::reverse, "Whether `newshape` is read from its end.");
    fields.add("order", &P::order, "C, in which the last axis changes first.");
  }
  void validate(std::string_view op) const { require_c_order(order, op); }
};

struct ExpandDimsParam {
  int64_t axis = 0;
  static void describe(ParamBuilder<ExpandDimsParam>& fields) {
    fields.add("axis", &ExpandDimsParam::axis, "Where the axis of size 1 is put in.").required();
  }
};

struct SqueezeParam {
  std::optional<Shape> axis;
  static void describe(ParamBuilder<SqueezeParam>& fields) {
    fields.add("axis", &SqueezeParam::axis,
               "Axes of size 1 to remove; all of that size when None.");
  }
};

struct ReshapeLikeParam {
  std::optional<int64_t> lhs_begin, lhs_end, rhs_begin, rhs_end;
  static void describe(ParamBuilder<ReshapeLikeParam>& fields) {
    fields.add("lhs_begin", &ReshapeLikeParam::lhs_begin, "First axis of lhs that is replaced.");
    fields.add("lhs_end", &ReshapeLikeParam::lhs_end, "Axis behind the last that is replaced.");
    fields.add("rhs_begin", &ReshapeLikeParam::rhs_begin, "First axis of rhs that is taken.");
    fields.add("rhs_end", &ReshapeLikeParam::rhs_end, "Axis behind the last that is taken.");
  }
};

}  // namespace mx
