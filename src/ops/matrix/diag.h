#pragma once
#include <algorithm>

#include "base/param.h"

namespace mx {

struct DiagParam {
  int64_t k = 0, axis1 = 0, axis2 = 1;
  static void describe(ParamBuilder<DiagParam>& fields) {
    fields.add("k", &DiagParam::k, "Which diagonal: 0 the main one, positive above it.");
    fields.add("axis1", &DiagParam::axis1, "The axis of rows, for data of two axes or more.");
    fields.add("axis2", &DiagParam::axis2, "The axis of columns.");
  }
};

struct DiagBackwardParam {
  int64_t k = 0, axis1 = 0, axis2 = 1;
  Shape shape = Shape({});
  static void describe(ParamBuilder<DiagBackwardParam>& fields) {
    fields.add("k", &DiagBackwardParam::k, "As in diag.");
    fields.add("axis1", &DiagBackwardParam::axis1, "As in diag.");
    fields.add("axis2", &DiagBackwardParam::axis2, "As in diag.");
    fields.add("shape", &DiagBackwardParam::shape, "Shape of diag's input.");
  }
};

/// Number of elements on diagonal k of a matrix, at least 0.
inline int64_t diagonal_length(int64_t rows, int64_t columns, int64_t k) {
  return std::max<int64_t>(0, k < 0 ? std::min(rows + k, columns) : std::min(rows, columns - k));
}

}  // namespace mx
