#pragma once
#include "base/param.h"

namespace mx {

struct UniqueZipfianParam {
  int32_t range_max = 1;
  std::optional<Shape> shape;

  static void describe(ParamBuilder<UniqueZipfianParam>& fields) {
    using P = UniqueZipfianParam;
    fields.add("range_max", &P::range_max, "Number of classes.").required();
    fields.add("shape", &P::shape, "Rows, and classes in each: two numbers.");
  }
  void validate(std::string_view op) const {
    require(shape && shape->ndim() == 2, op, ": shape=", shape.value_or(Shape()),
            " has another number of sizes; expected two: rows, and classes in each");
    require((*shape)[0] >= 0 && (*shape)[1] >= 0, op, ": shape=", *shape,
            " has a negative size; expected sizes of at least 0");
    require((*shape)[1] <= range_max, op, ": shape=", *shape,
            " asks for more classes than range_max=", range_max,
            " without repetition; expected at most as many");
  }
};

}  // namespace mx
