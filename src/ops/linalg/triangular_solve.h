#pragma once
#include "base/param.h"
#include "ir/infer_context.h"

namespace mx::linalg {

/// Parameters of trmm and trsm.
struct TriangularParam {
  bool transpose = false, rightside = false, lower = true;
  double alpha = 1;

  static void describe(ParamBuilder<TriangularParam>& fields) {
    using P = TriangularParam;
    fields.add("transpose", &P::transpose, "Whether A is transposed.");
    fields.add("rightside", &P::rightside, "Whether A stands on the right.");
    fields.add("lower", &P::lower, "Whether the triangle is the lower one.");
    fields.add("alpha", &P::alpha, "Factor of B.");
  }
};

/// A (..., m, m) and B, output (..., m, n); with rightside A is (..., n, n).
void infer_triangular_shape(ShapeContext& c);

}  // namespace mx::linalg
